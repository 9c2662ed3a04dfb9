using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Outdial.AgentRouter.Calls.Inbound;
using Outdial.AgentRouter.Data;
using Outdial.AgentRouter.Hopper;
using Outdial.AgentRouter.Sessions;
using Outdial.AgentRouter.Tests.Nodes;
using Outdial.Contracts;

namespace Outdial.AgentRouter.Tests.Data;

/// <summary>What the database says of laws and states, and what the code says of them.</summary>
public sealed partial class LawsInSqlTests
{
    /// <summary>Called as functions they would be blind to indexes, and "for update" would not look at their conditions again.</summary>
    [Fact]
    public async Task The_planner_puts_the_text_of_the_laws_in_place_of_their_calls()
    {
        await using var node = await RouterNode.Start();
        var session = new Session { Id = Guid.CreateVersion7(), AgentName = "", Phone = "", Account = "", Reach = "", Campaigns = [], Skills = [] };
        var lead = new HopperLead
        {
            AttemptId = Guid.CreateVersion7(),
            Number = "",
            CallerId = "",
            Lead = "",
            State = "",
            DialUntil = DateTimeOffset.MaxValue
        };
        var now = DateTimeOffset.UnixEpoch;

        List<string> plans = await node.Ask(async db => new List<string>
        {
            await Plan(db, db.Hopper.NextFor(session, CampaignModes.Progressive, now)),
            await Plan(db, db.Sessions.WithLeadToShow(now)),
            await Plan(db, db.Sessions.WithLineToOpen(now)),
            await Plan(db, db.Campaigns.ThatMayDial(lead, now)),
            await Plan(db, db.Suppressions.Against("+919800000000", Purposes.Service)),
        });

        foreach (var plan in plans)
        {
            Assert.DoesNotContain("Function Scan", plan, StringComparison.Ordinal);
            Assert.DoesNotContain("waits_for_agent", plan, StringComparison.Ordinal);
            Assert.Contains("suppressions_pkey", plan, StringComparison.Ordinal);
        }
        Assert.Contains("Semi Join", plans[1], StringComparison.Ordinal);   // each waiting lead is looked at once, and not once for each free agent
    }

    [Theory]
    [InlineData("campaigns_state", typeof(CampaignStates)), InlineData("sessions_state", typeof(AgentStates)), InlineData("sessions_reach", typeof(AgentReach))]
    [InlineData("hopper_state", typeof(HopperStates)), InlineData("inbound_calls_state", typeof(InboundStates))]
    [InlineData("inbound_calls_outcome", typeof(InboundOutcomes))]
    public async Task The_database_takes_the_states_that_the_code_has_names_for_and_no_other(string constraint, Type names)
    {
        await using var node = await RouterNode.Start();

        var check = await node.Ask(db => db.Database
            .SqlQuery<string>($"select pg_get_constraintdef(oid) as \"Value\" from pg_constraint where conname = {constraint}").SingleAsync());

        Assert.Equal(Constants(names).Order(), Quoted().Matches(check).Select(match => match.Groups[1].Value).Order());
    }

    private static IEnumerable<string> Constants(Type names) =>
        names.GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral)
            .Select(field => (string)field.GetRawConstantValue()!);

    private static async Task<string> Plan(RouterDbContext db, IQueryable<object> query)
    {
        await db.Database.OpenConnectionAsync();
        await using var command = query.CreateDbCommand();
        command.CommandText = "set local enable_seqscan = off; explain " + command.CommandText;
        await using var transaction = await db.Database.BeginTransactionAsync();
        var lines = new List<string>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            lines.Add(reader.GetString(0));
        return string.Join('\n', lines);
    }

    [GeneratedRegex("'([^']+)'")]
    private static partial Regex Quoted();
}
