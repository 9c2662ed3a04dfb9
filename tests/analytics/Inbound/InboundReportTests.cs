using System.Net.Http.Json;
using System.Text.Json;
using Outdial.Contracts;
using Outdial.Testing;

namespace Outdial.Analytics.Tests.Inbound;

public class InboundReportTests
{
    private static readonly Guid Campaign = Guid.NewGuid();

    [Fact]
    public async Task Calls_are_counted_once_by_number_and_an_answer_after_the_limit_is_not_in_time()
    {
        await using var app = await AnalyticsApp.StartAsync(("Analytics:Inbound:AnswerWithin", "00:00:10"));
        InboundCallEnded[] calls =
        [
            Call("+918040000001", "Completed", connectedAfter: 10), Call("+918040000001", "Completed", connectedAfter: 11),
            Call("+918040000001", "Missed"), Call("+918040000002", "Voicemail"),
        ];
        foreach (var call in calls.Concat(calls))
            await app.Bus.Publish(call);
        await app.Bus.Publish(Told.Campaign(Campaign));
        app.Clock.SetUtcNow(Told.Noon.AddHours(1));
        await Eventually.Async(() => app.Rows(db => Task.FromResult(db.InboundCalls.Count() == 4 && db.CampaignEvents.Any())));

        var ofTime = await app.Client.GetFromJsonAsync<JsonElement>("/api/v1/inbound/report?from=2026-01-14T12:00:00Z&to=2026-01-14T12:00:01Z");
        var ofCampaign = (await app.Client.GetFromJsonAsync<JsonElement>($"/api/v1/campaigns/{Campaign}/report")).GetProperty("inbound");
        var csv = await app.Client.GetStringAsync("/api/v1/inbound/report.csv");
        var earlier = await app.Client.GetFromJsonAsync<JsonElement>("/api/v1/inbound/report?from=2026-01-14T11:00:00Z&to=2026-01-14T12:00:00Z");

        Assert.Equal(ofCampaign.ToString(), ofTime.GetProperty("totals").ToString());
        Assert.Equal("4 2 1 1 1", Figures(ofCampaign));
        Assert.Equal(["3 2 1 1 0", "1 0 0 0 1"], ofTime.GetProperty("numbers").EnumerateArray().Select(Figures));
        Assert.Contains("+918040000001,3,2,1,1,0,0.3333,10.5,60,0,0\r\n", csv, StringComparison.Ordinal);
        Assert.Equal("0 0 0 0 0", Figures(earlier.GetProperty("totals")));
    }

    [Fact]
    public async Task Who_talked_to_somebody_not_known_or_to_the_fallback_is_neither_missed_nor_a_voicemail_and_the_talk_counts()
    {
        await using var app = await AnalyticsApp.StartAsync();
        foreach (var outcome in new[] { InboundOutcomes.Unidentified, InboundOutcomes.Fallback, InboundOutcomes.Missed })
            await app.Bus.Publish(Call("+918040000003", outcome, outcome == InboundOutcomes.Missed ? null : 5));
        await Eventually.Async(() => app.Rows(db => Task.FromResult(db.InboundCalls.Count() == 3)));
        app.Clock.SetUtcNow(Told.Noon.AddHours(1));

        var report = await app.Client.GetFromJsonAsync<JsonElement>("/api/v1/inbound/report?from=2026-01-14T12:00:00Z&to=2026-01-14T12:00:01Z");
        var totals = report.GetProperty("totals");
        var csv = await app.Client.GetStringAsync("/api/v1/inbound/report.csv");

        Assert.Equal("3 0 0 1 0", Figures(totals));
        Assert.Equal((1, 1), (totals.GetProperty("unidentified").GetInt32(), totals.GetProperty("fallback").GetInt32()));
        Assert.Equal("00:01:00", totals.GetProperty("talkTime").GetString());
        Assert.Contains("voicemail,serviceLevel,averageWaitSeconds,talkSeconds,unidentified,fallback\r\n", csv, StringComparison.Ordinal);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Law_11_a_call_that_did_not_end_as_was_told_first_is_counted_as_it_was_told_last(bool reordered)
    {
        await using var app = await AnalyticsApp.StartAsync();
        var missed = Call("+918040000004", InboundOutcomes.Missed);
        var answered = missed with
        {
            Outcome = InboundOutcomes.Completed,
            AgentId = Guid.NewGuid(),
            ConnectedAt = Told.Noon.AddSeconds(15),
            TalkTime = TimeSpan.FromSeconds(45),
            RecordingUrl = "https://recordings.example/a.mp3",
            Revision = 1,
        };
        InboundCallEnded[] told = reordered ? [answered, missed] : [missed, answered];

        foreach (var word in told)
        {
            await app.Bus.Publish(word);
            await Eventually.Async(() => app.Rows(db => Task.FromResult(db.InboundCalls.Any())));
        }
        await app.Bus.Publish(Call("+918040000005", InboundOutcomes.Voicemail));
        await Eventually.Async(() => app.Rows(db => Task.FromResult(db.InboundCalls.Count() == 2 && db.InboundCalls.Any(c => c.Revision == 1))));

        var row = await app.Rows(db => Task.FromResult(db.InboundCalls.Single(c => c.InboundId == missed.InboundId)));
        Assert.Equal(
            (InboundOutcomes.Completed, answered.AgentId, answered.ConnectedAt, TimeSpan.FromSeconds(45), answered.RecordingUrl),
            (row.Outcome, row.AgentId, row.ConnectedAt, row.TalkTime, row.RecordingUrl));
    }

    private static string Figures(JsonElement sums) => string.Join(' ',
        new[] { "calls", "answered", "answeredInTime", "missed", "voicemail" }.Select(name => sums.GetProperty(name).GetInt64()));

    private static InboundCallEnded Call(string did, string outcome, int? connectedAfter = null) => new()
    {
        EventId = Guid.NewGuid(),
        InboundId = Guid.NewGuid(),
        Account = "default",
        Did = did,
        Outcome = outcome,
        CampaignId = Campaign,
        StartedAt = Told.Noon,
        ConnectedAt = connectedAfter is { } seconds ? Told.Noon.AddSeconds(seconds) : null,
        TalkTime = connectedAfter is null ? null : TimeSpan.FromSeconds(30),
        OccurredAt = Told.Noon.AddMinutes(1),
    };
}
