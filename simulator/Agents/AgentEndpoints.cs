namespace Outdial.Simulator;

/// <summary>The controls of the simulated agents, and what each is doing now.</summary>
public static class AgentEndpoints
{
    /// <param name="State">
    /// <c>idle</c>; on an own line <c>ringing</c>, <c>asking</c>, <c>dialing</c>, <c>talking</c> or <c>holding</c>; called for a customer
    /// <c>ringing</c> or <c>talking</c>.
    /// </param>
    /// <param name="Line">The call that is the agent's own line; null when there is none.</param>
    /// <param name="Customer">Who is dialed or talked to, E.164; null for nobody.</param>
    /// <param name="Dialings">How many the line has dialed.</param>
    public sealed record AgentView(
        string Number, string State, string? Line, string? Call, string? Customer, DateTimeOffset? Since, int Dialings, AgentPhone Settings);

    public static void MapAgents(this IEndpointRouteBuilder control)
    {
        control.MapGet("/agents", (AgentRoster agents, Phones phones) => TypedResults.Ok(agents.All.Select(a => View(a, phones.UseOf(a.Number)))));
        control.MapPut("/agents", Put);
        control.MapDelete("/agents", (AgentRoster agents) =>
        {
            agents.Replace([]);
            return TypedResults.NoContent();
        });
        control.MapDelete("/agents/{number}", (string number, AgentRoster agents) =>
            PhoneNumbers.TryRead(number, out var e164) && agents.Remove(e164) ? Results.NoContent() : Results.NotFound());
        control.MapPost("/agents/{number}/hang-up", HangUp);
    }

    /// <summary>The list replaces the one before; calls under way go on.</summary>
    private static IResult Put(IReadOnlyList<AgentPhone> body, AgentRoster agents, ExoPhones own)
    {
        var read = new Dictionary<string, AgentPhone>();
        foreach (var agent in body)
        {
            if (agent.Problem() is { } problem)
                return FlowEndpoints.Wrong(problem);
            PhoneNumbers.TryRead(agent.Number, out var number);
            if (own.ByNumber(number) is not null)
                return FlowEndpoints.Wrong($"number '{agent.Number}' is one of the account's own numbers.");
            if (!read.TryAdd(number, agent with { Number = number }))
                return FlowEndpoints.Wrong($"number '{agent.Number}' appears twice.");
        }
        agents.Replace(read.Values);
        return TypedResults.Ok(agents.All);
    }

    private static IResult HangUp(string number, Phones phones, FlowFloor floor) =>
        PhoneNumbers.TryRead(number, out var e164) && phones.UseOf(e164) is { LegIndex: null } use && floor.HangUp(use.Call.Sid)
            ? TypedResults.NoContent()
            : FlowEndpoints.NotRunning();

    private static AgentView View(AgentPhone agent, Phones.Use? use)
    {
        if (use is null)
            return new AgentView(agent.Number, "idle", null, null, null, null, 0, agent);
        var (call, legs) = (use.Call, use.Call.Legs);
        if (use.LegIndex is { } index)
            return new AgentView(
                agent.Number, legs[index].AnsweredAt is null ? "ringing" : "talking", null, call.Sid, call.Person,
                legs[index].AnsweredAt ?? legs[index].DialedAt, 0, agent);
        var current = legs.Count > 0 && legs[^1].EndedAt is null ? legs[^1] : null;
        return new AgentView(
            agent.Number, call.Stage.ToString().ToLowerInvariant(), call.Sid, call.Sid, current?.Number,
            current?.AnsweredAt ?? current?.DialedAt ?? call.CreatedAt, legs.Count, agent);
    }
}
