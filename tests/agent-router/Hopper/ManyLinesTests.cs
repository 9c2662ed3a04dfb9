using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Outdial.AgentRouter.Hopper;
using Outdial.AgentRouter.Tests.Nodes;
using Outdial.Contracts;

namespace Outdial.AgentRouter.Tests.Hopper;

public sealed class ManyLinesTests
{
    [Fact]
    public async Task Law_2_of_64_lines_that_ask_three_routers_at_once_no_two_get_the_same_lead_none_is_lost_and_the_order_is_kept()
    {
        const int lines = 64, rounds = 4;
        await using var node = await RouterNode.Start();
        await using var second = await RouterNode.Start(node.Database, node.Clock);
        await using var third = await RouterNode.Start(node.Database, node.Clock);
        RouterNode[] routers = [node, second, third];
        var campaign = await node.ACampaign();
        var open = new List<AgentLine>();
        for (var i = 1; i <= lines; i++)
            open.Add((await node.ALine(campaign, i)).At(routers[i % 3]));
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
            node.Clock.Advance(TimeSpan.FromSeconds(2));
        }

        Assert.Equal(leads, given.Distinct().Count());
        var rows = await node.Ask(db => db.Hopper.AsNoTracking().ToListAsync());
        Assert.All(rows, row => Assert.NotEqual(HopperStates.Waiting, row.State));
        await node.Soon(_ => Task.FromResult(
            routers.SelectMany(r => r.Heard.Of<LeadDialed>()).Select(d => d.AttemptId).Distinct().Count() == leads), "each is told as dialed");
    }
}
