using Outdial.Contracts;
using Outdial.Pacer.CallingHours;

namespace Outdial.Pacer.Leads;

/// <summary>Why a lead is not being dialed right now. One of these, or the outcome that ended it, is stored with each lead.</summary>
internal static class LeadReasons
{
    /// <summary>Nothing speaks against dialing it; others come first or the budget is spent.</summary>
    public const string InQueue = "InQueue";

    public const string BeingDialed = "BeingDialed";

    /// <summary>Offered to the agents' hopper: an agent's line takes it next, or it comes back.</summary>
    public const string InHopper = "InHopper";

    /// <summary>Came back from the hopper undialed.</summary>
    public const string Returned = "Returned";

    /// <summary>An agent who previewed it did not want to dial it now.</summary>
    public const string Skipped = "Skipped";

    /// <summary>Waits for the time of its call-back.</summary>
    public const string CallBack = "CallBack";

    /// <summary>A personal call-back whose agent is not signed in.</summary>
    public const string AwaitingAgent = "AwaitingAgent";

    /// <summary>It is not a calling hour where the lead lives.</summary>
    public const string OutsideWindow = "OutsideWindow";

    /// <summary>It is an hour of the campaign, and none at which the law of the lead's own country allows such calls.</summary>
    public const string LawfulHours = "LawfulHours";

    /// <summary>Its number does not tell when its holder may be called: waits for somebody to say in which time zone they live.</summary>
    public const string ZoneUnknown = "ZoneUnknown";

    /// <summary>Of <see cref="ZoneUnknown"/>, in words, with the way out.</summary>
    public static string ZoneUnknownText(string zones) =>
        $"The number may be in {CallingZones.Shown(zones)}, where the campaign's hours are never on at once. It waits for its own time zone: "
        + "upload it again with a column timezone, or set it with PUT /api/v1/leads/{id}/time-zone.";

    /// <summary>Circle and do-not-disturb flag were asked for and are not known yet.</summary>
    public const string AwaitingMetadata = "AwaitingMetadata";

    /// <summary>The do-not-disturb flag cannot be had and the campaign does not dial without.</summary>
    public const string DndUnknown = "DndUnknown";

    public const string Dnd = "Dnd";

    /// <summary>The number is nobody's telephone, or costs the caller more than it seems: such numbers are not taken any more.</summary>
    public const string NotCallable = "NotCallable";

    public const string OptedOut = "OptedOut";

    /// <summary>This person had all the calls that a day allows, over all campaigns.</summary>
    public const string DailyCap = "DailyCap";

    /// <summary>This person was called too short a while ago, over all campaigns.</summary>
    public const string MinimumGap = "MinimumGap";

    /// <summary>This person answered a call and reached no agent: left alone for days, by all campaigns.</summary>
    public const string CoolDown = "CoolDown";

    /// <summary>Another campaign's call to this person is not over.</summary>
    public const string PersonBusy = "PersonBusy";

    /// <summary>No number of ours may be shown: there is none, or purpose, selection or limits forbid each; the text tells which.</summary>
    public const string NoCallerId = "NoCallerId";

    /// <summary>Waits for the time of its redial.</summary>
    public const string RedialDelay = "RedialDelay";

    /// <summary>Called us, was to be called back for it, and was reached in that call after all.</summary>
    public const string CalledIn = "CalledIn";

    /// <summary>A list or a person said when it is to be called at the earliest.</summary>
    public const string NotBefore = "NotBefore";

    /// <summary>A person took it back before it was dialed.</summary>
    public const string Withdrawn = "Withdrawn";

    public const string TriesUsed = "TriesUsed";
    public const string CampaignStopped = "CampaignStopped";
    public const string CampaignEnded = "CampaignEnded";

    /// <summary>Those of a lead that waits.</summary>
    public static IReadOnlyList<string> OfWaiting { get; } =
    [
        InQueue, Returned, Skipped, CallBack, AwaitingAgent, OutsideWindow, LawfulHours, ZoneUnknown, AwaitingMetadata, DndUnknown, DailyCap,
        MinimumGap, CoolDown, PersonBusy, NoCallerId, RedialDelay, NotBefore,
    ];

    /// <summary>All that can stand there.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. typeof(LeadReasons).GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!)
            .Concat(Outcomes.All).Distinct(),
    ];
}
