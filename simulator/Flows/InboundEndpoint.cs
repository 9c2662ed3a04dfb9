namespace Outdial.Simulator;

/// <summary><c>POST /simulator/inbound</c>: a person calls one of the account's own numbers, and the number's flow is run.</summary>
public static class InboundEndpoint
{
    /// <param name="From">The person's number, in any form the provider reads.</param>
    /// <param name="To">An own number.</param>
    public sealed record Inbound(string From, string To);

    public static void MapInbound(this IEndpointRouteBuilder control) => control.MapPost("/inbound", Take);

    private static IResult Take(Inbound body, ExoPhones own, FlowBook flows, Switchboard switchboard)
    {
        if (!PhoneNumbers.TryRead(body.From, out var from))
            return FlowEndpoints.Wrong($"from is '{body.From}'; it must be like 09825012345 or +919825012345.");
        if (own.ByNumber(body.To) is not { } to)
            return FlowEndpoints.Wrong($"to is '{body.To}', which is none of the account's own numbers; see /simulator/exophones.");
        if (flows.OfNumber(to.Number) is not { } flow)
            return TypedResults.Problem(
                "The number has no flow; PUT /simulator/exophones/{number}/flow gives it one.", statusCode: StatusCodes.Status409Conflict);
        return switchboard.Receive(from, to, flow) is { } call
            ? TypedResults.Ok(new { sid = call.Sid, flowId = flow.Id })
            : TypedResults.Problem("The person is on another call.", statusCode: StatusCodes.Status409Conflict);
    }
}
