using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Outdial.Testing;

namespace Outdial.Platform.Tests.Http;

/// <summary>How many streams there may be, and how long, where the process that serves them knows the keys itself.</summary>
public sealed class StreamTests
{
    private static readonly Guid Asha = Guid.Parse("0198c1a2-7b3c-7d4e-8f5a-6b7c8d9e0f1a"), Bela = Guid.Parse("0198c1a2-7b3c-7d4e-8f5a-6b7c8d9e0f1b");

    private readonly Channel<SseItem<string>> _events = Channel.CreateUnbounded<SseItem<string>>();

    [Fact]
    public async Task A_stream_ends_when_the_key_that_opened_it_does_and_others_go_on()
    {
        var store = new Store("a-key-that-ends-0123", "a-key-that-stays-0123");
        await using var service = await Start(store);
        using var ends = await Open(service, "/events", "a-key-that-ends-0123");
        using var stays = await Open(service, "/events", "a-key-that-stays-0123");
        using var reader = new StreamReader(await stays.Content.ReadAsStreamAsync());

        store.Forget("a-key-that-ends-0123");

        var ended = await ends.Content.ReadAsStringAsync().WaitAsync(Eventually.Patience, TimeProvider.System);   // read to its end
        Assert.Contains(": connected", ended);
        Assert.Equal(": connected", await reader.ReadLineAsync());
        _events.Writer.TryWrite(new("news"));
        Assert.Contains("data: \"news\"", new[] { await reader.ReadLineAsync(), await reader.ReadLineAsync(), await reader.ReadLineAsync() });
        Assert.Equal(HttpStatusCode.Unauthorized, (await Open(service, "/events", "a-key-that-ends-0123")).StatusCode);
    }

    [Fact]
    public async Task A_key_cannot_open_more_streams_than_it_may_and_is_told_how_many_that_are()
    {
        await using var service = await Start(new Store(), ("Streams:PerKey", "2"));
        var first = await Open(service, "/events", ServiceUnderTest.AdminKey);
        using var second = await Open(service, "/events", ServiceUnderTest.AdminKey);

        using var third = await Open(service, "/events", ServiceUnderTest.AdminKey);
        using var anothers = await Open(service, "/events", ServiceUnderTest.CrmKey);

        Assert.Equal((HttpStatusCode.TooManyRequests, HttpStatusCode.OK), (third.StatusCode, anothers.StatusCode));
        Assert.Equal("This key has 2 event streams open, and may have no more.", await Detail(third));
        Assert.Equal("5", third.Headers.GetValues("Retry-After").Single());
        first.Dispose();
        await Eventually.Async(async () => (await Open(service, "/events", ServiceUnderTest.AdminKey)).IsSuccessStatusCode);   // one has gone
    }

    [Fact]
    public async Task An_agent_has_no_more_streams_than_are_hers_whoever_opens_them()
    {
        await using var service = await Start(new Store(), ("Streams:PerAgent", "2"));
        using var first = await Open(service, $"/agents/{Asha}/stream", ServiceUnderTest.AdminKey);
        using var second = await Open(service, $"/agents/{Asha:N}/stream", ServiceUnderTest.CrmKey);

        using var third = await Open(service, $"/agents/{Asha:B}/stream", ServiceUnderTest.CrmKey);
        using var colleague = await Open(service, $"/agents/{Bela}/stream", ServiceUnderTest.CrmKey);

        Assert.Equal(
            (HttpStatusCode.OK, HttpStatusCode.TooManyRequests, HttpStatusCode.OK), (second.StatusCode, third.StatusCode, colleague.StatusCode));
        Assert.Equal($"Agent {Asha} has 2 event streams open, and may have no more.", await Detail(third));
    }

    private Task<ServiceUnderTest> Start(Store store, params (string Key, string Value)[] settings) => ServiceUnderTest.Start(
        builder =>
        {
            foreach (var (key, value) in settings)
                builder.Configuration[key] = value;
            builder.Services.AddSingleton<IApiKeyStore>(store);
        },
        app =>
        {
            app.MapGet("/events", () => Stream(null)).RequireAuthorization(ApiPolicies.Read);
            app.MapGet("/agents/{id:guid}/stream", (Guid id) => Stream(id)).RequireAuthorization(ApiPolicies.Read);
        });

    private IResult Stream(Guid? agent) => new EventStreamResult<string>(_events.Reader.ReadAllAsync(), TimeProvider.System, agent);

    private static async Task<HttpResponseMessage> Open(ServiceUnderTest service, string path, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("X-Api-Key", key);
        return await service.Plain.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private static async Task<string?> Detail(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString();

    /// <summary>Keys that can be taken away.</summary>
    private sealed class Store(params IEnumerable<string> keys) : IApiKeyStore
    {
        private readonly Lock _lock = new();
        private readonly HashSet<string> _good = [.. keys.Select(Hash)];

        public void Forget(string key)
        {
            lock (_lock)
                _good.Remove(Hash(key));
        }

        public ValueTask<ApiKeyHolder?> FindAsync(ReadOnlyMemory<byte> hash, CancellationToken cancel) =>
            ValueTask.FromResult(IsGood(hash) ? new ApiKeyHolder(Convert.ToHexString(hash.Span), ApiRoles.Crm) : null);

        public bool IsGood(ReadOnlyMemory<byte> hash)
        {
            lock (_lock)
                return _good.Contains(Convert.ToHexString(hash.Span));
        }

        private static string Hash(string key) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
    }
}
