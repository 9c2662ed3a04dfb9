using System.Globalization;
using Outdial.Platform;

namespace Outdial.Pacer.Campaigns;

/// <summary>What each of a campaign's limits means, in a sentence, one that is off above all: 0, 1 and null do not say it. Pure.</summary>
internal static class CampaignLimits
{
    /// <summary>By the name that the limit has in the rules.</summary>
    public static IReadOnlyDictionary<string, string> Of(CampaignRules rules)
    {
        Dictionary<string, string> limits = new()
        {
            ["callsPerMinute"] = rules.CallsPerMinute is { } calls
                ? $"{Counted.Of(calls, "call")} a minute at the most, within the account's budget" : "off: only the account's budget bounds it",
            ["completion.floor"] = rules.Completion is { Floor: > 0 and var floor } watch
                ? $"under {Percent(floor)} of the last {Counted.Of(watch.Window, "attempt")} completed it "
                    + (watch.Action == "pause" ? $"pauses for {watch.CoolOff:c}" : "dials slower")
                : "off: the completion rate is not acted upon",
            ["timeLimit"] = rules.TimeLimit is { } limit ? $"a call is ended after {limit:c}" : "off: a call lasts as long as the provider allows",
            ["endsAt"] = rules.EndsAt is { } end ? $"no call from {end:u} on" : "off: it has no end of its own",
        };
        if (rules.Agents is { } agents)
        {
            limits["agents.dropLimit"] = agents.DropLimit < 1
                ? $"at most {Percent(agents.DropLimit)} of the calls that a person answered may be dropped; near it one call is placed for each free agent"
                : "off: a share of 1 is never passed, and drops bound nothing";
        }
        else
        {
            limits["reachedAfter"] = rules.ReachedAfter > TimeSpan.Zero
                ? $"who stays on the call for less than {rules.ReachedAfter:c} was not reached" : "off: whoever picks up was reached";
        }
        return limits;
    }

    private static string Percent(double share) => (100 * share).ToString("0.##", CultureInfo.InvariantCulture) + " %";
}
