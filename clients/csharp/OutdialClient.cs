using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Outdial.Client;

/// <summary>The HTTP API of an installation of Outdial. What it refuses is an <see cref="OutdialException"/>. Safe for concurrent use.</summary>
public partial class OutdialClient : IDisposable
{
    private readonly bool _isOwn;

    /// <param name="address">Of the gateway, or of a program that is all services: <c>https://outdial.example.org/</c>.</param>
    /// <param name="apiKey">Is sent with every request.</param>
    public OutdialClient(Uri address, string apiKey) : this(Own(address, apiKey)) => _isOwn = true;

    /// <summary>Ends what it opened by itself; an <see cref="HttpClient"/> that it was given goes on.</summary>
    public void Dispose()
    {
        if (_isOwn)
            _httpClient.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Every item of a list, page by page.</summary>
    /// <param name="ask">One page, from where the page before ended: <c>after => client.ListAgentsAsync(after: after)</c>.</param>
    public static async IAsyncEnumerable<T> AllAsync<T>(
        Func<string?, Task<OutdialResponse<List<T>>>> ask, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        string? after = null;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            var page = await ask(after).ConfigureAwait(false);
            foreach (var item in page.Result)
                yield return item;
            after = page.After;
        }
        while (after is not null);
    }

    /// <summary>Every item of a list that is in order of id, page by page.</summary>
    /// <param name="ask">One page: <c>after => client.ListCallsAsync(campaign: id, after: after)</c>.</param>
    public static IAsyncEnumerable<T> AllAsync<T>(Func<Guid?, Task<OutdialResponse<List<T>>>> ask, CancellationToken cancellationToken = default) =>
        AllAsync((string? after) => ask(after is null ? null : Guid.Parse(after)), cancellationToken);

    /// <summary>Every item of a list that is numbered, page by page.</summary>
    /// <param name="ask">One page: <c>after => client.ListLeadTrailAsync(lead, after: after)</c>.</param>
    public static IAsyncEnumerable<T> AllAsync<T>(Func<long?, Task<OutdialResponse<List<T>>>> ask, CancellationToken cancellationToken = default) =>
        AllAsync((string? after) => ask(after is null ? null : long.Parse(after, CultureInfo.InvariantCulture)), cancellationToken);

    /// <summary>
    /// The events of a stream, as they come, until its end; of one that was opened with <c>StreamEventsAsync</c> or <c>StreamAgentAsync</c>.
    /// </summary>
    /// <typeparam name="T">What the description says is the data of an event.</typeparam>
    public static async IAsyncEnumerable<SseItem<T>> EventsAsync<T>(
        FileResponse stream, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var item in SseParser.Create(stream.Stream, (_, data) =>
            data.Length == 0 ? default : JsonSerializer.Deserialize<T>(data, Settings))
            .EnumerateAsync(cancellationToken).ConfigureAwait(false))
        {
            if (item.Data is not null)
                yield return new(item.Data, item.EventType) { EventId = item.EventId };
        }
    }

    private static HttpClient Own(Uri address, string apiKey)
    {
        ArgumentNullException.ThrowIfNull(address);
#pragma warning disable RS0030 // one for the life of the client; a program with a factory gives one of its own
        var http = new HttpClient { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
#pragma warning restore RS0030
        http.DefaultRequestHeaders.Add("X-Api-Key", apiKey);
        return http;
    }

    private static JsonSerializerOptions Settings => _settings.Value;

    // What is not said is left out: the server's default holds.
    static partial void UpdateJsonSerializerSettings(JsonSerializerOptions settings) =>
        settings.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
}
