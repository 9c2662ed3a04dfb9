using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Outdial.Simulator.Tests;

/// <param name="Fields">Of the form, or of the query of a GET, in the order received.</param>
internal sealed record ReceivedRequest(
    string Method, string Path, string? ContentType, IReadOnlyList<KeyValuePair<string, string>> Fields, string Body)
{
    /// <summary>The header <c>Exotel-Version</c>; empty without one.</summary>
    public string Version { get; init; } = "";

    /// <summary>What the sender calls itself; a letter for each byte.</summary>
    public string UserAgent { get; init; } = "";

    /// <summary>How the body is packed; empty: it is not, else it is not read.</summary>
    public string Packed { get; init; } = "";

    public string RawQuery { get; init; } = "";

    public string? this[string field] => Fields.FirstOrDefault(f => f.Key == field).Value;
}

/// <summary>Stands where a client's webhooks would: keeps every request and answers as told.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<ReceivedRequest> _requests = new();
    private WebApplication _app = null!;

    public string Url => _app.Urls.First();
    public IReadOnlyList<ReceivedRequest> Requests => [.. _requests];

    /// <summary>The HTTP status of the answers.</summary>
    public Func<ReceivedRequest, int> Answer { get; set; } = _ => 200;

    /// <summary>What is waited for before an answer.</summary>
    public Func<ReceivedRequest, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>The body of the answers and its type; null for none.</summary>
    public Func<ReceivedRequest, (string Type, string Body)?> Body { get; set; } = _ => null;

    public static async Task<Receiver> Start()
    {
        var receiver = new Receiver();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.RequestHeaderEncodingSelector = _ => Encoding.Latin1);
        receiver._app = builder.Build();
        receiver._app.Run(receiver.Take);
        await receiver._app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task Take(HttpContext http)
    {
        var fields = new List<KeyValuePair<string, string>>();
        var body = "";
        var packed = http.Request.Headers.ContentEncoding.ToString();
        if (packed.Length > 0)
            await http.Request.Body.CopyToAsync(Stream.Null);
        else if (http.Request.HasFormContentType)
            fields.AddRange((await http.Request.ReadFormAsync()).Select(f => KeyValuePair.Create(f.Key, f.Value.ToString())));
        else if (HttpMethods.IsGet(http.Request.Method))
            fields.AddRange(http.Request.Query.Select(q => KeyValuePair.Create(q.Key, q.Value.ToString())));
        else
            body = await new StreamReader(http.Request.Body).ReadToEndAsync();
        var request = new ReceivedRequest(http.Request.Method, http.Request.Path, http.Request.ContentType, fields, body)
        {
            Version = http.Request.Headers["Exotel-Version"].ToString(),
            UserAgent = http.Request.Headers.UserAgent.ToString(),
            Packed = packed,
            RawQuery = http.Request.QueryString.Value ?? "",
        };
        _requests.Enqueue(request);
        await Before(request).WaitAsync(http.RequestAborted);
        http.Response.StatusCode = Answer(request);
        if (Body(request) is var (type, text))
        {
            http.Response.ContentType = type;
            await http.Response.WriteAsync(text);
        }
    }
}
