using Outdial.Contracts;
using Outdial.Platform;

namespace Outdial.Pacer.Pacing;

/// <summary>Everything that one decision may look at. Stored with the decision, so that it can be made again.</summary>
internal sealed record PacingSnapshot
{
    /// <summary>The campaign's mode.</summary>
    public required string Mode { get; init; }

    /// <summary>Now.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Since the last decision for this campaign; the pace is spread over time by it.</summary>
    public required double SecondsSinceLast { get; init; }

    /// <summary>Leads that wait, are due and have a known number, counted up to a bound.</summary>
    public required int LeadsDue { get; init; }

    /// <summary>False: the campaign never had a lead.</summary>
    public bool HasLeads { get; init; } = true;

    /// <summary>How many time zones the open leads live in.</summary>
    public required int Zones { get; init; }

    /// <summary>How many of them are within the calling window.</summary>
    public required int OpenZones { get; init; }

    /// <summary>The campaign's attempts that are not over.</summary>
    public required int CampaignOpen { get; init; }

    /// <summary>The account's attempts that are not over, and its agents' open lines.</summary>
    public required int AccountOpen { get; init; }

    /// <summary>How many may be open at the same time on the account.</summary>
    public required int AccountMaxOpen { get; init; }

    /// <summary>The account's budget, calls per minute.</summary>
    public required int AccountPerMinute { get; init; }

    /// <summary>What is left of the budget in the running 60 s, attempts that wait for a permit taken off.</summary>
    public required int AccountTokens { get; init; }

    /// <summary>Campaigns of the account that could dial now, this one included.</summary>
    public required int CampaignsSharing { get; init; }

    /// <summary>What this one asks of the account's budget; null: decided by a version in which all took the same.</summary>
    public BudgetClaim? Claim { get; init; }

    /// <summary>What the others ask; beyond <see cref="BudgetClaims.Most"/> in one.</summary>
    public IReadOnlyList<BudgetClaim> Others { get; init; } = [];

    /// <summary>The campaign's own limit; null: none.</summary>
    public required int? CampaignPerMinute { get; init; }

    /// <summary>Attempts the campaign wrote in the last 60 s.</summary>
    public required int CampaignLastMinute { get; init; }

    /// <summary>The completion-rate brake, in (0, 1].</summary>
    public required double RateFactor { get; init; }

    public required double? CompletionRate { get; init; }
    public required double? CompletionFloor { get; init; }

    /// <summary>The account is not dialed over until then; null: it is not blocked.</summary>
    public required DateTimeOffset? BlockedUntil { get; init; }

    /// <summary><c>Throttled</c> (for a moment) or <c>ProviderDown</c> (campaigns pause).</summary>
    public required string? BlockedCode { get; init; }

    public required string? BlockedReason { get; init; }

    /// <summary>Agents and answered calls of a power campaign; null in the other modes.</summary>
    public PowerFloor? Power { get; init; }

    /// <summary>Agents and offered leads of a campaign that dials over agents' lines; null in the other modes.</summary>
    public HopperFacts? Hopper { get; init; }
}

/// <summary>How many calls to place, or leads to offer, now, and why not more.</summary>
/// <param name="Code">A bounded word for counters.</param>
/// <param name="Reason">A sentence for people.</param>
internal sealed record PacingDecision(int Calls, string Code, string Reason);

/// <summary>
/// The pacing core: pure, no clock, no I/O. The same snapshot gives the same decision, today and when an engineer replays it.
/// </summary>
internal static class PacingCore
{
    /// <summary>A pulse that comes late makes up for at most this long, so that a stall does not end in a burst.</summary>
    private const double LongestCatchUp = 15;

    public static readonly PacingDecision NoLeads = new(0, "NoLeads", "the campaign has no leads yet: it dials as soon as some are added");

    public static PacingDecision Decide(PacingSnapshot now)
    {
        if (now.Hopper is { } hopper)
            return HopperRule.Decide(now, hopper);
        if (now.Power is { IsExcess: true } crowded)
            return PowerPacing.Excess(crowded);
        if (now.BlockedUntil is { } until && until > now.At)
            return new(0, now.BlockedCode ?? "ProviderDown", $"{now.BlockedReason}; not before {until:HH:mm:ss} UTC");
        if (now.Zones > 0 && now.OpenZones == 0)
            return new(0, "OutsideWindow", "no calling hour in any of the leads' time zones");
        if (!now.HasLeads)
            return NoLeads;
        if (now.LeadsDue == 0)
            return new(0, "NothingDue", now.CampaignOpen > 0 ? $"no lead is due; {Counted.Are(now.CampaignOpen, "call")} open" : "no lead is due");

        if (now.Power is { Free: 0 } busy)
            return PowerPacing.NobodyFree(busy);

        // A broadcast of 200 calls in the first second of a minute helps nobody: the minute's budget is spread over it. Single calls
        // were asked for one by one, each for now.
        var perMinute = PerMinute(now);
        var pace = Math.Max(1, (int)Math.Ceiling(perMinute / 60 * Math.Clamp(now.SecondsSinceLast, 0, LongestCatchUp)));
        Bound[] bounds =
        [
            .. now.Power is { } floor ? [PowerPacing.Bound(floor, now.LeadsDue)] : Array.Empty<Bound>(),
            new(now.LeadsDue, "LeadsDue", $"{Counted.Are(now.LeadsDue, "lead")} due"),
            .. now.Mode == CampaignModes.Triggered ? Array.Empty<Bound>()
                : [new(pace, Braked(now) ? "CompletionBrake" : "Pace", Pace(now, perMinute))],
            new(now.AccountTokens, "Budget",
                $"provider budget: {Math.Max(0, now.AccountTokens)} of {Counted.Of(now.AccountPerMinute, "request")} left in this minute"),
            new(now.AccountMaxOpen - now.AccountOpen, "Concurrency", $"{now.AccountOpen} of {Counted.Are(now.AccountMaxOpen, "concurrent call")} open"),
            new((int)(perMinute - now.CampaignLastMinute), Braked(now) ? "CompletionBrake" : "CampaignRate",
                $"{Counted.Of(now.CampaignLastMinute, "call")} in the last minute of {perMinute:0} allowed{Sharing(now)}"),
        ];
        var tightest = bounds.MinBy(b => b.Calls)!;
        var calls = Math.Max(0, tightest.Calls);
        return new(calls, tightest.Code, $"{calls} now: {tightest.Reason}");
    }

    /// <summary>The campaign's share of the account's budget, or its own limit if that is less, under the brake.</summary>
    private static double PerMinute(PacingSnapshot now) =>
        Math.Max(1, Math.Min(now.CampaignPerMinute ?? double.MaxValue, Share(now)) * now.RateFactor);

    /// <summary>Single calls were asked for one by one, each for now: lists wait for them, and not they for lists.</summary>
    private static double Share(PacingSnapshot now) => now is { Mode: CampaignModes.Triggered, Claim: not null } ? now.AccountPerMinute
        : Math.Max(1, now.Claim is { } claim
        ? Math.Floor(BudgetShares.Of(claim, now.Others, now.AccountPerMinute) + 1e-6)
        : now.AccountPerMinute / Math.Max(1, now.CampaignsSharing));

    private static bool Braked(PacingSnapshot now) => now.RateFactor < 1;

    private static string Pace(PacingSnapshot now, double perMinute) => Braked(now)
        ? $"completion rate {now.CompletionRate:P0} is under the floor of {now.CompletionFloor:P0}: slowed to {Counted.Of((long)perMinute, "call")} a minute"
            + Sharing(now)
        : $"spread over the minute at {Counted.Of((long)perMinute, "call")} a minute{Sharing(now)}";

    /// <summary>Who else dials over the account, and how much is whose; empty where that is not what limits the campaign.</summary>
    private static string Sharing(PacingSnapshot now)
    {
        const int Named = 3;
        if (now.Others.Count == 0 || now.Claim is not { } claim || now.CampaignPerMinute <= Share(now))
            return "";
        var count = now.CampaignsSharing - 1;
        var names = string.Join(", ", now.Others.Take(Named).Select(other => $"{other.Name} ({other.Weight:0.##})"));
        return $", its share of {now.AccountPerMinute} by weight {claim.Weight:0.##} beside {names}"
            + (count > Named ? $" and {count - Named} more" : "");
    }
}

/// <summary>One thing that bounds how many calls are placed; the tightest decides and is named.</summary>
internal sealed record Bound(int Calls, string Code, string Reason);
