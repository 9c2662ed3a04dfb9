using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Outdial.Providers.Tests.Exotel.Client;
using Outdial.Providers.Tests.PortaSwitch;
using Outdial.Providers.Tests.Wire;
using Outdial.Testing;

namespace Outdial.Providers.Tests.Http;

/// <summary>An account at either provider, a server that plays it, and the clock by which its requests wait.</summary>
internal sealed class Asked : IAsyncDisposable
{
    private static readonly OriginateRequest Call = new(
        Guid.Parse("0199aaaa-0000-7000-8000-000000000001"), "+919876530240", "+917314853246", "926", new Uri("https://calls.example.org/s"), TimeSpan.FromSeconds(25));

    private readonly IHost _host;
    private readonly bool _isExotel;
    private int _logins, _asked;

    /// <param name="answer">Given the number of the request, from 1. Log-ins are counted apart, and answered by <paramref name="login"/>.</param>
    public Asked(string provider, Func<int, Task<Answer>> answer, Func<int, Answer>? login = null, params (string Key, string? Value)[] settings)
    {
        Server = new WireServer((_, request) => request.Contains("/Session/login ", StringComparison.Ordinal)
            ? Task.FromResult(login?.Invoke(Interlocked.Increment(ref _logins)) ?? LoggedIn)
            : Noted(answer));
        _isExotel = provider == "exotel";
        _host = _isExotel
            ? FakeExotel.Client(Server.Address, Add, [.. settings.Select(setting => ("Accounts:default:" + setting.Key, setting.Value))])
            : FakePortaSwitch.NewClient(Server.Address, null, Add, settings);
        Account = _host.Services.GetRequiredService<ITelephonyProviders>().Get(_isExotel ? "default" : "porta");

        void Add(IServiceCollection services) => services.AddKeyedSingleton<TimeProvider>(ProviderHttp.Clock, Clock);
    }

    public Asked(string provider, Func<int, Answer> answer, params (string Key, string? Value)[] settings)
        : this(provider, count => Task.FromResult(answer(count)), null, settings)
    {
    }

    public static Answer LoggedIn { get; } = Answer.Of(200, """{"access_token": "good"}""");

    public WireServer Server { get; }

    public AwaitedClock Clock { get; } = new(new DateTimeOffset(2026, 1, 14, 12, 0, 0, TimeSpan.Zero));

    public ITelephonyProvider Account { get; }

    /// <summary>When each request came, log-ins apart, by the clock.</summary>
    public List<DateTimeOffset> At { get; } = [];

    public int Count => Volatile.Read(ref _asked);

    /// <summary>What the provider says to a call that it takes, to a read of that call, and to a list.</summary>
    public Answer Taken => Answer.Of(200, _isExotel
        ? """{"Call": {"Sid": "c-1", "Status": "in-progress"}}"""
        : """{"call": {"id": "c-1"}, "calls_list": [{"call": {"id": "c-1"}, "state": "ringing"}]}""");

    public Task<OriginateResult> RingAsync() => Account.OriginateAsync(Call, CancellationToken.None);

    public Task<CallRecord?> ReadAsync(bool repeated = true) => (repeated ? Account : Account.Unrepeated).GetCallAsync("c-1", CancellationToken.None);

    /// <summary>Turns the clock by little, again and again, until something has ended; and only while its next try waits for its time.</summary>
    public async Task<T> TurnUntilEndAsync<T>(Task<T> something)
    {
        await TurnUntilAsync(() => something.IsCompleted);
        return await something;
    }

    /// <inheritdoc cref="TurnUntilEndAsync"/>
    public async Task TurnUntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Eventually.Async(() => condition() || Clock.Delays > 0, what: "it has come about, or a try waits for its time");
            if (Clock.Delays > 0)
                Clock.Advance(TimeSpan.FromMilliseconds(250));
        }
    }

    private Task<Answer> Noted(Func<int, Task<Answer>> answer)
    {
        lock (At)
            At.Add(Clock.GetUtcNow());
        return answer(Interlocked.Increment(ref _asked));
    }

    public async ValueTask DisposeAsync()
    {
        _host.Dispose();
        await Server.DisposeAsync();
    }
}

/// <summary>The ways in which a provider fails, by name, so that a test's name tells them.</summary>
internal static class Failures
{
    public static Answer Of(string name) => name switch
    {
        "cut" => Answer.Cut,
        "cut amid" => Answer.CutAmid,
        "silent" => Answer.Silence,
        "307" => Answer.Of(307, "", "Location: /elsewhere\r\n"),
        "408" => Answer.Of(408, "", type: "text/html"),
        "429 and when" => Answer.Of(429, "{}", "Retry-After: 3\r\n"),
        "429" => Answer.Of(429),
        "500" => Answer.Of(500, "<html>oops</html>", type: "text/html"),
        "502" => Answer.Of(502, "<html>oops</html>", type: "text/html"),
        "503 and when" => Answer.Of(503, "", "Retry-After: 3\r\n"),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such failure."),
    };
}
