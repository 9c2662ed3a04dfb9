using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;

namespace Outdial.Simulator.PortaSwitch;

/// <summary><c>/rest/CallControl/…</c>: placing a call, ending one, listing those that are live.</summary>
public static class CallControlEndpoints
{
    /// <summary>Real time to wait for a receiver that is to get its event before the reply.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);

    public static void MapCallControl(this IEndpointRouteBuilder rest)
    {
        var control = rest.MapGroup("/CallControl");
        control.MapPost($"/{AdvancedCall.Method}", Originate).DisableAntiforgery();
        control.MapPost("/terminate_call", Terminate).DisableAntiforgery();
        control.MapPost("/get_sip_calls_list", List).DisableAntiforgery();
    }

    private static Task<IResult> Originate(
        HttpContext http, Sessions sessions, Exchange exchange, IOptions<SimulatorOptions> options, IOptions<PortaSwitchOptions> porta) =>
        Authorized(http, sessions, async body =>
        {
            var (request, fault) = AdvancedCall.Read(body, porta.Value);
            if (request is null)
            {
                exchange.Refuse(body, fault!);
                return fault!;
            }
            var placement = exchange.Originate(request);
            switch (placement.Trouble)
            {
                case Fault.CutConnection:
                    http.Abort();
                    return Results.Empty;
                case Fault.HungReply:
                    await ConnectEndpoint.Hang(http, options.Value.HungReply);
                    return Results.Empty;
                case Fault.CallbackBeforeReply:
                    await Task.WhenAny(placement.Call!.FirstCallback.Task, Task.Delay(LongestWait, TimeProvider.System, http.RequestAborted));
                    break;
            }
            return placement.Call is { } call
                ? TypedResults.Ok(new { call = new { id = call.Sid, tag = call.Tag }, tracking_id = call.TrackingId })
                : placement.Fault!;
        });

    private static Task<IResult> Terminate(HttpContext http, Sessions sessions, Exchange exchange) => Authorized(http, sessions, body =>
    {
        var call = body.Params["call"] as JsonObject;
        return Task.FromResult<IResult>(exchange.Terminate(PortaBody.Text(call, "id"), PortaBody.Text(call, "tag"))
            ? TypedResults.Ok(new { success = 1 })
            : PortaFault.Of("terminate_call", "call_not_found", "There is no such call."));
    });

    private static Task<IResult> List(
        HttpContext http, Sessions sessions, Exchange exchange, FaultPlan faults, IOptions<PortaSwitchOptions> porta, ListCounter lists) =>
        Authorized(http, sessions, body =>
        {
            var own = porta.Value;
            if (body.Text("i_customer") != own.CustomerId.ToString(CultureInfo.InvariantCulture))
                return Fault("customer_not_found", "There is no such customer.");
            if (!own.Notifications)
                return Fault("notifications_disabled", "API notifications are not switched on for this customer.");
            if (faults.Strikes(Outdial.Simulator.Fault.LookupError, "", lists.Next()))
            {
                faults.Count(Outdial.Simulator.Fault.LookupError);
                return Task.FromResult<IResult>(PortaFault.Internal);
            }
            return Task.FromResult<IResult>(TypedResults.Ok(new { calls_list = exchange.List(call => Legs(call, own)) }));

            static Task<IResult> Fault(string reason, string text) => Task.FromResult<IResult>(PortaFault.Of("get_sip_calls_list", reason, text));
        });

    /// <summary>The customer's leg and, while one rings or talks, the agent's: two entries of one call, as in the events.</summary>
    private static IEnumerable<JsonObject> Legs(PortaCall call, PortaSwitchOptions own)
    {
        yield return Leg(call, call.State, call.CreatedAt, call.AnsweredAt, null, own);
        if (call.Offer is { } offer)
            yield return Leg(call, call.ConnectedAt is null ? "ringing" : "connected", offer.At, call.ConnectedAt, offer.Agent.Extension, own);
    }

    private static JsonObject Leg(
        PortaCall call, string state, DateTimeOffset start, DateTimeOffset? connect, string? extension, PortaSwitchOptions own) => new()
        {
            ["call"] = new JsonObject { ["id"] = call.Sid, ["tag"] = call.Tag },
            ["tracking_id"] = call.TrackingId,
            ["state"] = state,
            ["type"] = "outgoing",
            ["is_external_call"] = extension is null,
            ["caller"] = new JsonObject { ["id"] = extension is null ? own.AutoAttendantId : CallEvent.Digits(call.Person) },
            ["callee"] = new JsonObject { ["id"] = extension ?? CallEvent.Digits(call.Person), ["huntgroup_id"] = extension is null ? null : own.QueueId },
            ["queue_info"] = state == "queued" ? new JsonObject { ["i_c_queue"] = own.QueueId } : null,
            ["start_time"] = PortaTime.Text(start),
            ["connect_time"] = PortaTime.Text(connect),
        };

    private static async Task<IResult> Authorized(HttpContext http, Sessions sessions, Func<PortaBody, Task<IResult>> answer)
    {
        var body = await PortaBody.Read(http.Request);
        var bearer = http.Request.Headers.Authorization.ToString() is var header
            && header.StartsWith("Bearer ", StringComparison.Ordinal) ? header[7..] : null;
        return !sessions.IsValid(bearer ?? body?.FormToken) ? PortaFault.AuthFailed
            : body is null ? PortaFault.NotUnderstood
            : await answer(body);
    }
}

/// <summary>Numbers the listings, so that each meets its own dice.</summary>
public sealed class ListCounter
{
    private int _count;

    public int Next() => Interlocked.Increment(ref _count);

    public void Reset() => Volatile.Write(ref _count, 0);
}
