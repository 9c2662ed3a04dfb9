using System.ComponentModel.DataAnnotations;

namespace Outdial.Pacer;

/// <summary>How the pacer works, section <c>Pacer</c>. Durations are on the platform's clock unless they say "real".</summary>
internal sealed class PacerOptions
{
    /// <summary>How often due campaigns are looked for.</summary>
    public TimeSpan PulseInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest time between two looks at a running campaign that has nothing to dial.</summary>
    public TimeSpan IdlePulse { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>An attempt that no issuer could place within this time is dropped undialed: its last look is too old.</summary>
    public TimeSpan AttemptLife { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many requests to providers one process keeps under way.</summary>
    [Range(1, 500)] public int IssuerConcurrency { get; init; } = 24;

    /// <summary>How many of the leads due next have their number looked up ahead of dialing.</summary>
    [Range(1, 100_000)] public int EnrichAhead { get; init; } = 400;

    /// <summary>A number asked for and not answered is asked for again after this long.</summary>
    public TimeSpan EnrichAgainAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Where consent is held nobody waits for the registry's answer, but for so long at most for the number's circle, if the account has numbers of
    /// several: so that the first call shows the local one.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")] public TimeSpan CircleWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the provider may take to answer a request for a call before its records are consulted.</summary>
    public TimeSpan AnswerDeadline { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Silence after the provider took the call, before its records are consulted.</summary>
    public TimeSpan SubmittedDeadline { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Silence after the lead answered, before the provider's records are consulted.</summary>
    public TimeSpan AnsweredDeadline { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Silence after a step of the call's flow that may have been its last, before the provider's records are consulted.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "01:00:00")]
    public TimeSpan StepDeadline { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// A campaign with nothing left to dial waits so long for the records of its last completed calls before it completes: they may tell of a
    /// machine, or of a person who left too soon. Zero: it does not wait.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan RecordsWait { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Between two look-ups of the same call.</summary>
    public TimeSpan LookUpAgainAfter { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Between two look-ups of a call that was said to be over and may still wait for an agent: nothing more is heard of it, and the queue
    /// is counted by it.
    /// </summary>
    public TimeSpan DoubtLookUpAfter { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>A call that the provider's records do not show is held to be never placed only this long after its request.</summary>
    public TimeSpan NotFoundAfter { get; init; } = TimeSpan.FromMinutes(4);

    /// <summary>
    /// After so many look-ups a call that the provider's records do not know ends as Unknown, and one that they show under way is looked up
    /// less often.
    /// </summary>
    [Range(1, 1000)] public int MaxLookUps { get; init; } = 30;

    /// <summary>
    /// A call that the provider's records show under way for longer than this, or whose records cannot be read for so long, ends as Unknown. Exotel
    /// ends every call after 4 hours.
    /// </summary>
    public TimeSpan LongestCall { get; init; } = TimeSpan.FromHours(4);

    /// <summary>
    /// A call that its provider does not list any more, and of whose end nothing was heard, is looked for this often before the ledger
    /// alone decides how it ended: the last events may be late.
    /// </summary>
    [Range(1, 1000)] public int GoneAfterLookUps { get; init; } = 3;

    /// <summary>How often overdue attempts are looked for.</summary>
    public TimeSpan SweepInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Requests in a row that the provider failed before dialing pauses with ProviderDown.</summary>
    [Range(1, 1000)] public int ProviderDownAfter { get; init; } = 10;

    /// <summary>How long an account rests after the provider failed that often.</summary>
    public TimeSpan ProviderDownFor { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>An agent of whom the router has not spoken for so long is not counted on.</summary>
    public TimeSpan AgentSilence { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A lead in the hopper is dialed within this time or comes back: its last look is too old then.</summary>
    public TimeSpan HopperLife { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>So long after a lead in the hopper should have come back it is asked for.</summary>
    public TimeSpan HopperGrace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>So many missed calls of an account are looked up in the provider's records in a minute: its budget is for calls.</summary>
    [Range(1, 1000)] public int MissedCallLooksPerMinute { get; init; } = 20;

    /// <summary>A person who calls in and reaches nobody is promised a call-back so many times in an hour.</summary>
    [Range(1, 1000)] public int CallBacksPerNumberAndHour { get; init; } = 2;

    /// <summary>Missed calls, and why each was decided as it was, are kept for so long.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan KeepMissedCalls { get; init; } = TimeSpan.FromDays(90);

    /// <summary>A campaign promises so many call-backs to missed callers in an hour; further ones wait for theirs.</summary>
    [Range(1, 100_000)] public int CallBacksPerHour { get; init; } = 200;

    /// <summary>Decisions older than this are removed.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan KeepDecisions { get; init; } = TimeSpan.FromDays(30);

    /// <summary>
    /// For so long the same Idempotency-Key of the same holder never calls twice, and never adds leads twice; after that it is free again.
    /// </summary>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan KeepCallKeys { get; init; } = TimeSpan.FromDays(30);

    /// <summary>
    /// The hours in which a country's law allows calls of a purpose, for countries that are not known to Outdial or allow others:
    /// <c>Pacer:LawfulHours:GB-promotional</c> is <c>08:00-21:00</c>.
    /// </summary>
    public Dictionary<string, string> LawfulHours { get; init; } = [];

    /// <summary>
    /// An attempt is placed only while nobody has crossed the line before its request. Never set it to false: it is here so that the
    /// fault suite can show that it notices when people are called twice.
    /// </summary>
    public bool PlaceOnce { get; init; } = true;
}
