using System.Text.Json;

namespace Outdial.Simulator;

/// <summary>
/// The simulator's own controls, under <c>/simulator</c>. They ask for no credentials: the simulator is a tool for
/// loopback and belongs on no public address.
/// </summary>
public static class ControlEndpoints
{
    /// <param name="PassthruUrl">Empty text removes it; null leaves it.</param>
    /// <param name="HeartbeatUrl">Empty text removes it; null leaves it.</param>
    public sealed record FlowChange(string? PassthruUrl, string? HeartbeatUrl);

    /// <param name="Outgoing"><c>active</c> or <c>major_outage</c>.</param>
    public sealed record HealthChange(string Outgoing);

    public sealed record LimitChange(int RequestsPerMinute);

    public static void MapControls(this IEndpointRouteBuilder control)
    {
        control.MapGet("/faults", (FaultPlan faults) => TypedResults.Ok(faults.Rates.ByName));
        control.MapPut("/faults", PutFaults);
        control.MapGet("/flow", (FlowSettings flow) => TypedResults.Ok(flow));
        control.MapPut("/flow", PutFlow);
        control.MapPut("/limit", PutLimit);
        control.MapGet("/exophones", (ExoPhones own) => TypedResults.Ok(own.All));
        control.MapPut("/exophones/{key}/health", PutHealth);
        control.MapGet("/clock", (TimeProvider clock) =>
            TypedResults.Ok(
                new { now = clock.GetUtcNow(), india = IndianTime.Text(clock.GetUtcNow()), speed = (clock as AcceleratedClock)?.Speed ?? 1 }));
    }

    /// <summary>Body <c>{"preset": "some", "drop": 0.5}</c>: a preset (none when absent) and single rates over it.</summary>
    private static IResult PutFaults(Dictionary<string, JsonElement> body, FaultPlan faults)
    {
        var preset = body.TryGetValue("preset", out var named) ? named.ToString() : null;
        var single = body.Where(b => b.Key != "preset").Select(b => KeyValuePair.Create(b.Key, (string?)b.Value.ToString()));
        if (!FaultRates.TryRead(preset, single, out var rates, out var problem))
            return TypedResults.Problem(problem, statusCode: StatusCodes.Status400BadRequest);
        faults.Rates = rates;
        return TypedResults.Ok(rates.ByName);
    }

    private static IResult PutFlow(FlowChange body, FlowSettings flow)
    {
        foreach (var url in (string?[])[body.PassthruUrl, body.HeartbeatUrl])
            if (!string.IsNullOrEmpty(url) && (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https")))
                return TypedResults.Problem("passthruUrl and heartbeatUrl must be http or https URLs, or empty.", statusCode: StatusCodes.Status400BadRequest);
        flow.PassthruUrl = body.PassthruUrl is null ? flow.PassthruUrl : body.PassthruUrl.Length == 0 ? null : body.PassthruUrl;
        flow.HeartbeatUrl = body.HeartbeatUrl is null ? flow.HeartbeatUrl : body.HeartbeatUrl.Length == 0 ? null : body.HeartbeatUrl;
        return TypedResults.Ok(flow);
    }

    private static IResult PutLimit(LimitChange body, RateWindows windows)
    {
        if (body.RequestsPerMinute < 1)
            return TypedResults.Problem("requestsPerMinute must be 1 or more.", statusCode: StatusCodes.Status400BadRequest);
        windows.Limit = body.RequestsPerMinute;
        return TypedResults.Ok(body);
    }

    private static IResult PutHealth(string key, HealthChange body, ExoPhones own)
    {
        if (own.Find(key) is not { } phone)
            return TypedResults.NotFound();
        if (body.Outgoing is not (ExoPhones.Active or ExoPhones.MajorOutage))
            return TypedResults.Problem("outgoing must be active or major_outage.", statusCode: StatusCodes.Status400BadRequest);
        own.SetOutgoingStatus(phone, body.Outgoing);
        return TypedResults.Ok(body);
    }
}
