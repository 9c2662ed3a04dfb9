using System.Text.Json.Serialization;
using Outdial.Contracts;
using Outdial.Pacer.CallingHours;

namespace Outdial.Pacer.Campaigns;

/// <summary>What a campaign may do to whom and when. Stored whole with the campaign.</summary>
internal sealed record CampaignRules
{
    /// <summary>IANA zone of leads that bring none of their own.</summary>
    public string TimeZone { get; init; } = "Asia/Kolkata";

    /// <summary>
    /// Whether whoever made it named the zone, and with it a country; false: it is the account's. Null: made when that was not kept.
    /// </summary>
    public bool? TimeZoneNamed { get; init; }

    /// <summary>When people may be called, in their own zone.</summary>
    public CallingWindow Window { get; init; } = CallingWindow.Default;

    /// <summary>No call is placed from then on; what is left is canceled.</summary>
    public DateTimeOffset? EndsAt { get; init; }

    /// <summary>Goes on when nothing is left to dial, for leads that come later; a person or its end date ends it.</summary>
    public bool KeepOpen { get; init; }

    /// <summary>Tries per lead in this campaign.</summary>
    public int MaxAttempts { get; init; } = 4;

    /// <summary>Tries per person and local calendar day, counted over all campaigns.</summary>
    public int MaxAttemptsPerDay { get; init; } = 3;

    /// <summary>Between two calls to one person, over all campaigns.</summary>
    public TimeSpan MinimumGap { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>By outcome; an outcome that is not named is not tried again.</summary>
    public IReadOnlyDictionary<string, RedialRule> Redial { get; init; } = DefaultRedial;

    /// <summary>This campaign's own limit, calls per minute; null: only the account's.</summary>
    public int? CallsPerMinute { get; init; }

    /// <summary>
    /// Of the account's budget that several campaigns want it gets so many parts, where another of weight 1 gets one. What one cannot use flows on.
    /// </summary>
    public double Weight { get; init; } = 1;

    /// <summary>Whichever campaign of the account has a higher one is served first, and the others get what it leaves.</summary>
    public int Priority { get; init; }

    /// <summary>How long a phone may ring. Providers cap it (Exotel: 60 s).</summary>
    public TimeSpan RingTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a call may last; null: the provider's limit.</summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>
    /// A person who stayed on the call for less was not reached: the call ends Abandoned. In campaigns without agents; zero: whoever picked up was.
    /// </summary>
    public TimeSpan ReachedAfter { get; init; }

    public CompletionWatch Completion { get; init; } = new();

    /// <summary>Only these numbers of ours, E.164; null: any that the purpose allows.</summary>
    public IReadOnlyList<string>? CallerIds { get; init; }

    /// <summary>What the lead hears, as the provider names it; null: the account's flow.</summary>
    public string? Flow { get; init; }

    /// <summary>Keys by which a lead asks never to be called again; null: none.</summary>
    public string? OptOutDigits { get; init; }

    /// <summary><c>respect</c>: numbers on the do-not-disturb registry are not called. <c>consented</c>: the uploader holds their consent.</summary>
    public string Dnd { get; init; } = "respect";

    /// <summary>What happens when the registry's answer is not to be had: <c>dial</c> or <c>hold</c>.</summary>
    public string DndUnknown { get; init; } = "hold";

    /// <summary>How it works with its agents; null for modes without agents.</summary>
    public AgentRules? Agents { get; init; }

    /// <summary>
    /// A person who answered any campaign's call and reached no agent is not called for so long: the delay of the rule for Abandoned,
    /// also where that rule allows no redial.
    /// </summary>
    [JsonIgnore]
    public TimeSpan CoolDown => (Redial.GetValueOrDefault(Outcomes.Abandoned) ?? DefaultRedial[Outcomes.Abandoned]).After;

    /// <summary>
    /// The same with no duration longer than can be added to an instant: earlier versions took any, and what they stored must not stop a pulse.
    /// </summary>
    internal CampaignRules Bounded() =>
        Durations.IsGood(MinimumGap) && Durations.IsGood(Completion.CoolOff) && Redial.Values.All(rule => Durations.IsGood(rule.After))
            ? this : this with
            {
                MinimumGap = MinimumGap.Bounded(),
                Completion = Completion with { CoolOff = Completion.CoolOff.Bounded() },
                Redial = Redial.ToDictionary(rule => rule.Key, rule => rule.Value with { After = rule.Value.After.Bounded() }),
            };

    public static IReadOnlyDictionary<string, RedialRule> DefaultRedial { get; } = new Dictionary<string, RedialRule>
    {
        [Outcomes.Busy] = new(TimeSpan.FromMinutes(5), 3),
        [Outcomes.NoAnswer] = new(TimeSpan.FromMinutes(30), 3),
        [Outcomes.Unreachable] = new(TimeSpan.FromHours(2), 2),
        [Outcomes.NetworkFailure] = new(TimeSpan.FromMinutes(2), 3),
        [Outcomes.ProviderError] = new(TimeSpan.FromMinutes(2), 3),
        [Outcomes.MachineAnswered] = new(TimeSpan.FromHours(4), 1),
        [Outcomes.Abandoned] = new(TimeSpan.FromHours(72), 1),
        [Outcomes.Canceled] = new(TimeSpan.FromMinutes(1), 10),
        [Outcomes.Unknown] = new(TimeSpan.FromHours(2), 1),
    };
}

/// <param name="After">Not again before this long after the call ended.</param>
/// <param name="Times">How often a lead is tried again after this outcome.</param>
internal sealed record RedialRule(TimeSpan After, int Times)
{
    /// <summary>Redials after this outcome only in these hours (evenings for those who did not answer at work); null: the campaign's.</summary>
    public CallingWindow? Within { get; init; }
}

/// <summary>What happens when too few calls complete.</summary>
internal sealed record CompletionWatch
{
    /// <summary>The share of the calls that should complete, 0 to 1; left out: it is not watched.</summary>
    public double? Floor { get; init; }

    /// <summary>Of the last so many calls, 10 to 10000; left out: 200.</summary>
    public int Window { get; init; } = 200;

    /// <summary><c>slow</c> (left out): dial slower, to a quarter at the least. <c>pause</c>: stop for the cool-off, then go on slowly.</summary>
    public string Action { get; init; } = "slow";

    /// <summary>How long it is paused, up to 366 days; left out: <c>00:15:00</c>.</summary>
    public TimeSpan CoolOff { get; init; } = TimeSpan.FromMinutes(15);
}
