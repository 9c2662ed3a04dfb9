using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Outdial.EndToEnd.Tests.Standin;

/// <summary>
/// What Exotel publishes of its API and no more, written from its documentation alone: connecting a number to a flow, call details,
/// number metadata, and the StatusCallback with its four plain fields. It knows nothing of Outdial and shares no code with the
/// simulator. Every person does at once what the script says, the last word of it again and again.
/// </summary>
/// <param name="people">By number, E.164: the final statuses of the calls to it, in order.</param>
/// <param name="dnd">Numbers on the registry, E.164.</param>
internal sealed class ExotelStandin(IReadOnlyDictionary<string, string[]> people, IReadOnlySet<string> dnd) : IAsyncDisposable
{
    public const string Sid = "acme1", Key = "the-key", Token = "the-token";

    private const int RequestsPerMinute = 200;

    private static readonly TimeSpan s_india = TimeSpan.FromHours(5.5);

    private readonly ConcurrentDictionary<string, StandinCall> _calls = new();
    private readonly ConcurrentQueue<Task<HttpStatusCode>> _callbacks = new();
    private readonly Queue<DateTimeOffset> _admitted = new();
    private readonly HttpClient _client = new();
    private WebApplication? _app;

    /// <summary>Where its API is.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>All calls, in the order in which they were asked for.</summary>
    public IReadOnlyList<StandinCall> Calls => [.. _calls.Values.OrderBy(call => call.Order)];

    /// <summary>Requests for what is not published here, or that it had to refuse: path and status.</summary>
    public ConcurrentQueue<string> Refusals { get; } = new();

    /// <summary>Numbers whose metadata was asked for, as they were written in the path.</summary>
    public ConcurrentQueue<string> LookedUp { get; } = new();

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(AnswerAsync);
        await _app.StartAsync();
        Address = new Uri(_app.Urls.Single() + "/");
    }

    /// <summary>What our webhooks answered to every callback so far.</summary>
    public async Task<IReadOnlyList<HttpStatusCode>> CallbackAnswersAsync() => await Task.WhenAll(_callbacks);

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        _client.Dispose();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        var path = http.Request.Path.Value!;
        var asJson = path.EndsWith(".json", StringComparison.Ordinal);
        var (status, body) = await DecideAsync(http, asJson ? path[..^".json".Length] : path);
        if (status != HttpStatusCode.OK)
            Refusals.Enqueue($"{http.Request.Method} {path} {(int)status}");

        http.Response.StatusCode = (int)status;
        http.Response.ContentType = asJson ? "application/json" : "application/xml";
        await http.Response.WriteAsync(asJson ? body.ToJsonString() : new XElement("TwilioResponse", Elements(body)).ToString());
    }

    private async Task<(HttpStatusCode, JsonObject)> DecideAsync(HttpContext http, string path)
    {
        var expected = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Key}:{Token}"));
        if (http.Request.Headers.Authorization != expected)
            return Refused(HttpStatusCode.Unauthorized, "Authentication failed. Verify your API key and token.");
        if (!Admitted())
            return Refused(HttpStatusCode.TooManyRequests, $"Rate limit exceeded. Max {RequestsPerMinute} requests per minute.");

        const string account = $"/v1/Accounts/{Sid}/";
        if (http.Request.Method == "POST" && path == account + "Calls/connect")
            return Connect(await http.Request.ReadFormAsync());
        const string calls = account + "Calls/";
        if (http.Request.Method == "GET" && path.StartsWith(calls, StringComparison.Ordinal) && _calls.TryGetValue(path[calls.Length..], out var call))
            return (HttpStatusCode.OK, new JsonObject { ["Call"] = Document(call, http.Request.Query["details"] == "true") });
        if (http.Request.Method == "GET" && path.StartsWith(account + "Numbers/", StringComparison.Ordinal))
            return (HttpStatusCode.OK, new JsonObject { ["Numbers"] = Metadata(path[(account + "Numbers/").Length..]) });
        return Refused(HttpStatusCode.NotFound, "The requested resource was not found.");
    }

    private (HttpStatusCode, JsonObject) Connect(IFormCollection form)
    {
        foreach (var name in new[] { "From", "CallerId", "Url" })
        {
            if (form[name] == "")
                return Refused(HttpStatusCode.BadRequest, $"The '{name}' parameter is required.");
        }
        if (form["Url"] != $"http://my.exotel.com/{Sid}/exoml/start_voice/926")
            return Refused(HttpStatusCode.BadRequest, "The 'Url' parameter must be a flow of this account.");
        if (!people.TryGetValue(form["From"]!, out var script))
            return Refused(HttpStatusCode.BadRequest, "The 'From' parameter is not a valid number.");

        var before = _calls.Values.Count(call => call.From == form["From"]);
        var call = new StandinCall(
            _calls.Count, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), form["From"]!, form["CallerId"]!,
            script[Math.Min(before, script.Length - 1)], form["CustomField"]!, TimeProvider.System.GetUtcNow());
        _calls[call.Sid] = call;
        var answer = Document(call with { Status = "in-progress", IsOver = false }, details: false);
        if (Uri.TryCreate(form["StatusCallback"], UriKind.Absolute, out var callback))
            _callbacks.Enqueue(Task.Run(() => CallBackAsync(callback, call)));
        return (HttpStatusCode.OK, new JsonObject { ["Call"] = answer });
    }

    /// <summary>The four fields that are certain for a call to a flow, in the published order and the published default type.</summary>
    private async Task<HttpStatusCode> CallBackAsync(Uri address, StandinCall call)
    {
        using var form = new MultipartFormDataContent();
        List<(string Name, string Value)> fields = [("CallSid", call.Sid), ("Status", call.Status)];
        if (call.RecordingUrl is { } recording)
            fields.Add(("RecordingUrl", recording));
        fields.Add(("DateUpdated", Time(call.At)));
        foreach (var (name, value) in fields)
        {
            var part = new StringContent(value);
            part.Headers.ContentType = null;
            part.Headers.ContentDisposition = new ContentDispositionHeaderValue("form-data") { Name = $"\"{name}\"" };
            form.Add(part);
        }
        using var answer = await _client.PostAsync(address, form);
        return answer.StatusCode;
    }

    /// <summary>A call as connect and call details show it; what is not known is null in the one and filled in the other.</summary>
    private static JsonObject Document(StandinCall call, bool details)
    {
        var document = new JsonObject
        {
            ["Sid"] = call.Sid,
            ["ParentCallSid"] = null,
            ["DateCreated"] = Time(call.At),
            ["DateUpdated"] = Time(call.At),
            ["AccountSid"] = Sid,
            ["To"] = call.CallerId,
            ["From"] = National(call.From),
            ["PhoneNumberSid"] = National(call.CallerId),
            ["Status"] = call.Status,
            ["StartTime"] = Time(call.At),
            ["EndTime"] = call.IsOver ? Time(call.At) : null,
            ["Duration"] = call.IsOver ? "17" : null,
            ["Price"] = call.IsOver ? "1.500" : null,
            ["Direction"] = "outbound-api",
            ["AnsweredBy"] = call is { IsOver: true, Status: "completed" } ? "human" : null,
            ["ForwardedFrom"] = null,
            ["CallerName"] = null,
            ["Uri"] = $"/v1/Accounts/{Sid}/Calls.json/{call.Sid}",
            ["RecordingUrl"] = call.IsOver ? call.RecordingUrl : null,
        };
        if (details)
        {
            document["Details"] = new JsonObject
            {
                ["ConversationDuration"] = call.Status == "completed" ? 8 : 0,
                ["Leg1Status"] = call.Status,
                ["Leg2Status"] = null,
                ["Legs"] = new JsonArray(new JsonObject { ["Leg"] = new JsonObject { ["Id"] = "1", ["OnCallDuration"] = call.Status == "completed" ? 8 : 0 } }),
            };
        }
        return document;
    }

    private JsonObject Metadata(string number)
    {
        LookedUp.Enqueue(number);
        return new JsonObject
        {
            ["PhoneNumber"] = number,
            ["Circle"] = "GJ",
            ["CircleName"] = "Gujarat Telecom Circle (includes Daman & Diu, Dadra & Nagar Haveli)",
            ["Type"] = "Mobile",
            ["Operator"] = "R",
            ["OperatorName"] = "Reliance",
            ["DND"] = dnd.Any(barred => National(barred) == number) ? "Yes" : "No",
        };
    }

    private bool Admitted()
    {
        lock (_admitted)
        {
            var now = TimeProvider.System.GetUtcNow();
            while (_admitted.Count > 0 && now - _admitted.Peek() > TimeSpan.FromMinutes(1))
                _admitted.Dequeue();
            if (_admitted.Count >= RequestsPerMinute)
                return false;
            _admitted.Enqueue(now);
            return true;
        }
    }

    private static (HttpStatusCode, JsonObject) Refused(HttpStatusCode status, string message) =>
        (status, new JsonObject { ["RestException"] = new JsonObject { ["Status"] = (int)status, ["Message"] = message } });

    private static IEnumerable<XElement> Elements(JsonObject json) => json.Select(property => property.Value switch
    {
        JsonObject inner => new XElement(property.Key, Elements(inner)),
        JsonArray array => new XElement(property.Key, array.OfType<JsonObject>().SelectMany(Elements)),
        var value => new XElement(property.Key, value?.ToString()),
    });

    // As India writes its numbers, and at its time.
    private static string National(string e164) => "0" + e164[3..];

    private static string Time(DateTimeOffset at) => at.ToOffset(s_india).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}

/// <param name="From">Whose phone rang, E.164.</param>
/// <param name="Status">How it ended.</param>
/// <param name="At">When it was asked for; all of it happened at once.</param>
internal sealed record StandinCall(int Order, string Sid, string From, string CallerId, string Status, string CustomField, DateTimeOffset At)
{
    public bool IsOver { get; init; } = true;

    public string? RecordingUrl => Status == "completed" ? $"https://recordings.example/{Sid}.mp3" : null;
}
