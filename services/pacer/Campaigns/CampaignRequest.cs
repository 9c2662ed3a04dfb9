using System.ComponentModel.DataAnnotations;
using Outdial.Contracts;
using Outdial.Pacer.Accounts;
using Outdial.Pacer.CallingHours;
using Outdial.Pacer.Pacing;
using Outdial.Pacer.Placing;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.Pacer.Campaigns;

/// <summary>A campaign as people ask for it. What is left out takes the default of <see cref="CampaignRules"/>.</summary>
internal sealed record CampaignRequest
{
    /// <summary>What people call it, 1 to 200 characters.</summary>
    [Required, StringLength(200, MinimumLength = 1)]
    public string? Name { get; init; }

    /// <summary><c>notification</c> (left out), <c>progressive</c>, <c>preview</c> or <c>power</c>.</summary>
    [OneOf(typeof(CampaignRequest), nameof(Modes))]
    public string? Mode { get; init; }

    /// <summary>How it works with its agents, in the modes that have agents.</summary>
    public AgentRulesRequest? Agents { get; init; }

    /// <summary>What the calls are for; caps, opt-outs and hours of the law go by it.</summary>
    [Required, OneOf(typeof(Purposes))]
    public string? Purpose { get; init; }

    /// <summary>Name of a configured provider account; left out: <c>default</c>.</summary>
    public string? Account { get; init; }

    /// <summary>Left out: the account's.</summary>
    public string? TimeZone { get; init; }

    /// <summary>When people are called, in their own time zone; left out: 09:00 to 21:00 every day, or as much of it as the law allows.</summary>
    public CallingWindowForm? Window { get; init; }

    /// <summary>No call is placed from this instant on, and what is left is canceled; left out: no end.</summary>
    public DateTimeOffset? EndsAt { get; init; }

    /// <summary>
    /// True: it does not complete when nothing is left to dial, but waits for leads that come later (a CRM's trickle, missed callers) until a person
    /// or its end date ends it.
    /// </summary>
    public bool? KeepOpen { get; init; }

    /// <summary>Tries of each lead, 1 to 100; left out: 4.</summary>
    [Range(1, 100)]
    public int? MaxAttempts { get; init; }

    /// <summary>Tries of each person in a day of their own, over all campaigns, 1 to 24; left out: 3.</summary>
    [Range(1, 24)]
    public int? MaxAttemptsPerDay { get; init; }

    /// <summary>Between two calls to one person, over all campaigns; left out: <c>00:05:00</c>.</summary>
    public TimeSpan? MinimumGap { get; init; }

    /// <summary>By outcome; named outcomes replace the default, <c>times: 0</c> switches one off.</summary>
    public Dictionary<string, RedialRule>? Redial { get; init; }

    /// <summary>Calls a minute at most; left out: as many as the account allows.</summary>
    [Range(1, int.MaxValue)]
    public int? CallsPerMinute { get; init; }

    /// <summary>
    /// Of the account's budget that several campaigns want it gets so many parts, 0.01 to 100; left out: 1. What one cannot use flows on.
    /// </summary>
    [Range(0.01, 100)]
    public double? Weight { get; init; }

    /// <summary>
    /// Whichever campaign of the account has a higher one, -100 to 100, is served first, and the others get what it leaves; left out: 0.
    /// </summary>
    [Range(-100, 100)]
    public int? Priority { get; init; }

    /// <summary>How long a phone may ring; left out: <c>00:00:30</c>.</summary>
    [Range(typeof(TimeSpan), "00:00:15", "00:01:00")]
    public TimeSpan? RingTimeout { get; init; }

    /// <summary>How long a call may last; left out: as long as the provider lets it.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "04:00:00")]
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>
    /// Without agents: whoever stays on the call for less, from the answer on, was not reached, and the call ends <c>Abandoned</c>, with the redial
    /// rule of that outcome. Left out: <c>00:00:00</c>, whoever picks up was reached.
    /// </summary>
    public TimeSpan? ReachedAfter { get; init; }

    /// <summary>What is done when too few calls complete; left out: nothing is.</summary>
    public CompletionWatch? Completion { get; init; }

    /// <summary>Only these numbers of ours are shown, at most 1000; left out: any that the purpose allows.</summary>
    [MaxLength(MostCallerIds)]
    public List<string>? CallerIds { get; init; }

    /// <summary>What the lead hears, as the provider names it, at most 500 characters; left out: the account's.</summary>
    [StringLength(500)]
    public string? Flow { get; init; }

    /// <summary>1 to 10 keys (0-9, * and #) by which a lead asks never to be called again; left out: none.</summary>
    [StringLength(10, MinimumLength = 1)]
    public string? OptOutDigits { get; init; }

    /// <summary><c>respect</c> (left out): who is on the do-not-disturb registry is not called. <c>consented</c>: they agreed to the calls.</summary>
    [AllowedValues("respect", "consented")]
    public string? Dnd { get; init; }

    /// <summary>What is done where the registry does not answer; left out: <c>hold</c> for promotional calls, <c>dial</c> for others.</summary>
    [AllowedValues("dial", "hold")]
    public string? DndUnknown { get; init; }

    public const int LongestName = 200;

    private const int MostCallerIds = 1000;

    private static readonly string[] Modes = [CampaignModes.Notification, CampaignModes.Progressive, CampaignModes.Preview, CampaignModes.Power];

    public static bool IsName(string? text) => text is { Length: >= 1 and <= LongestName } && text.Trim() != "";

    public static string ExpectedName { get; } = $"a name of 1 to {LongestName} characters";

    /// <summary>All that is wrong, field by field; empty when nothing is.</summary>
    /// <param name="regions">Where its own numbers are read.</param>
    public List<FieldProblem> Check(AccountSettings accounts, NumberRegions regions)
    {
        List<FieldProblem> wrong = [];
        void Must(bool holds, string field, object? value, string expected)
        {
            if (!holds)
                wrong.Add(FieldProblem.Of(field, value, expected));
        }

        Must(IsName(Name), "name", Name, ExpectedName);
        Must(Purpose is not null && Purposes.All.Contains(Purpose), "purpose", Purpose, $"one of {string.Join(", ", Purposes.All)}");
        var mode = Mode ?? CampaignModes.Notification;
        Must(Modes.Contains(mode), "mode", Mode, $"one of {string.Join(", ", Modes)}");
        if (CampaignModes.HasAgents(mode))
            wrong.AddRange(Agents?.Check(mode) ?? []);
        else
            Must(Agents is null, "agents", "given",
                $"nothing, because a {mode} campaign works without agents: leave agents out, or choose the mode progressive, preview or power");
        var account = accounts.Find(Account ?? "default");
        Must(account is not null, "account", Account ?? "default",
            $"a configured provider account: {string.Join(", ", accounts.All.Select(a => a.Name))}");
        Must(Flow is not null || account?.Flow is not null || account is null || CampaignModes.IsAgentFirst(mode), "flow", Flow,
            "a flow of the provider, because the account has no default flow");
        Must(Flow is not { Length: > 500 }, "flow", $"{Flow?.Length} characters", "at most 500 characters");
        Must(Flow is null or { Length: > 500 } || FlowAddress.IsGood(Flow, account?.AllowPrivateAddresses ?? false), "flow", HttpAddress.Shown(Flow),
            FlowAddress.Expected);
        Must(TimeZone is null || CallingZones.TryFind(TimeZone, out _), "timeZone", TimeZone, CallingZones.Expected);
        if (Window is not null && !Window.TryRead(out _, out var ofWindow))
            wrong.AddRange(ofWindow.Select(problem => new FieldProblem($"window.{problem.Field}", problem.Value, problem.Expected)));
        Must(MaxAttempts is null or (>= 1 and <= 100), "maxAttempts", MaxAttempts, "1 to 100");
        Must(MaxAttemptsPerDay is null or (>= 1 and <= 24), "maxAttemptsPerDay", MaxAttemptsPerDay, "1 to 24");
        Must(MinimumGap is not { } gap || Durations.IsGood(gap), "minimumGap", MinimumGap, Durations.Expected);
        Must(CallsPerMinute is null or >= 1, "callsPerMinute", CallsPerMinute, "1 or more; left out, the account's limit holds");
        Must(Weight is null or (>= 0.01 and <= 100), "weight", Weight, "0.01 to 100 parts of the account's budget");
        Must(Priority is null or (>= -100 and <= 100), "priority", Priority, "-100 to 100");
        Must(RingTimeout is null || (RingTimeout >= TimeSpan.FromSeconds(15) && RingTimeout <= TimeSpan.FromSeconds(60)),
            "ringTimeout", RingTimeout, "00:00:15 to 00:01:00: people need time to pick up, and providers cut at a minute");
        Must(TimeLimit is null || (TimeLimit > TimeSpan.Zero && TimeLimit <= TimeSpan.FromHours(4)), "timeLimit", TimeLimit, "up to 04:00:00");
        Must(ReachedAfter is null || (ReachedAfter >= TimeSpan.Zero && ReachedAfter <= (TimeLimit ?? TimeSpan.FromHours(1))), "reachedAfter", ReachedAfter,
            "00:00:00 to 01:00:00, and no longer than timeLimit");
        Must(!(ReachedAfter > TimeSpan.Zero && CampaignModes.HasAgents(mode)), "reachedAfter", ReachedAfter,
            $"nothing, because in a {mode} campaign whoever talks with an agent was reached");
        Must(OptOutDigits is null || (OptOutDigits.Length is >= 1 and <= 10 && OptOutDigits.All(c => char.IsAsciiDigit(c) || c is '*' or '#')),
            "optOutDigits", OptOutDigits, "1 to 10 keys of 0-9, * and #");
        Must(Dnd is null or "respect" or "consented", "dnd", Dnd, "respect or consented");
        Must(!(Dnd == "consented" && Purpose == Purposes.Promotional), "dnd", Dnd,
            "respect, because promotional calls to registered numbers are never carried");
        Must(DndUnknown is null or "dial" or "hold", "dndUnknown", DndUnknown, "dial or hold");
        Must(Redial is null || Redial.Count <= Outcomes.All.Count, "redial", $"{Redial?.Count} outcomes", $"at most {Outcomes.All.Count} outcomes");
        foreach (var (outcome, rule) in (Redial ?? []).Take(Outcomes.All.Count))
        {
            Must(RedialPolicy.Redialed.Contains(outcome), "redial", outcome,
                $"outcomes after which somebody is called again: {string.Join(", ", RedialPolicy.Redialed)}");
            Must(rule is not null, $"redial.{outcome}", null, "a delay and a number of times; times: 0 for no redial");
            Must(rule is null || Durations.IsGood(rule.After), $"redial.{outcome}.after", rule?.After, Durations.Expected);
            Must(rule is null or { Times: >= 0 and <= 100 }, $"redial.{outcome}.times", rule?.Times, "0 to 100 times");
        }

        if (Completion is { } watch)
        {
            Must(watch.Floor is null or (>= 0 and <= 1), "completion.floor", watch.Floor, "a share from 0 to 1");
            Must(watch.Window is >= 10 and <= 10_000, "completion.window", watch.Window, "10 to 10000 attempts");
            Must(watch.Action is "slow" or "pause", "completion.action", watch.Action, "slow or pause");
            Must(watch.CoolOff > TimeSpan.Zero && Durations.IsGood(watch.CoolOff), "completion.coolOff", watch.CoolOff,
                "a duration of up to 366.00:00:00, such as 00:15:00");
        }

        Must(CallerIds is not { Count: > MostCallerIds }, "callerIds", $"{CallerIds?.Count} numbers", $"at most {MostCallerIds} numbers");
        foreach (var number in (CallerIds ?? []).Take(MostCallerIds))
        {
            var good = regions.TryParse(number, out _, out var expected);
            Must(good, "callerIds", number, expected);
        }

        return wrong;
    }

    /// <summary>The request that would make a campaign like this one.</summary>
    public static CampaignRequest Of(Campaign campaign)
    {
        var rules = campaign.Rules;
        return new()
        {
            Name = campaign.Name,
            Mode = campaign.Mode,
            Purpose = campaign.Purpose,
            Account = campaign.Account,
            // Null: made when that was not kept, and the zone has to stay what it is.
            TimeZone = rules.TimeZoneNamed == false ? null : rules.TimeZone,
            Window = CallingWindowForm.Of(rules.Window),
            EndsAt = rules.EndsAt,
            KeepOpen = rules.KeepOpen,
            MaxAttempts = rules.MaxAttempts,
            MaxAttemptsPerDay = rules.MaxAttemptsPerDay,
            MinimumGap = rules.MinimumGap,
            Redial = rules.Redial.ToDictionary(),
            CallsPerMinute = rules.CallsPerMinute,
            Weight = rules.Weight,
            Priority = rules.Priority,
            RingTimeout = rules.RingTimeout,
            TimeLimit = rules.TimeLimit,
            // Of a campaign with agents it is refused, also where it says nothing.
            ReachedAfter = CampaignModes.HasAgents(campaign.Mode) ? null : rules.ReachedAfter,
            Completion = rules.Completion,
            CallerIds = rules.CallerIds?.ToList(),
            Flow = rules.Flow,
            OptOutDigits = rules.OptOutDigits,
            Dnd = rules.Dnd,
            DndUnknown = rules.DndUnknown,
            Agents = rules.Agents is { } agents ? AgentRulesRequest.Of(agents, campaign.Mode) : null,
        };
    }

    /// <summary>The rules that a checked request asks for.</summary>
    /// <param name="accountZone">Where it names no zone; null: nothing is known of one.</param>
    public CampaignRules Rules(NumberRegions regions, string? accountZone)
    {
        var none = new CampaignRules();
        var window = none.Window;
        if (Window is not null && Window.TryRead(out var asked, out _))
            window = asked;
        var redial = CampaignRules.DefaultRedial.ToDictionary();
        foreach (var (outcome, rule) in Redial ?? [])
            redial[outcome] = rule;
        return new()
        {
            TimeZone = CallingZones.TryFind(TimeZone, out var zone) ? zone : accountZone ?? none.TimeZone,
            TimeZoneNamed = TimeZone is not null,
            Window = window,
            EndsAt = EndsAt?.ToUniversalTime(),
            KeepOpen = KeepOpen ?? none.KeepOpen,
            MaxAttempts = MaxAttempts ?? none.MaxAttempts,
            MaxAttemptsPerDay = MaxAttemptsPerDay ?? none.MaxAttemptsPerDay,
            MinimumGap = MinimumGap ?? none.MinimumGap,
            Redial = redial,
            CallsPerMinute = CallsPerMinute,
            Weight = Weight ?? none.Weight,
            Priority = Priority ?? none.Priority,
            RingTimeout = RingTimeout ?? none.RingTimeout,
            TimeLimit = TimeLimit,
            ReachedAfter = ReachedAfter ?? none.ReachedAfter,
            Completion = Completion ?? none.Completion,
            CallerIds = CallerIds is null ? null : [.. CallerIds.Select(number => regions.TryParse(number, out var e164, out _) ? e164 : number)],
            Flow = Flow,
            OptOutDigits = OptOutDigits,
            Dnd = Dnd ?? none.Dnd,
            Agents = CampaignModes.HasAgents(Mode ?? "") ? (Agents ?? new()).Rules() : null,
            DndUnknown = DndUnknown ?? (Purpose == Purposes.Promotional ? "hold" : "dial"),
        };
    }
}
