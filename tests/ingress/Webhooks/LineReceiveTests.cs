using System.Net;
using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Ingress.Webhooks;
using Outdial.Testing;

namespace Outdial.Ingress.Tests.Webhooks;

/// <summary>Webhooks of agents' lines and inbound calls, from the address to the bus.</summary>
[Collection("ingress")]
public sealed class LineReceiveTests(SharedIngress shared)
{
    private readonly IngressService _ingress = shared.Service;
    private readonly string _call = Guid.NewGuid().ToString("N");

    private async Task Get(string kind, string query)
    {
        using var answer = await _ingress.Http.GetAsync(_ingress.Address(kind, null) + query);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private Task<List<Webhook>> Rows(string call) =>
        _ingress.WithDb(db => db.Webhooks.AsNoTracking().Where(row => row.CallId == call).OrderBy(row => row.Id).ToListAsync());

    /// <summary>The query of a printed GET, as in the seed, for a call of this test.</summary>
    private string Seed(string file, string printedCall)
    {
        var printed = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Seeds", file)).Trim();
        Assert.Contains(printedCall, printed);
        return printed[printed.IndexOf('?', StringComparison.Ordinal)..].Replace(" ", "%20", StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_incomplete_Passthru_of_seed_S3_arrives_whole_and_becomes_one_DialEnded()
    {
        const string call = "0e50bc001da69c238b55b56a0a1c157e";
        await Get("dialed", Seed("S3-passthru-incomplete.txt", call));

        await Eventually.Async(() => _ingress.Heard.OfCall(call).Count == 1);
        var ended = Assert.IsType<DialEnded>(Assert.Single(_ingress.Heard.OfCall(call)));
        Assert.Equal((Outcomes.NoAnswer, 1003, "RING_TIMEOUT", true), (ended.Outcome, ended.Cause, ended.CauseName, ended.FromHungUp));
        Assert.Equal((Dispositions.Translated, null), (Assert.Single(await Rows(call)).Disposition, (await Rows(call))[0].AttemptId));
    }

    [Fact]
    public async Task The_completed_Passthru_of_seed_S3_arrives_whole_and_becomes_one_DialEnded()
    {
        const string call = "3edd4e59486d063b46403496ad3e157e";
        await Get("dialed", Seed("S3-passthru-completed.txt", call));

        await Eventually.Async(() => _ingress.Heard.OfCall(call).Count == 1);
        var ended = Assert.IsType<DialEnded>(Assert.Single(_ingress.Heard.OfCall(call)));
        Assert.Equal((Outcomes.Completed, "+917995679243", TimeSpan.FromSeconds(31)), (ended.Outcome, ended.DialedNumber, ended.TalkTime));
    }

    [Fact]
    public async Task The_popups_of_one_call_its_Passthrus_and_its_end_are_handled_in_one_order()
    {
        var line = Guid.CreateVersion7();
        for (var lead = 0; lead < 3; lead++)
        {
            foreach (var stage in (string[])["%20Dial", "Answered", "Terminal"])
                await Get("popup", $"?CallSid={_call}&From=07709562799&DialWhomNumber=0799567924{lead}&Event%20Type={stage}");
            await Get("dialed", $"?CallSid={_call}&CallType=completed&DialWhomNumber=0799567924{lead}&CustomField={_ingress.Echo(line)}");
        }
        using var status = await _ingress.PostAsync("line", line, new StringContent($"CallSid={_call}&Status=completed"));

        await Eventually.Async(() => _ingress.Heard.OfCall(_call).Count == 13);
        var rows = await Rows(_call);
        Assert.Equal(["popup", "popup", "popup", "dialed", "popup", "popup", "popup", "dialed", "popup", "popup", "popup", "dialed", "line"], rows.Select(
            row => row.Kind));
        Assert.All(rows, row => Assert.Equal(Dispositions.Translated, row.Disposition));
        var keys = _ingress.Heard.Receipts.Where(receipt => rows.Any(row => row.Id == receipt.Id)).Select(receipt => receipt.OrderKey);
        await Eventually.Async(() => keys.Count() == 13);
        Assert.Single(keys.Distinct());
        Assert.Equal(line, Assert.IsType<LineEnded>(_ingress.Heard.OfCall(_call).Single(happened => happened is LineEnded)).LineId);
    }

    [Fact]
    public async Task A_lines_end_is_no_event_of_an_attempt_and_teaches_no_call()
    {
        var line = Guid.CreateVersion7();
        using var status = await _ingress.PostAsync("line", line, new StringContent($"CallSid={_call}&Status=no-answer"));

        await Eventually.Async(() => _ingress.Heard.OfCall(_call).Count == 1);
        Assert.Equal((line, Outcomes.NoAnswer),
            (Assert.IsType<LineEnded>(_ingress.Heard.OfCall(_call)[0]).LineId, ((LineEnded)_ingress.Heard.OfCall(_call)[0]).Outcome));
        Assert.False(await _ingress.WithDb(db => db.KnownCalls.AnyAsync(known => known.CallId == _call)));
        Assert.Empty(_ingress.Heard.Of(line));
    }

    [Fact]
    public async Task A_replayed_popup_keeps_its_id()
    {
        await Get("popup", $"?CallSid={_call}&EventType=Dial&DialWhomNumber=07995679243");
        await Eventually.Async(() => _ingress.Heard.OfCall(_call).Count == 1);

        var row = Assert.Single(await Rows(_call));
        using var replay = await _ingress.Api(HttpMethod.Post, $"/{row.Id}/replay", IngressService.AdminKey);

        await Eventually.Async(() => _ingress.Heard.OfCall(_call).Count == 2);
        Assert.Single(_ingress.Heard.OfCall(_call).Select(happened => happened.EventId).Distinct());
    }

    [Theory]
    [InlineData("events")]
    [InlineData("status")]
    public async Task An_event_of_PortaSwitch_finds_its_translator_and_its_attempt(string kind)
    {
        var attempt = Guid.CreateVersion7();
        var body = new StringContent("""
            {"call_info": {"tracking_id": "tr", "call": {"id": "c"}, "state": "terminated", "reason": "BYE Received", "reason_code": "487", "duration": 12}}
            """, System.Text.Encoding.UTF8, "application/json");
        using var answer = await _ingress.Http.PostAsync(_ingress.Address(kind, attempt, provider: "portaswitch", account: "porta"), body);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await Eventually.Async(() => _ingress.Heard.Of(attempt).Count == 1);
        Assert.True(Assert.IsType<CallTerminated>(_ingress.Heard.Of(attempt)[0]).Provisional);
    }

    [Fact]
    public async Task An_address_of_a_provider_that_we_never_gave_out_is_kept_and_quarantined()
    {
        var attempt = Guid.CreateVersion7();
        using var answer = await _ingress.Http.PostAsync(_ingress.Address("status", attempt, provider: "carrierpigeon"), new StringContent("CallSid=c&Status=busy"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await Eventually.Async(async () => (await _ingress.Rows(attempt)).Count == 1);
        Assert.Equal(Dispositions.Quarantined, (await _ingress.Rows(attempt))[0].Disposition);
        Assert.Empty(_ingress.Heard.Of(attempt));
    }
}
