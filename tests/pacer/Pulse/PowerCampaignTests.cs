using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Outdial.Contracts;
using Outdial.Pacer.Calls;
using Outdial.Pacer.Pacing;
using Outdial.Pacer.Placing;
using Outdial.Pacer.Pulse;
using Outdial.Pacer.Tests.Nodes;
using Outdial.Platform;
using Outdial.Providers;
using Outdial.Testing;

namespace Outdial.Pacer.Tests.Pulse;

public sealed class PowerCampaignTests
{
    [Fact]
    public async Task Nothing_is_dialed_before_an_agent_is_free_and_then_the_ratio_decides()
    {
        await using var node = await PacerNode.Start();
        var campaign = await node.APowerCampaign(30);
        await node.Started(campaign);

        await node.Until(db => db.Pulses.AnyAsync(p => p.LastCode == "NoAgents"), "it says that nobody is signed in");
        await node.WithAgents(campaign, 3, AgentReach.Line);   // not reached by phone: not for these calls
        var heard = node.Clock.GetUtcNow();
        await node.Until(db => db.Decisions.AnyAsync(d => d.Code == "NoAgents" && d.At > heard), "nobody counts the lines' agents", TimeSpan.FromSeconds(5));
        await node.Agents(campaign, AgentStates.Paused, 2);
        await node.Until(db => db.Pulses.AnyAsync(p => p.LastCode == "NoFreeAgent"), "nobody is free");
        Assert.Empty(node.Provider.Originated);

        await node.Agents(campaign, AgentStates.Ready, 3);
        await node.Until(_ => Task.FromResult(node.Provider.Originated.Count == 6), "two calls for each of three agents");
        await node.Passes(TimeSpan.FromSeconds(30));

        Assert.Equal(6, node.Provider.Originated.Count);
        Assert.All(await node.Ask(db => db.Attempts.ToListAsync()), a => Assert.Equal(CampaignModes.Power, a.Mode));
        Assert.All(await node.Ask(db => db.Decisions.AsNoTracking().ToListAsync()), d =>
            Assert.Equal(new(d.Calls, d.Code, d.Reason), PacingCore.Decide(d.Snapshot)));
    }

    [Fact]
    public async Task Those_who_wait_and_those_under_way_are_counted_from_rows_and_take_their_agents()
    {
        await using var node = await PacerNode.Start();
        var (campaign, calls) = await node.PowerCalls(4, agents: 4, new { ratio = 1, dropLimit = 1 }, leads: 30);
        var now = node.Clock.GetUtcNow();

        await node.Heard(calls[0].Answered(now), CallStates.Answered);
        await node.Heard(calls[1].Queued(now), CallStates.Queued);
        await node.Heard(calls[2].Answered(now) with { AnsweredBy = "machine_end_beep" }, CallStates.Answered);
        await node.Heard(calls[3].Ended(Outcomes.NoAnswer, now), CallStates.Ended);
        await node.Until(_ => Task.FromResult(node.Provider.Originated.Count == 6), "the one who did not answer and the machine make room for two");

        var floor = await node.Ask(async db =>
            (await db.Decisions.AsNoTracking().Where(d => d.Calls > 0).OrderBy(d => d.Id).LastAsync()).Snapshot.Power!);
        Assert.Equal((2, 4), (floor.Waiting, floor.Free));
        Assert.Equal(2, floor.Drops.Answers);   // the machine is no person
    }

    [Fact]
    public async Task Where_the_provider_keeps_the_queue_each_unnamed_conversation_takes_an_agent_until_its_wrap_up_is_over()
    {
        await using var node = await PacerNode.Start();
        var (campaign, calls) = await node.PowerCalls(3, agents: 3, new { ratio = 1, dropLimit = 1, wrapUp = "00:00:30" });
        var at = node.Clock.GetUtcNow();
        await node.Heard(calls[0].Connected(at), CallStates.Connected);
        await node.Heard(calls[1].Connected(at, Guid.NewGuid()), CallStates.Connected);
        await node.Heard(calls[2].Connected(at), CallStates.Connected);
        await node.Heard(calls[2].Talked(at.AddSeconds(10)), CallStates.Ended);
        AccountSettings accounts = new(new ConfigurationBuilder().AddInMemoryCollection([new("Accounts:default:Provider", "portaswitch")]).Build());

        Task<PowerFloor> Count(AccountSettings settings, double seconds) => node.Ask(async db =>
            await new PowerFloors(db, settings, node.Services.GetRequiredService<IOptions<PacerOptions>>())
                .Count(await db.Campaigns.SingleAsync(), at.AddSeconds(seconds), CancellationToken.None));

        Assert.Equal((2, 1), await Count(accounts, 39) is var wrapping ? (wrapping.Unnamed, wrapping.Free) : default);
        Assert.Equal((1, 2), await Count(accounts, 41) is var free ? (free.Unnamed, free.Free) : default);
        Assert.Equal(3, (await Count(node.Services.GetRequiredService<AccountSettings>(), 39)).Free);   // at Exotel the router tells who is ready
    }

    [Theory, InlineData("exotel", "/status"), InlineData("portaswitch", "/events")]
    public async Task Each_provider_reports_to_the_kind_of_webhook_that_understands_it(string provider, string kind)
    {
        await using var node = await PacerNode.Start();
        AccountSettings accounts = new(new ConfigurationBuilder().AddInMemoryCollection([new("Accounts:default:Provider", provider)]).Build());

        var address = new CallbackAddress(node.Services.GetRequiredService<CallbackTokens>(), node.Services.GetRequiredService<CallbackEchoes>(),
            accounts, node.Clock).StatusOf(Guid.NewGuid(), "default", null);

        Assert.StartsWith($"/webhooks/{provider}/", address.AbsolutePath, StringComparison.Ordinal);
        Assert.EndsWith(kind, address.AbsolutePath, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Near_the_drop_limit_one_call_is_placed_for_each_free_agent()
    {
        await using var node = await PacerNode.Start();
        // no answers yet: the guard holds
        var (campaign, calls) = await node.PowerCalls(2, agents: 2, new { ratio = 3, dropLimit = 0.03 }, leads: 60);
        Assert.True(await node.Ask(db => db.Decisions.AnyAsync(d => d.Code == "DropGuard")));

        foreach (var call in calls)
            await node.Heard(call.Ended(Outcomes.NoAnswer, node.Clock.GetUtcNow()), CallStates.Ended);
        await node.Until(_ => Task.FromResult(node.Provider.Originated.Count == 4), "again one for each");

        var last = await node.Ask(db => db.Decisions.AsNoTracking().OrderBy(d => d.Id).LastAsync());
        Assert.Equal("DropGuard", last.Code);
        Assert.Contains("drop limit: 0 drops of 0 answers, next one breaks 3.0%", last.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_router_learns_whom_a_call_is_about_before_it_is_answered()
    {
        await using var node = await PacerNode.Start();
        var (campaign, calls) = await node.PowerCalls(1, agents: 1);

        await Eventually.Async(() => node.Router.All<CustomerCallPlaced>().Count == 1 && node.Router.All<AttemptStarted>().Count == 1);

        var placed = node.Router.All<CustomerCallPlaced>().Single();
        Assert.Equal((campaign, calls[0].Request.AttemptId, calls[0].Request.To), (placed.CampaignId, placed.Lead.AttemptId, placed.Lead.Number));
        Assert.Equal(CampaignModes.Power, node.Router.All<AttemptStarted>().Single().Mode);
    }

    [Fact]
    public async Task A_power_campaign_shows_its_queue_its_agents_its_drops_and_its_marks()
    {
        await using var node = await PacerNode.Start();
        var (campaign, calls) = await node.PowerCalls(4, agents: 2);
        var now = node.Clock.GetUtcNow();
        await node.Heard(calls[0].Answered(now), CallStates.Answered);
        await node.Heard(calls[1].Answered(now), CallStates.Answered);
        await node.Heard(calls[1].Connected(now.AddSeconds(1)), CallStates.Connected);
        await node.Heard(calls[2].Answered(now), CallStates.Answered);
        await node.Heard(calls[2].Ended(Outcomes.Abandoned, now.AddSeconds(9)), CallStates.Ended);

        using var view = JsonDocument.Parse(await node.Http.GetStringAsync($"/api/v1/campaigns/{campaign}"));
        var floor = view.RootElement.GetProperty("floor");

        Assert.Equal((1, 1, 2, 2), (floor.GetProperty("queued").GetInt32(), floor.GetProperty("connected").GetInt32(),
            floor.GetProperty("agentsReady").GetInt32(), floor.GetProperty("agentsSignedIn").GetInt32()));
        Assert.Equal((3, 1, 2, 0), (floor.GetProperty("answers").GetInt32(), floor.GetProperty("drops").GetInt32(),
            floor.GetProperty("highMark").GetInt32(), floor.GetProperty("lowMark").GetInt32()));
        Assert.Equal(1 / 3.0, floor.GetProperty("dropRate").GetDouble(), 3);
    }
}
