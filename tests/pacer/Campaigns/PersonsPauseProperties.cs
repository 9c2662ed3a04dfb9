using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Tests.Nodes;

namespace Outdial.Pacer.Tests.Campaigns;

/// <summary>A person's pause is never undone by an automatic resume, whatever else is said meanwhile.</summary>
public sealed class PersonsPauseProperties
{
    private static readonly string[] Automatic =
        [PauseReasons.QueueExcess, PauseReasons.ProviderDown, PauseReasons.LowCompletionRate, PauseReasons.NoAgents];

    [Theory, InlineData(1), InlineData(2)]
    public async Task Over_random_interleavings_only_a_person_ends_a_persons_pause(int seed)
    {
        var random = new Random(seed);
        await using var node = await PacerNode.Start();
        var campaign = await node.ACampaign();
        await node.WithLeads(campaign, 1);
        await node.Started(campaign);
        var pausedByPerson = false;

        for (var round = 0; round < 15; round++)
        {
            // People and automatisms speak at the same time; the people are answered, and so know the order among themselves.
            var automatic = Enumerable.Range(0, random.Next(0, 6)).Select(_ => Says(random, campaign, node.Clock.GetUtcNow())).ToArray();
            var ids = automatic.Select(_ => Guid.NewGuid()).ToArray();
            var told = automatic.Zip(ids, node.Publish).ToArray();
            if (random.Next(3) > 0)
            {
                pausedByPerson = random.Next(2) == 0;
                var answer = await node.Verb(campaign, pausedByPerson ? "pause" : "resume");
                Assert.True(answer.IsSuccessStatusCode, $"seed {seed}, round {round}: {await answer.Content.ReadAsStringAsync()}");
            }

            await Task.WhenAll(told);
            await node.Until(
                db => db.Database.SqlQuery<bool>($"select count(distinct message_id) = {ids.Length} as \"Value\" from inbox_messages where message_id = any({ids})").SingleAsync(),
                "every word is heard", TimeSpan.FromMilliseconds(10));

            var now = await node.Ask(db => db.Campaigns.AsNoTracking().SingleAsync());
            Assert.True(
                (now is { State: CampaignStates.Paused, PauseReason: PauseReasons.Person }) == pausedByPerson,
                $"seed {seed}, round {round}: {now.State} {now.PauseReason} after {JsonSerializer.Serialize<object[]>(automatic)}");
        }
    }

    private static object Says(Random random, Guid campaign, DateTimeOffset now)
    {
        var reason = Automatic[random.Next(Automatic.Length)];
        return random.Next(2) == 0
            ? new PauseCampaign { CampaignId = campaign, Reason = reason, Until = now.AddDays(1), By = "platform" }
            : new ResumeCampaign { CampaignId = campaign, Reason = reason, By = "platform" };
    }
}
