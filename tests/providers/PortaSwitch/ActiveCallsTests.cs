using Outdial.Contracts;

namespace Outdial.Providers.Tests.PortaSwitch;

public sealed class ActiveCallsTests
{
    private static async Task<FakePortaSwitch> Listing(string calls)
    {
        var porta = await FakePortaSwitch.StartAsync();
        porta.Answer = (context, _) => FakePortaSwitch.Json(context, 200, $$"""{"calls_list": [{{calls}}]}""");
        return porta;
    }

    [Theory]
    [InlineData("trying", CallStates.Dialing)]
    [InlineData("ringing", CallStates.Ringing)]
    [InlineData("early", CallStates.Ringing)]
    [InlineData("connected", CallStates.Answered)]
    [InlineData("queued", CallStates.Queued)]
    [InlineData("held", CallStates.Connected)]
    [InlineData("levitating", null)]
    public async Task A_listed_call_goes_on_and_has_its_stage(string state, string? stage)
    {
        await using var porta = await Listing($$"""{"call": {"id": "c-1"}, "state": "{{state}}", "callee_id": "919876530240"}""");

        var record = await porta.Account.GetCallAsync("c-1", default);

        Assert.Equal((null, false, stage, state, "+919876530240"), (record!.Outcome, record.OutcomeFromLedger, record.Stage, record.RawStatus, record.To));
        var asked = porta.Requests.Last();
        Assert.Equal(("CallControl/get_sip_calls_list", 42), (asked.Method, asked.Parameters.GetProperty("i_customer").GetInt32()));
    }

    [Fact]
    public async Task Of_several_legs_the_furthest_counts_and_an_entry_in_a_queue_waits()
    {
        await using var porta = await Listing("""
            {"call": {"id": "c-1"}, "state": "connected", "type": "incoming", "is_external_call": true},
            {"call": {"id": "c-1"}, "state": "connected", "type": "outgoing", "is_external_call": false},
            {"call": {"id": "c-2"}, "state": "connected", "queue_info": {"i_c_queue": 5}}
            """);

        Assert.Equal(CallStates.Connected, (await porta.Account.GetCallAsync("c-1", default))!.Stage);
        Assert.Equal(CallStates.Queued, (await porta.Account.GetCallAsync("c-2", default))!.Stage);
    }

    [Fact]
    public async Task A_call_that_is_not_listed_is_over_and_the_ledger_says_how()
    {
        await using var porta = await Listing("");

        var record = await porta.Account.GetCallAsync("c-1", default);

        Assert.True(record is { OutcomeFromLedger: true, Outcome: null, Stage: null, ProviderCallId: "c-1" });
    }

    [Fact]
    public async Task A_lost_call_is_found_by_its_number_while_it_goes_on()
    {
        await using var porta = await Listing("""
            {"call": {"id": "c-1"}, "state": "ringing", "callee": {"number": "sip:+919876530240@switch"}, "start_time": "2026-11-20 06:00:05"},
            {"call": {"id": "c-2"}, "state": "ringing", "callee_id": "919876530241"},
            {"call": {"id": "c-0"}, "state": "connected", "callee_id": 919876530240, "start_time": "2026-11-20 05:00:00"}
            """);
        var asked = new DateTimeOffset(2026, 11, 20, 6, 0, 0, TimeSpan.Zero);

        var found = await porta.Account.FindCallsAsync("+919876530240", asked.AddMinutes(-2), asked.AddMinutes(2), default);

        Assert.Equal("c-1", Assert.Single(found).ProviderCallId);
        Assert.Empty(await porta.Account.FindCallsAsync("+919876530249", asked, asked.AddMinutes(2), default));
    }

    [Fact]
    public async Task A_fault_is_no_answer_and_ends_no_call()
    {
        await using var porta = await FakePortaSwitch.StartAsync();
        porta.Answer = (context, _) => FakePortaSwitch.Fault(context, "Server.CallControl.get_sip_calls_list.notifications_disabled");

        var error = await Assert.ThrowsAsync<ProviderException>(() => porta.Account.GetCallAsync("c-1", default));

        Assert.Contains("API notifications", error.Message);
    }

    [Fact]
    public async Task A_session_that_ended_is_opened_again_for_a_list()
    {
        await using var porta = await Listing("");
        await porta.Account.GetCallAsync("c-1", default);
        porta.EndSession();

        Assert.NotNull(await porta.Account.GetCallAsync("c-1", default));
    }

    [Fact]
    public async Task It_has_no_metadata_of_numbers_no_details_and_no_numbers_of_ours_and_says_so()
    {
        await using var porta = await FakePortaSwitch.StartAsync();

        Assert.Null(await porta.Account.GetNumberAsync("+919876530240", default));
        Assert.Empty(await porta.Account.ListOwnNumbersAsync(default));
        Assert.False(porta.Account.HasNumberMetadata || porta.Account.HasCallDetails);
        Assert.Empty(porta.Requests);
    }
}
