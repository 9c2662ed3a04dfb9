using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Outdial.AgentRouter.Hopper;
using Outdial.AgentRouter.Tests.Nodes;
using Outdial.Contracts;

namespace Outdial.AgentRouter.Tests.Hopper;

[Collection("router processes")]
public sealed class ManyLinesTests(RouterProcesses routers)
{
    [Fact]
    public async Task Law_2_of_64_lines_that_ask_three_routers_at_once_no_two_get_the_same_lead_none_is_lost_and_the_order_is_kept()
    {
        const int lines = 64, rounds = 4;
        var node = routers.Node;
        var campaign = await node.ACampaign();
        var open = await Task.WhenAll(Enumerable.Range(1, lines).Select(async i => (await node.ALine(campaign, i)).At(routers.Three[i % 3])));
        // Fewer leads than questions: the last round finds the hopper empty.
        const int leads = lines * (rounds - 1) + lines / 2;
        await node.Offered(campaign, [.. Enumerable.Range(1, leads).Select(i => node.ALead(i, priority: leads - i))]);

        var given = new List<string>();
        var last = new ConcurrentDictionary<AgentLine, string>();
        for (var round = 0; round < rounds; round++)
        {
            var answers = await Task.WhenAll(open.Select(async line =>
            {
                var number = await line.Ask(last.GetValueOrDefault(line));
                if (number is not null)
                    last[line] = number;
                return number;
            }));
            var got = answers.OfType<string>().ToList();
            Assert.Equal(Math.Min(lines, leads - given.Count), got.Count);
            // By priority: what a round draws is exactly the best of what was left.
            Assert.Equal(Enumerable.Range(given.Count + 1, got.Count).Select(Floor.NumberOf), got.Order());
            given.AddRange(got);
        }

        Assert.Equal(leads, given.Distinct().Count());
        var rows = await node.Ask(db => db.Hopper.AsNoTracking().Where(h => h.CampaignId == campaign).ToListAsync());
        Assert.All(rows, row => Assert.NotEqual(HopperStates.Waiting, row.State));
        var dialed = Array.Empty<LeadDialed>();
        await node.Soon(_ =>
        {
            dialed = [.. node.Heard.Of<LeadDialed>().Where(d => d.CampaignId == campaign)];
            return Task.FromResult(dialed.Select(d => d.AttemptId).Distinct().Count() == leads);
        }, "each is told as dialed");
        Assert.Equal(leads, dialed.Select(d => d.EventId).Distinct().Count());
    }
}
