using Outdial.Platform;

namespace Outdial.Pacer.Pacing;

/// <summary>What one decision about a hopper looks at beside the <see cref="PacingSnapshot"/>. Stored with it.</summary>
/// <param name="AtWork">Agents of the campaign who take leads now or when they are through with the one at hand.</param>
/// <param name="SignedIn">All whose session is open, those on a break included.</param>
/// <param name="PerAgent">Leads held ready for each agent at work, at least.</param>
/// <param name="Offered">Leads in the hopper.</param>
internal sealed record HopperFacts(int AtWork, int SignedIn, int PerAgent, int Offered)
{
    /// <summary>Of the agents at work, those of several campaigns counted in part for each; null: all are counted in full.</summary>
    public double? Share { get; init; }
}

/// <summary>
/// How many leads to offer. The hopper holds some leads for each agent at work, for one who serves several campaigns a part of them in each, and
/// not less than what the agents dialed in the last half minute: an agent whose leads do not pick up needs many. What is in it already is taken
/// off. Pure.
/// </summary>
internal static class HopperRule
{
    /// <summary>A pulse that comes late, or a pacer that restarts, must not leave an agent without a lead for so long.</summary>
    private const double MinutesAhead = 0.5;

    /// <summary>At most so many for each agent, however fast they dial: a lead in the hopper is looked at anew only when it comes back.</summary>
    private const int MostPerAgent = 10;

    public static PacingDecision Decide(PacingSnapshot now, HopperFacts hopper)
    {
        if (now.BlockedUntil is { } until && until > now.At && now.BlockedCode == Contracts.PauseReasons.ProviderDown)
            return new(0, now.BlockedCode, $"{now.BlockedReason}; not before {until:HH:mm:ss} UTC");
        if (now.Zones > 0 && now.OpenZones == 0)
            return new(0, "OutsideWindow", "no calling hour in any of the leads' time zones");
        if (!now.HasLeads)
            return PacingCore.NoLeads;
        if (hopper.AtWork == 0)
            return new(0, "NoAgents", hopper.SignedIn == 0 ? "no agent of the campaign is signed in"
                : $"{Agents(hopper.SignedIn)} signed in, all on a break");
        if (now.LeadsDue == 0)
            return new(0, "NothingDue", $"no lead is due; {hopper.Offered} in the hopper, {Counted.Are(now.CampaignOpen, "call")} open");

        var target = Target(hopper, now.CampaignLastMinute);
        var most = target - hopper.Offered;
        if (PerMinute(now) is { } limit && limit - now.CampaignLastMinute - hopper.Offered is var left && left < most)
            return new(Math.Clamp(left, 0, now.LeadsDue), "CampaignRate",
                $"{Counted.Of(now.CampaignLastMinute, "lead")} dialed in the last minute of {limit} allowed, {hopper.Offered} in the hopper");
        if (most <= 0)
            return new(0, "HopperFull", $"{hopper.Offered} in the hopper for {Agents(hopper.AtWork)}, which is enough");
        return now.LeadsDue < most
            ? new(now.LeadsDue, "LeadsDue", $"{now.LeadsDue} now: {Counted.Are(now.LeadsDue, "lead")} due")
            : new(most, "Hopper", $"{most} now: {hopper.Offered} of {target} in the hopper for {Agents(hopper.AtWork)}");
    }

    /// <summary>How many leads the hopper should hold.</summary>
    /// <param name="dialedLastMinute">Leads that the campaign's agents were given in the last 60 s.</param>
    public static int Target(HopperFacts hopper, int dialedLastMinute) => Math.Min(
        Math.Max((int)Math.Ceiling((hopper.Share ?? hopper.AtWork) * hopper.PerAgent), (int)Math.Ceiling(dialedLastMinute * MinutesAhead)),
        hopper.AtWork * Math.Max(hopper.PerAgent, MostPerAgent));

    /// <summary>The campaign's own limit under the brake; null: the agents alone set the pace.</summary>
    private static int? PerMinute(PacingSnapshot now) => (now.CampaignPerMinute, now.RateFactor) switch
    {
        (null, >= 1) => null,
        var (own, factor) => Math.Max(1, (int)((own ?? now.AccountPerMinute) * factor)),
    };

    private static string Agents(int count) => Counted.Of(count, "agent");
}
