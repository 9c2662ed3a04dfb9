using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Agents;
using Outdial.Pacer.CallBacks;
using Outdial.Pacer.Calls;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Leads.Import;
using Outdial.Pacer.Tests.Nodes;

namespace Outdial.Pacer.Tests.Data;

public sealed partial class StateTests
{
    [Fact]
    public async Task The_schema_takes_the_states_that_the_code_knows_and_no_others()
    {
        await using var node = await PacerNode.Start();

        var checks = await node.Ask(db => db.Database.SqlQuery<Check>(
            $"""
            select conname as name, convalidated as holds_for_all, pg_get_constraintdef(oid) as text
            from pg_constraint where contype = 'c' and conname like '%\_state' and connamespace = 'public'::regnamespace
            """).ToDictionaryAsync(check => check.Name));

        Assert.Equivalent(new Dictionary<string, IEnumerable<string>>
        {
            ["campaigns_state"] = Constants(typeof(CampaignStates)),
            ["leads_state"] = Constants(typeof(LeadStates)),
            ["attempts_state"] = Constants(typeof(CallStates)).Append(Attempt.Submitting).Order(),
            ["imports_state"] = Constants(typeof(ImportStates)),
            ["agent_lines_state"] = Constants(typeof(AgentLineStates)),
            ["missed_calls_state"] = Constants(typeof(MissedCallStates)),
        }, checks.ToDictionary(check => check.Key, check => Words().Matches(check.Value.Text).Select(word => word.Groups[1].Value).Order()),
        strict: true);
        Assert.All(checks.Values, check => Assert.True(check.HoldsForAll, check.Name));
    }

    [Fact]
    public void Every_state_that_is_written_has_a_rank() =>
        Assert.All(Constants(typeof(CallStates)).Append(Attempt.Submitting), state => CallProgress.Rank(state));

    private static IEnumerable<string> Constants(Type states) => states.GetFields(BindingFlags.Public | BindingFlags.Static)
        .Where(field => field is { IsLiteral: true }).Select(field => (string)field.GetRawConstantValue()!).Order();

    [GeneratedRegex("'([^']+)'::text")]
    private static partial Regex Words();

    private sealed record Check(string Name, bool HoldsForAll, string Text);
}
