using Microsoft.Extensions.DependencyInjection;
using Outdial.Providers.Tests.Wire;

namespace Outdial.Providers.Tests.PortaSwitch;

/// <summary>Each request byte by byte, as the provider's pages want it.</summary>
public sealed class RequestsOnTheWireTests
{
    private static readonly OriginateRequest Call = new(
        Guid.Parse("0199aaaa-0000-7000-8000-000000000001"), "+919876530240", "aa-7", "",
        new Uri("https://calls.example.org/webhooks/portaswitch/to~ken/events?a=b&c=d"), TimeSpan.FromSeconds(25));

    private static Answer Served(string request) => request.Split(' ')[1] switch
    {
        var path when path.EndsWith("/Session/login", StringComparison.Ordinal) => Answer.Of(200, """{"access_token": "access-1", "refresh_token": "refresh+1", "expires_at": "2026-11-20 06:00:30"}"""),
        var path when path.EndsWith("/Session/refresh_access_token", StringComparison.Ordinal) => Answer.Of(200, """{"access_token": "access-2", "expires_at": "2026-11-20 09:00:00"}"""),
        var path when path.EndsWith("/get_sip_calls_list", StringComparison.Ordinal) => Answer.Of(200, """{"calls_list": []}"""),
        _ => Answer.Of(200, """{"tracking_id": "tr-1"}"""),
    };

    private static async Task<IReadOnlyList<string>> Sent(string path, Func<ITelephonyProvider, Task> act, params (string, string?)[] settings)
    {
        await using var server = new WireServer((_, request) => Served(request));
        using var client = FakePortaSwitch.NewClient(server.Address + path, new StillClock(), settings);
        await act(client.Services.GetRequiredService<ITelephonyProviders>().Get("porta"));
        return server.Texts;
    }

    private sealed class StillClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 11, 20, 6, 0, 0, TimeSpan.Zero);
    }

    [Fact]
    public async Task A_call_is_asked_for_within_a_session_that_is_refreshed_when_it_is_about_to_end()
    {
        var sent = await Sent("", async account =>
        {
            await account.OriginateAsync(Call, default);
            await account.GetCallAsync("c-1", default);
        });

        WireText.Matches("portaswitch-session", sent);
    }

    [Fact]
    public async Task A_token_logs_in_at_an_address_with_a_path_and_what_is_configured_is_named_so()
    {
        var sent = await Sent(
            "switch/rest/", account => account.OriginateAsync(Call, default),
            ("Password", null), ("Token", "api/token+é"), ("NumberForm", "plus"), ("Fields:CallbackParameter", "event_url"), ("Fields:EventsParameter", ""));

        WireText.Matches("portaswitch-token", sent);
    }
}
