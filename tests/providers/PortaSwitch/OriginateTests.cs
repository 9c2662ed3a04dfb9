using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Outdial.Contracts;
using Outdial.LocalServers;

namespace Outdial.Providers.Tests.PortaSwitch;

public sealed class OriginateTests
{
    private static readonly OriginateRequest Call = new(
        Guid.Parse("0199aaaa-0000-7000-8000-000000000001"), "+919876530240", "aa-7", "", new Uri("https://calls.example.org/webhooks/portaswitch/token/events"), TimeSpan.FromSeconds(25));

    private static JsonElement Originated(FakePortaSwitch porta) =>
        Assert.Single(porta.Requests, request => request.Method == "CallControl/originate_advanced_call").Parameters;

    [Fact]
    public async Task The_request_carries_the_required_values_of_seed_S4_and_asks_for_every_event()
    {
        await using var porta = await FakePortaSwitch.StartAsync();

        Assert.Equal(new OriginateResult.Accepted("c-1", null), await porta.Account.OriginateAsync(Call, default));

        var sent = Originated(porta);
        Assert.Equal("""{"voicemail":"allow"}""", sent.GetProperty("caller_leg_receive_actions").GetRawText());
        Assert.Equal("919876530240", sent.GetProperty("callee_id").GetString());
        Assert.Equal(("aa-7", "aa-7"), (sent.GetProperty("bill_id").GetString(), sent.GetProperty("caller_id").GetString()));
        Assert.Equal(Call.StatusCallback.AbsoluteUri, sent.GetProperty("state_info_callback").GetString());
        Assert.Superset(
            new HashSet<string>(["trying", "ringing", "connected", "queued", "dequeued", "terminated", "held", "transferred"]),
            sent.GetProperty("state_info_events").EnumerateArray().Select(state => state.GetString()!).ToHashSet());
        Assert.Equal(6, sent.EnumerateObject().Count());
        Assert.Equal("Bearer access-1", porta.Requests.Last().Authorization);
    }

    [Fact]
    public async Task What_the_documents_leave_open_is_configured()
    {
        await using var porta = await FakePortaSwitch.StartAsync(
            ("NumberForm", "plus"), ("Fields:CallbackParameter", "event_url"), ("Fields:EventsParameter", ""), ("Fields:CallId", "call_info.sip_id"));
        porta.Answer = (context, _) => FakePortaSwitch.Json(context, 200, """{"call_info": {"sip_id": 77}}""");

        Assert.Equal(new OriginateResult.Accepted("77", null), await porta.Account.OriginateAsync(Call, default));

        var sent = Originated(porta);
        Assert.Equal("+919876530240", sent.GetProperty("callee_id").GetString());
        Assert.True(sent.TryGetProperty("event_url", out _));
        Assert.False(sent.TryGetProperty("state_info_events", out _) || sent.TryGetProperty("state_info_callback", out _));
    }

    [Theory]
    [InlineData("Server.CallControl.originate_advanced_call.invalid_callee_id", Outcomes.InvalidNumber, false, false)]
    [InlineData("Server.CallControl.originate_advanced_call.destination_barred", Outcomes.Barred, false, false)]
    [InlineData("Server.CallControl.originate_advanced_call.access_denied", Outcomes.ProviderError, true, true)]
    [InlineData("Server.CallControl.originate_advanced_call.insufficient_funds", Outcomes.ProviderError, true, true)]
    [InlineData("Server.CallControl.originate_advanced_call.rate_limit", Outcomes.ProviderError, true, false)]
    [InlineData("Client.CallControl.originate_advanced_call.something", Outcomes.ProviderError, false, false)]
    public async Task A_fault_whose_name_shows_a_refusal_says_whose_fault_it_is(string fault, string outcome, bool keepsTry, bool accountTrouble)
    {
        foreach (var status in (int[])[500, 200, 403])
        {
            await using var porta = await FakePortaSwitch.StartAsync();
            porta.Answer = (context, _) => FakePortaSwitch.Fault(context, fault, status);

            var refused = Assert.IsType<OriginateResult.Refused>(await porta.Account.OriginateAsync(Call, default));

            Assert.Equal((outcome, keepsTry, accountTrouble), (refused.Outcome, refused.LeadKeepsTry, refused.AccountTrouble));
            Originated(porta);
        }
    }

    [Theory]
    [InlineData(500, """{"faultcode": "Server.CallControl.originate_advanced_call.internal_error", "faultstring": "x"}""")]
    [InlineData(500, """{"faultcode": "Server.CallControl.originate_advanced_call.flux", "faultstring": "x"}""")]
    [InlineData(500, "")]
    [InlineData(502, "<html>bad gateway</html>")]
    [InlineData(504, "")]
    [InlineData(200, "")]
    [InlineData(200, "{}")]
    [InlineData(200, """{"call": {"id": null}}""")]
    [InlineData(200, """{"call": {"id": "c-""")]
    public async Task Law_1_an_answer_that_settles_nothing_is_uncertain_and_not_repeated(int status, string body)
    {
        await using var porta = await FakePortaSwitch.StartAsync();
        porta.Answer = (context, _) => FakePortaSwitch.Json(context, status, body);

        Assert.IsType<OriginateResult.Uncertain>(await porta.Account.OriginateAsync(Call, default));

        Originated(porta);
    }

    [Fact]
    public async Task Law_1_a_connection_cut_after_the_request_is_uncertain_and_not_repeated()
    {
        await using var porta = await FakePortaSwitch.StartAsync();
        porta.Answer = (context, _) =>
        {
            context.Abort();
            return Task.CompletedTask;
        };

        Assert.IsType<OriginateResult.Uncertain>(await porta.Account.OriginateAsync(Call, default));

        Originated(porta);
    }

    [Fact]
    public async Task Law_1_an_answer_that_never_comes_is_uncertain()
    {
        await using var porta = await FakePortaSwitch.StartAsync(("RequestTimeout", "00:00:01"));
        porta.Answer = (context, _) =>
            Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);

        Assert.IsType<OriginateResult.Uncertain>(await porta.Account.OriginateAsync(Call, default));

        Originated(porta);
    }

    [Fact]
    public async Task The_tracking_id_names_a_call_that_has_no_other_name()
    {
        await using var porta = await FakePortaSwitch.StartAsync();
        porta.Answer = (context, _) => FakePortaSwitch.Json(context, 200, """{"tracking_id": 9001}""");

        Assert.Equal(new OriginateResult.Accepted("9001", null), await porta.Account.OriginateAsync(Call, default));
    }

    [Fact]
    public async Task A_session_that_ended_is_opened_again_once_and_the_call_is_asked_for_again_because_it_was_turned_away()
    {
        await using var porta = await FakePortaSwitch.StartAsync();
        await porta.Account.OriginateAsync(Call, default);
        porta.EndSession();

        Assert.IsType<OriginateResult.Accepted>(await porta.Account.OriginateAsync(Call, default));

        Assert.Equal(
            ["Session/login", "CallControl/originate_advanced_call", "CallControl/originate_advanced_call", "Session/login", "CallControl/originate_advanced_call"], porta.Methods);
    }

    [Fact]
    public async Task A_session_that_is_refused_twice_is_trouble_of_the_account_and_asked_for_no_third_time()
    {
        await using var porta = await FakePortaSwitch.StartAsync();
        porta.Answer = (context, _) => FakePortaSwitch.Fault(context, "Server.Session.auth_failed");

        var refused = Assert.IsType<OriginateResult.Refused>(await porta.Account.OriginateAsync(Call, default));

        Assert.True(refused is { AccountTrouble: true, LeadKeepsTry: true });
        Assert.Equal(["Session/login", "CallControl/originate_advanced_call", "Session/login", "CallControl/originate_advanced_call"], porta.Methods);
    }

    [Fact]
    public async Task A_login_that_is_refused_is_trouble_of_the_account_and_places_nothing()
    {
        await using var porta = await FakePortaSwitch.StartAsync();
        porta.LoginRefused = true;

        var refused = Assert.IsType<OriginateResult.Refused>(await porta.Account.OriginateAsync(Call, default));

        Assert.True(refused is { AccountTrouble: true, LeadKeepsTry: true });
        Assert.Equal(["Session/login"], porta.Methods);
    }

    [Fact]
    public async Task A_switch_that_nobody_listens_for_refuses_and_the_lead_keeps_its_try()
    {
        using var client = FakePortaSwitch.NewClient($"http://127.0.0.1:{FreePort.Next()}/", null);

        var refused = Assert.IsType<OriginateResult.Refused>(
            await client.Services.GetRequiredService<ITelephonyProviders>().Get("porta").OriginateAsync(Call, default));

        Assert.True(refused is { LeadKeepsTry: true, AccountTrouble: false });
    }

    [Fact]
    public async Task A_number_that_is_not_E164_is_refused_without_a_request()
    {
        await using var porta = await FakePortaSwitch.StartAsync();

        Assert.Equal(
            Outcomes.InvalidNumber, Assert.IsType<OriginateResult.Refused>(await porta.Account.OriginateAsync(Call with { To = "9876530240" }, default)).Outcome);

        Assert.Empty(porta.Requests);
    }
}
