using Outdial.Contracts;

namespace Outdial.Pacer.Campaigns;

/// <summary>How a campaign works with its agents. Stored with <see cref="CampaignRules"/>; null there for modes without agents.</summary>
internal sealed record AgentRules
{
    /// <summary>Power: calls placed for each free agent.</summary>
    public double Ratio { get; init; } = 1.5;

    /// <summary>The largest share of answered calls that may be dropped, in [0, 1].</summary>
    public double DropLimit { get; init; } = 0.03;

    /// <summary>Over which time the drops are counted: see <see cref="DropWindow"/>.</summary>
    public string DropWindow { get; init; } = Campaigns.DropWindow.Campaign;

    /// <summary>An answered lead that hears no agent within this time counts as dropped.</summary>
    public TimeSpan ConnectWithin { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>So many more answered leads than free agents pause the campaign; null: reckoned from the number of agents.</summary>
    public int? QueueHigh { get; init; }

    /// <summary>So few waiting leads let it go on; null: a quarter of the high mark.</summary>
    public int? QueueLow { get; init; }

    /// <summary>How long the queue must have been that short; null: at once.</summary>
    public TimeSpan? QueueDwell { get; init; }

    /// <summary>How DialWhom is answered: <c>json</c> or <c>text</c>.</summary>
    public string AnswerForm { get; init; } = "json";

    public bool Record { get; init; }

    /// <summary>The longest conversation; null: the provider's limit.</summary>
    public TimeSpan? MaxConversation { get; init; }

    public TimeSpan WrapUp { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a previewed lead may be looked at.</summary>
    public TimeSpan PreviewTime { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The skill an agent needs; null: none.</summary>
    public string? Skill { get; init; }

    /// <summary>What an agent may say came of a conversation.</summary>
    public IReadOnlyList<Disposition> Dispositions { get; init; } = [];

    /// <summary>Agent-first: leads held ready in the hopper for each agent at work.</summary>
    public int HopperPerAgent { get; init; } = 2;

    /// <summary>How long a personal call-back waits for its agent before anyone may dial it.</summary>
    public TimeSpan PersonalFor { get; init; } = TimeSpan.FromMinutes(30);
}
