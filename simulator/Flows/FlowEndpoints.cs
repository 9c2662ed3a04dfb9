namespace Outdial.Simulator;

/// <summary>The controls of the flows: what a person would build in the provider's flow builder, and mischief on top.</summary>
public static class FlowEndpoints
{
    /// <param name="FlowId">null: calls to the number are not taken any more.</param>
    public sealed record FlowChoice(string? FlowId);

    public static void MapFlows(this IEndpointRouteBuilder control)
    {
        control.MapGet("/flows", (FlowBook flows) => TypedResults.Ok(flows.All));
        control.MapGet("/flows/{id}", (string id, FlowBook flows) => flows.Find(id) is { } flow ? Results.Ok(flow) : Results.NotFound());
        control.MapPut("/flows/{id}", Put);
        control.MapDelete("/flows/{id}", (string id, FlowBook flows) => flows.Remove(id) ? Results.NoContent() : Results.NotFound());
        control.MapGet("/flows/{id}/mischief", (string id, FlowBook flows) => TypedResults.Ok(flows.MischiefOf(id)));
        control.MapPut("/flows/{id}/mischief", PutMischief);
        control.MapPut("/exophones/{key}/flow", Assign);
        control.MapPost("/calls/{sid}/hang-up", (string sid, FlowFloor floor) => floor.HangUp(sid) ? Results.NoContent() : NotRunning());
    }

    public static IResult Wrong(string sentence) => TypedResults.Problem(sentence, statusCode: StatusCodes.Status400BadRequest);

    public static IResult NotRunning() =>
        TypedResults.Problem("There is no answered call in a flow that could be hung up.", statusCode: StatusCodes.Status409Conflict);

    private static IResult Put(string id, FlowDefinition body, FlowBook flows)
    {
        if (body.Problem() is { } problem)
            return Wrong(problem);
        var flow = body with { Id = id };
        flows.Put(flow);
        return TypedResults.Ok(flow);
    }

    private static IResult PutMischief(string id, IReadOnlyList<Mischief> body, FlowBook flows)
    {
        if (flows.Find(id) is null)
            return TypedResults.NotFound();
        foreach (var order in body)
            if (order.Problem() is { } problem)
                return Wrong(problem);
        flows.Order(id, body);
        return TypedResults.Ok(body);
    }

    private static IResult Assign(string key, FlowChoice body, ExoPhones own, FlowBook flows)
    {
        if (own.Find(key) is not { } phone)
            return TypedResults.NotFound();
        if (body.FlowId is { } id && flows.Find(id) is null)
            return Wrong($"flowId is '{id}', which is not configured; PUT /simulator/flows/{id} first.");
        flows.Assign(phone.Number, body.FlowId);
        return TypedResults.Ok(new { number = phone.Number, flowId = body.FlowId });
    }
}
