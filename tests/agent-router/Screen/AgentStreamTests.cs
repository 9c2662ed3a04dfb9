using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Outdial.AgentRouter.Sessions;
using Outdial.AgentRouter.Tests.Nodes;
using Outdial.Contracts;
using Outdial.Testing;

namespace Outdial.AgentRouter.Tests.Screen;

public sealed class AgentStreamTests
{
    [Fact]
    public async Task A_reader_that_is_cut_off_again_and_again_misses_nothing_and_sees_nothing_twice()
    {
        const int leads = 12;
        await using var node = await RouterNode.Start(settings: new Dictionary<string, string?>
        {
            ["Router:StreamInterval"] = "00:00:00.020",
            ["Streams:PerAgent"] = "1000",   // cut off oftener than a process notices
        });
        var campaign = await node.ACampaign();
        var line = await node.ALine(campaign);
        await node.Offered(campaign, [.. Enumerable.Range(1, leads).Select(i => node.ALead(i, leads - i))]);
        var seen = new List<long>();
        string? last = null;
        var work = Task.Run(async () =>
        {
            string? number = null;
            for (var i = 0; i < leads; i++)
            {
                number = await line.Ask(number);
                await node.Publish(line.Popup(PopupStages.Dial, number!));
                await node.Publish(line.Passthru(number, Outcomes.Busy));
                await line.Until(AgentStates.Ready);
                await node.Clock.Turn(TimeSpan.FromSeconds(2));
            }
            await node.Post($"agents/{line.AgentId}/sign-out");
        });

        var over = false;
        while (!over)
        {
            // A few events, then the connection is gone.
            await foreach (var item in Read(node, line.AgentId, last, most: 3))
            {
                last = item.EventId;
                var sequence = item.Data.GetProperty("sequence").GetInt64();
                Assert.Equal(item.EventId, sequence.ToString(System.Globalization.CultureInfo.InvariantCulture));
                if (seen.Count > 0 || item.EventType != "snapshot")
                    Assert.NotEqual("snapshot", item.EventType);
                seen.Add(sequence);
                over = item.EventType == "state" && item.Data.GetProperty("body").GetProperty("state").GetString() == AgentStates.Ended;
                if (over)
                    break;
            }
        }
        await work;

        Assert.Equal(Enumerable.Range(0, seen.Count).Select(i => seen[0] + i), seen);
        Assert.True(seen.Count > leads * 4, $"{seen.Count} events");
    }

    [Fact]
    public async Task The_snapshot_shows_the_lead_at_hand_with_all_that_is_known_of_the_person()
    {
        await using var node = await RouterNode.Start();
        var campaign = await node.ACampaign();
        var (line, lead) = await node.ADialingLine(campaign, node.ALead(1) with
        {
            ExternalId = "crm-7",
            CallBackNote = "asked for the afternoon",
            Earlier = [new() { At = node.Clock.GetUtcNow().AddDays(-1), Outcome = Outcomes.Completed, Disposition = "later", Note = "in a meeting" }],
        });

        var first = await First(node, line.AgentId);

        var body = first.Data.GetProperty("body");
        Assert.Equal(("snapshot", "Dialing"), (first.EventType, body.GetProperty("session").GetProperty("state").GetString()));
        var shown = body.GetProperty("lead");
        Assert.Equal((lead.AttemptId, "crm-7", "asked for the afternoon", "Lead 1", "in a meeting", "interested"), (
            shown.GetProperty("attemptId").GetGuid(), shown.GetProperty("externalId").GetString(), shown.GetProperty("callBackNote").GetString(),
            shown.GetProperty("attributes").GetProperty("name").GetString(), shown.GetProperty("earlier")[0].GetProperty("note").GetString(),
            shown.GetProperty("dispositions")[0].GetProperty("code").GetString()));
    }

    [Fact]
    public async Task A_disposition_is_checked_kept_told_and_ends_the_wrap_up_when_asked_to()
    {
        await using var node = await RouterNode.Start();
        var campaign = await node.ACampaign(c => c with { WrapUp = TimeSpan.FromMinutes(5) });
        var (line, lead) = await node.ADialingLine(campaign);
        await node.Publish(line.Passthru(lead.Number, Outcomes.Completed));
        await line.Until(AgentStates.WrapUp);
        Task<HttpResponseMessage> Say(object said) => node.Http.PostAsJsonAsync($"/api/v1/agents/{line.AgentId}/disposition", said);
        var tomorrow = node.Clock.GetUtcNow().AddDays(1);

        foreach (var wrong in new object[]
        {
            new { attemptId = lead.AttemptId, code = "sold" },
            new { attemptId = lead.AttemptId, code = "later" },
            new { attemptId = lead.AttemptId, code = "later", callBackAt = node.Clock.GetUtcNow().AddMinutes(-1) },
            new { attemptId = lead.AttemptId },
        })
            Assert.Equal(HttpStatusCode.BadRequest, (await Say(wrong)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Say(new { attemptId = Guid.NewGuid(), code = "interested" })).StatusCode);
        var said = await Say(new { attemptId = lead.AttemptId, code = "later", note = "after lunch", callBackAt = tomorrow, personal = true, ready = true });

        Assert.Equal(HttpStatusCode.OK, said.StatusCode);
        var told = await node.Hears<LeadDispositioned>(d => d.AttemptId == lead.AttemptId, "the disposition is told");
        Assert.Equal(("later", "after lunch", tomorrow, line.AgentId, lead.LeadId),
            (told.Code, told.Note, told.CallBackAt!.Value, told.CallBackAgentId!.Value, told.LeadId));
        Assert.Equal(AgentStates.Ready, (await line.Session()).State);
    }

    [Fact]
    public async Task A_call_back_cannot_be_promised_for_a_campaign_that_calls_nobody_any_more_and_the_agent_is_told()
    {
        await using var node = await RouterNode.Start();
        var campaign = await node.ACampaign();
        var (line, lead) = await node.ADialingLine(campaign);
        await node.Publish(line.Passthru(lead.Number, Outcomes.Completed));
        await line.Until(AgentStates.Ready);
        await node.ACampaign(c => c with { State = CampaignStates.Completed }, campaign, version: 2);
        Task<HttpResponseMessage> Say(object said) => node.Http.PostAsJsonAsync($"/api/v1/agents/{line.AgentId}/disposition", said);

        var refused = await Say(new { attemptId = lead.AttemptId, code = "later", callBackAt = node.Clock.GetUtcNow().AddDays(1) });
        var kept = await Say(new { attemptId = lead.AttemptId, code = "later", note = "wants a call" });

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.OK), (refused.StatusCode, kept.StatusCode));
        Assert.Contains("campaign 'Loans' is Completed", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task<SseItem<JsonElement>> First(RouterNode node, Guid agent)
    {
        await foreach (var item in Read(node, agent, null, 1))
            return item;
        throw new InvalidOperationException("The stream ended before its first event.");
    }

    private static async IAsyncEnumerable<SseItem<JsonElement>> Read(RouterNode node, Guid agent, string? last, int most)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/agents/{agent}/stream");
        if (last is not null)
            request.Headers.Add("Last-Event-ID", last);
        using var answer = await node.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        using var limit = new CancellationTokenSource(Eventually.Patience, TimeProvider.System);
        await using var stream = await answer.Content.ReadAsStreamAsync(limit.Token);
        await foreach (var item in SseParser.Create(stream, (_, data) => JsonDocument.Parse(data.ToArray()).RootElement).EnumerateAsync(limit.Token))
        {
            yield return item;
            if (--most == 0)
                yield break;
        }
    }
}
