using System.ComponentModel.DataAnnotations;
using Outdial.AgentRouter.Hopper;

namespace Outdial.AgentRouter;

/// <summary>How the router works, section <c>Router</c>. Durations are on the platform's clock unless they say "real".</summary>
internal sealed class RouterOptions
{
    /// <summary>
    /// Trunks may send calls to addresses that only our own network knows, and flows may be there: for a provider in the same network. False: such an
    /// address is refused.
    /// </summary>
    public bool AllowPrivateDestinations { get; init; }

    /// <summary>How often deadlines are looked for.</summary>
    public TimeSpan SweepInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>An order to open an agent's line that nobody could carry out within this time is dropped.</summary>
    public TimeSpan LineOrderLife { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>From the order for a line to the agent's picking up. Longer than the order's life and a ring of a minute.</summary>
    public TimeSpan LineDeadline { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>An open line asks every few seconds; one that has not asked for so long is gone.</summary>
    public TimeSpan LineSilence { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Beyond the ring time-out, before a dialing without a word of its end is held to be over.</summary>
    public TimeSpan DialingGrace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Beyond the longest conversation, before one without a word of its end is held to be over.</summary>
    public TimeSpan ConversationGrace { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The longest conversation where the campaign names none. 75 minutes is the most a Connect applet takes.</summary>
    public TimeSpan LongestConversation { get; init; } = TimeSpan.FromSeconds(4500);

    /// <summary>The longest conversation of a campaign's calls; null: of any.</summary>
    internal TimeSpan LongestTalk(CampaignRow? campaign) => campaign?.MaxConversation ?? LongestConversation;

    /// <summary>After which a conversation without a word of its end is held to be over: not every account sends a word of the answer.</summary>
    internal TimeSpan TalkDeadline(CampaignRow? campaign) => LongestTalk(campaign) + ConversationGrace;

    /// <summary>After which a dialing without a word of its end is held to be over.</summary>
    internal TimeSpan RingDeadline(CampaignRow? campaign) => (campaign?.RingTimeout ?? TimeSpan.FromMinutes(1)) + DialingGrace;

    /// <summary>How long the Passthru's word is waited for once a dialing is known to be over.</summary>
    public TimeSpan SettleAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a call that came in is held to go on after a step of its flow that reached nobody: it may dial somebody else, or take a message. Then
    /// it is missed.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan StepDeadline { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>A line that asks again within this time, without a word of any dialing, gets the same lead.</summary>
    public TimeSpan SameLeadWithin { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The pacer is asked for more when no more than this many leads of a campaign wait.</summary>
    [Range(0, 10_000)] public int LowMark { get; init; } = 2;

    /// <summary>
    /// An agent whose phone rang so many times in a row without being picked up is on a break until he says that he is there, or a supervisor does.
    /// </summary>
    [Range(1, 100)] public int PauseAfterMisses { get; init; } = 3;

    /// <summary>So long an agent's phone is not rung again after a ring that was not picked up; twice as long after the second in a row.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan RestAfterMiss { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>An agent who is on a break for not picking up, and of whom nothing was heard for so long, is signed out.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan SignOutNotAnswering { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How often all open sessions are told.</summary>
    public TimeSpan PresenceInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a router says that it lives; one that has not for three times as long is dead.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a question of a call that may be a line or customer we called waits for the provider's answer to our request, which names the call.
    /// Real time.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:04")]
    public TimeSpan WaitForCallId { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A line that was given a lead, and of whose dialing there is no word, gets no other lead before this has passed.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan NextLeadAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>So many calls from one number are taken in an hour; further ones hear that nobody is there.</summary>
    [Range(1, 100_000)] public int InboundPerCallerAndHour { get; init; } = 10;

    /// <summary>So many calls are taken in a minute, for each account; further ones hear that nobody is there.</summary>
    [Range(1, 100_000)] public int InboundPerMinute { get; init; } = 120;

    /// <summary>How long DialWhom may take before it answers with nobody. Real time: the provider waits five seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How often an agent's stream looks for news. Real time.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan StreamInterval { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>Leads that are over, calls that came in and the events of agents' screens are kept this long.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan Keep { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Sessions that ended, and who dialed a person last, are kept this long.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan KeepSessions { get; init; } = TimeSpan.FromDays(90);

    /// <summary>Who released whom is kept this long.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan KeepAudit { get; init; } = TimeSpan.FromDays(730);
}
