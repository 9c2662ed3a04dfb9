using System.ComponentModel.DataAnnotations;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.AgentRouter.Trunks;

/// <summary>A number of ours as a person configures it.</summary>
internal sealed record DidRequest
{
    /// <summary>The trunk that its calls come in by; left out: the account itself.</summary>
    public string? Trunk { get; init; }

    /// <summary><c>pstn</c> (default) or <c>flow</c>.</summary>
    [OneOf(typeof(RoutingModes))]
    public string? Mode { get; init; }

    /// <summary>
    /// What handles a call: <c>connect</c> (default; <c>none</c> on an outbound trunk), <c>voicebot</c>, <c>applets</c> or <c>none</c>.
    /// </summary>
    [OneOf(typeof(Applets))]
    public string? Applet { get; init; }

    /// <summary>With the mode <c>flow</c>: what handles its calls, as the provider names it, at most 500 characters.</summary>
    [StringLength(500)]
    public string? Flow { get; init; }

    /// <summary>The campaign whose agents answer, and which calls back whom nobody answered; left out: of none.</summary>
    public Guid? CampaignId { get; init; }

    /// <summary>
    /// Calls back whom nobody answered, also when the other campaign is over; left out: <see cref="CampaignId"/> does, as long as it is not.
    /// </summary>
    public Guid? CallBackCampaignId { get; init; }

    /// <summary>The skill that an agent needs, 1 to 100 characters; left out: none.</summary>
    [StringLength(100, MinimumLength = 1)]
    public string? Skill { get; init; }

    /// <summary><c>order</c> (default) or <c>parallel</c>.</summary>
    [OneOf(typeof(Strategies))]
    public string? Strategy { get; init; }

    /// <summary>Seconds for which each agent is rung, 5 to 60; left out: 20.</summary>
    [Range(5, 60)]
    public int? RingSeconds { get; init; }

    /// <summary>As people write numbers. Personal data.</summary>
    public string? FallbackNumber { get; init; }

    /// <summary>Name of a configured provider account; left out: <c>default</c>.</summary>
    public string? Account { get; init; }

    internal string AppletFor(Trunk? trunk) => Applet ?? (trunk?.Direction == Directions.Outbound ? Applets.None : Applets.Connect);

    /// <summary>All that is wrong, field by field; empty when nothing is.</summary>
    /// <param name="trunk">The trunk that is named; null: none is, or it does not exist.</param>
    /// <param name="regions">Where its fallback is read.</param>
    /// <param name="allowPrivate">As <see cref="RouterOptions.AllowPrivateDestinations"/>.</param>
    internal List<FieldProblem> Check(Trunk? trunk, AccountSettings accounts, NumberRegions regions, bool allowPrivate, out string? fallback)
    {
        fallback = null;
        List<FieldProblem> wrong = [];
        if (accounts.Find(Account ?? "default") is null)
            wrong.Add(new("account", Account ?? "default", $"a configured provider account: {string.Join(", ", accounts.All.Select(a => a.Name))}"));
        if (Trunk is not null && trunk is null)
            wrong.Add(new("trunk", Trunk, "a configured trunk: make it first with PUT /api/v1/trunks/{name}, or leave it out when the flow dials phones"));
        if (trunk is not null && trunk.Account != (Account ?? "default"))
            wrong.Add(new("trunk", Trunk, $"a trunk of the same account; this one is of '{trunk.Account}'"));
        if (Mode is not (null or RoutingModes.Pstn or RoutingModes.Flow))
            wrong.Add(new("mode", Mode, "pstn or flow"));
        if (Applet is not null && !Applets.All.Contains(Applet))
            wrong.Add(new("applet", Applet, $"one of {string.Join(", ", Applets.All)}"));
        if (Strategy is not (null or Strategies.Parallel or Strategies.Order))
            wrong.Add(new("strategy", Strategy, "parallel or order"));
        if (RingSeconds is < 5 or > 60)
            wrong.Add(FieldProblem.Of("ringSeconds", RingSeconds, "5 to 60; the provider lets no phone ring longer"));
        if (Skill is { } skill && skill.Trim() is not { Length: >= 1 and <= 100 })
            wrong.Add(new("skill", skill, "a skill of 1 to 100 characters"));
        if (Flow is { Length: > 500 } flow)
            wrong.Add(new("flow", $"{flow.Length} characters", "at most 500 characters"));
        else if (!string.IsNullOrWhiteSpace(Flow) && !FlowAddress.IsGood(Flow, allowPrivate))
            wrong.Add(new("flow", HttpAddress.Shown(Flow), FlowAddress.Expected));
        if (FallbackNumber is not null)
        {
            if (regions.TryParseCallee(FallbackNumber, out var number, out var expected))
                fallback = number;
            else
                wrong.Add(new("fallbackNumber", Masked.Text(FallbackNumber), expected));
        }
        if (wrong.Count == 0)
            wrong.AddRange(Check(trunk, Mode ?? RoutingModes.Pstn, AppletFor(trunk), Flow));
        return wrong;
    }

    /// <summary>The provider's rules for numbers: what direction, mode, applet and flow have to do with each other.</summary>
    internal static IEnumerable<FieldProblem> Check(Trunk? trunk, string mode, string applet, string? flow)
    {
        var inbound = trunk is null || Directions.TakesInbound(trunk.Direction);
        var hasFlow = !string.IsNullOrWhiteSpace(flow);
        if (!inbound && applet != Applets.None)
        {
            yield return new("applet", applet, $"none: trunk '{trunk!.Name}' is outbound and takes no calls in; make it bidirectional to be called on this number");
            yield break;
        }
        if (!inbound && mode == RoutingModes.Flow)
            yield return new("mode", mode, $"pstn: trunk '{trunk!.Name}' is outbound, and outbound calls run no flow");
        if (applet is Applets.Voicebot or Applets.Others && mode != RoutingModes.Flow)
            yield return new("mode", mode, $"flow: {(applet == Applets.Voicebot ? "a voicebot" : "any applet but Connect")} runs only in mode flow");
        if (inbound && applet == Applets.None && trunk?.Direction != Directions.Bidirectional)
            yield return new("applet", applet, "connect, voicebot or applets: somebody has to take the calls that come in on this number");
        if (applet != Applets.None && !hasFlow)
            yield return new("flow", null, "the provider's flow that takes the calls: a flow is mandatory for inbound");
    }
}
