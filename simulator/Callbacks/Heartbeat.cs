using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;

namespace Outdial.Simulator;

/// <summary>Posts the health of the account's own numbers at a fixed interval, where an address is set.</summary>
public sealed class Heartbeat(
    TimeProvider clock, IOptions<SimulatorOptions> options, FlowSettings flow, ExoPhones own, Postman postman) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.HeartbeatEvery, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                Beat();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;   // the process stops; there is nothing to finish
        }
    }

    private void Beat()
    {
        if (flow.HeartbeatUrl is not { Length: > 0 } url)
            return;
        var now = clock.GetUtcNow();
        var body = Body(now).ToJsonString();
        var record = new CallbackRecord("heartbeat", "heartbeat", now, now, 1, null);
        postman.Post(new Letter(
            "heartbeat", () => new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(body, Encoding.UTF8, "application/json") },
            record, null, Repeats: false));
    }

    private JsonObject Body(DateTimeOffset now)
    {
        var moment = IndianTime.Local(now).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
        var down = own.All.Where(p => own.OutgoingStatus(p) != ExoPhones.Active).ToList();
        var data = new JsonObject();
        foreach (var phone in down)
            data[phone.Sid] = new JsonObject
            {
                ["outgoing_call"] = new JsonObject { ["status"] = own.OutgoingStatus(phone), ["last_check_time"] = moment },
            };
        return new JsonObject
        {
            ["timestamp"] = moment,
            ["status_type"] = down.Count == 0 ? "OK" : down.Count == own.All.Count ? "CRITICAL" : "WARNING",
            ["incoming_affected"] = new JsonArray(),
            ["outgoing_affected"] = new JsonArray([.. down.Select(p => (JsonNode)p.Sid)]),
            ["data"] = data,
        };
    }
}
