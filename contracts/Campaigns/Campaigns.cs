namespace Outdial.Contracts;

/// <summary>The states of a campaign.</summary>
public static class CampaignStates
{
    public const string Draft = "Draft";
    public const string Scheduled = "Scheduled";
    public const string Running = "Running";
    public const string Paused = "Paused";
    public const string Completed = "Completed";
    public const string Stopped = "Stopped";
}

/// <summary>Why a campaign is paused. Every reason but <see cref="Person"/> ends by itself.</summary>
public static class PauseReasons
{
    public const string Person = "Person";
    public const string LowCompletionRate = "LowCompletionRate";
    public const string ProviderDown = "ProviderDown";
    public const string OutsideWindow = "OutsideWindow";

    /// <summary>Too many people who answered wait for an agent.</summary>
    public const string QueueExcess = "QueueExcess";

    /// <summary>No agent of the campaign is signed in.</summary>
    public const string NoAgents = "NoAgents";

    /// <summary>The database was restored from a dump, and whom the campaign called since is not known. Ends by a person's word only.</summary>
    public const string Restored = "Restored";
}

/// <summary>How a campaign dials.</summary>
public static class CampaignModes
{
    /// <summary>No agents: what is to be said is in the flow.</summary>
    public const string Notification = "notification";

    /// <summary>The campaigns behind single calls.</summary>
    public const string Triggered = "triggered";

    /// <summary>One lead for each free agent, over the agent's open line.</summary>
    public const string Progressive = "progressive";

    /// <summary>As progressive, but the agent sees the lead first and accepts or skips it.</summary>
    public const string Preview = "preview";

    /// <summary>The customer first, a fixed number of calls for each free agent.</summary>
    public const string Power = "power";

    /// <summary>Leads are dialed over agents' open lines.</summary>
    public static bool IsAgentFirst(string mode) => mode is Progressive or Preview;

    public static bool HasAgents(string mode) => IsAgentFirst(mode) || mode == Power;
}

/// <summary>What a campaign calls for; a caller ID is only used for the purposes that its number series allows.</summary>
public static class Purposes
{
    public const string Promotional = "promotional";
    public const string Service = "service";
    public const string Transactional = "transactional";
    public const string Collections = "collections";
    public static readonly IReadOnlyList<string> All = [Promotional, Service, Transactional, Collections];
}

/// <summary>Start, or schedule, a draft campaign.</summary>
public record StartCampaign
{
    public required Guid CampaignId { get; init; }

    /// <summary>Null: now. Otherwise the campaign waits as Scheduled.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Who asked: the API key's name, or <c>platform</c>.</summary>
    public required string By { get; init; }
}

public record PauseCampaign
{
    public required Guid CampaignId { get; init; }

    /// <summary>One of <see cref="PauseReasons"/>.</summary>
    public required string Reason { get; init; }

    public string? Explanation { get; init; }

    /// <summary>An automatic pause is looked at again at this instant; null for a person's.</summary>
    public DateTimeOffset? Until { get; init; }

    public required string By { get; init; }
}

/// <summary>Go on dialing. With a reason it ends only a pause of that reason, so that no automatism undoes a person's pause.</summary>
public record ResumeCampaign
{
    public required Guid CampaignId { get; init; }
    public string? Reason { get; init; }

    /// <summary>Ends only the pause that began then, so that a word that comes late does not end a later one; null: whichever there is.</summary>
    public DateTimeOffset? PausedAt { get; init; }

    public required string By { get; init; }
}

public record StopCampaign
{
    public required Guid CampaignId { get; init; }
    public required string By { get; init; }
}

/// <summary>Every lead of the campaign is in its final state.</summary>
public record CampaignExhausted
{
    public required Guid CampaignId { get; init; }
}

/// <summary>The answer to a start, pause, resume or stop.</summary>
public record CampaignChange
{
    public required Guid CampaignId { get; init; }
    public required bool Accepted { get; init; }
    public required string State { get; init; }

    /// <summary>Why it was not accepted.</summary>
    public string? Refusal { get; init; }

    /// <summary>What whoever asked should know, though it was accepted; null: nothing.</summary>
    public string? Notice { get; init; }
}

public record CampaignStarted
{
    public required Guid EventId { get; init; }
    public required Guid CampaignId { get; init; }
    public required string Name { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>Share of terminal attempts that should end Completed, in [0, 1]; null: not watched.</summary>
    public double? CompletionFloor { get; init; }

    /// <summary>How many of the last terminal attempts the watched rate is taken over.</summary>
    public int CompletionWindow { get; init; } = 200;

    /// <summary>The skill an agent needs; null: none, or no agents.</summary>
    public string? Skill { get; init; }

    /// <summary>Who did it: a key's or a user's name, <c>schedule</c> or <c>platform</c>; null: told by a version that did not say.</summary>
    public string? By { get; init; }
}

/// <summary>Somebody changed what a campaign is called or goes by. Where it was not started yet nobody but its agents' router has to know.</summary>
public record CampaignChanged
{
    public required Guid EventId { get; init; }
    public required Guid CampaignId { get; init; }
    public required string Name { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>As <see cref="CampaignStarted.CompletionFloor"/>.</summary>
    public double? CompletionFloor { get; init; }

    /// <summary>As <see cref="CampaignStarted.CompletionWindow"/>.</summary>
    public int CompletionWindow { get; init; } = 200;

    /// <summary>As <see cref="CampaignStarted.Skill"/>.</summary>
    public string? Skill { get; init; }

    /// <summary>As <see cref="CampaignStarted.By"/>.</summary>
    public string? By { get; init; }
}

public record CampaignPaused
{
    public required Guid EventId { get; init; }
    public required Guid CampaignId { get; init; }
    public required string Reason { get; init; }
    public string? Explanation { get; init; }
    public required bool Automatic { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>As <see cref="CampaignStarted.By"/>.</summary>
    public string? By { get; init; }
}

public record CampaignResumed
{
    public required Guid EventId { get; init; }
    public required Guid CampaignId { get; init; }

    /// <summary>The reason of the pause that ended.</summary>
    public required string Reason { get; init; }

    public required bool Automatic { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>As <see cref="CampaignStarted.By"/>.</summary>
    public string? By { get; init; }
}

/// <summary>The campaign is over: completed, or stopped by a person.</summary>
public record CampaignCompleted
{
    public required Guid EventId { get; init; }
    public required Guid CampaignId { get; init; }

    /// <summary><c>Completed</c> or <c>Stopped</c>.</summary>
    public required string State { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>As <see cref="CampaignStarted.By"/>.</summary>
    public string? By { get; init; }
}

/// <summary>An upload of leads was taken in.</summary>
public record LeadsImported
{
    public required Guid EventId { get; init; }
    public required Guid CampaignId { get; init; }
    public required Guid ImportId { get; init; }
    public required long Accepted { get; init; }
    public required long Rejected { get; init; }
    public required long Duplicates { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
}
