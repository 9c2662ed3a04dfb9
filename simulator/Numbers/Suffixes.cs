namespace Outdial.Simulator;

/// <summary>What a number with a fixed suffix does, whatever the dice say.</summary>
/// <param name="Digits">The last four digits of the number.</param>
/// <param name="Meaning">One sentence for the table on the simulator's page and in docs/simulator.md.</param>
public sealed record Suffix(string Digits, string Meaning)
{
    /// <summary>The only possible end of a call to it; null leaves it to the dice.</summary>
    public Ending? Ending { get; init; } = Outdial.Simulator.Ending.Answered;

    /// <summary>Not answered before this call to the number, counted from 1.</summary>
    public int AnswersFrom { get; init; } = 1;

    public string? Presses { get; init; }
    public int? TalkSeconds { get; init; }
    public bool Machine { get; init; }

    /// <summary>No callback knows that it is a machine: the call's details do, when they are there.</summary>
    public bool MachineUnnoticed { get; init; }

    /// <summary>How the part after the answer goes; null leaves it to the dice.</summary>
    public FlowEnd? FlowEnd { get; init; }

    /// <summary><c>Yes</c>, <c>No</c> or <c>Unavailable</c>; null leaves it to the number.</summary>
    public string? Dnd { get; init; }

    /// <summary>HTTP status of a number look-up instead of an answer; 0 lets it hang.</summary>
    public int? LookupStatus { get; init; }

    /// <summary>HTTP status of a call-details request instead of an answer.</summary>
    public int? DetailsStatus { get; init; }

    /// <summary><c>Duration</c>, <c>Price</c> and <c>EndTime</c> never arrive in the call details.</summary>
    public bool DetailsNeverFilled { get; init; }

    /// <summary>Refuses the connect request with this HTTP status and places no call.</summary>
    public int? ConnectStatus { get; init; }

    /// <summary>How many connect requests are refused so; later ones pass.</summary>
    public int ConnectRefusals { get; init; } = int.MaxValue;

    /// <summary>A fault that always strikes this number.</summary>
    public Fault? Always { get; init; }

    /// <summary>The status callback is no form Exotel sends.</summary>
    public bool MalformedCallback { get; init; }

    /// <summary>The status callback carries this word as <c>Status</c>.</summary>
    public string? CallbackStatus { get; init; }
}

/// <summary>
/// The numbers that behave in fixed ways, by their last four digits: 66NN. Chosen high, so that the running numbers of
/// an ordinary list (…0001, …0002) do not meet them. Unless its row says otherwise such a number answers every call.
/// </summary>
public static class Suffixes
{
    public static readonly IReadOnlyList<Suffix> All =
    [
        new("6601", "answers every call, talks 30 s, presses 1") { Presses = "1", TalkSeconds = 30 },
        new("6602", "always busy") { Ending = Ending.Busy },
        new("6603", "rings and never answers") { Ending = Ending.NoAnswer },
        new("6604", "does not exist: status failed at once") { Ending = Ending.NonExistent },
        new("6605", "switched off: status failed after a silence") { Ending = Ending.SwitchedOff },
        new("6606", "answers from the third call on, before that no answer") { AnswersFrom = 3 },
        new("6607", "answers and presses 9 (opt-out)") { Presses = "9", TalkSeconds = 20 },
        new("6608", "answers and stays for an hour, or until TimeLimit") { TalkSeconds = 3600 },
        new("6609", "an answering machine picks up (AnsweredBy machine)") { Machine = true, TalkSeconds = 12 },
        new("6610", "answers and hangs up after 2 s, before the flow dials anybody") { TalkSeconds = 2, FlowEnd = FlowEnd.CallAttempt },
        new("6611", "answers, hangs up while the flow dials the agent (client-hangup)") { FlowEnd = FlowEnd.ClientHangup },
        new("6612", "answers, but no agent picks up (incomplete)") { FlowEnd = FlowEnd.Incomplete },
        new("6613", "an answering machine picks up, and callbacks say human: only the call details know, minutes later")
        {
            Machine = true,
            MachineUnnoticed = true,
            TalkSeconds = 12,
        },
        new("6617", "answers and presses 9 twice (opt-out)") { Presses = "99", TalkSeconds = 20 },

        new("6620", "number look-up says DND Yes") { Dnd = "Yes" },
        new("6621", "number look-up says DND Unavailable") { Dnd = "Unavailable" },
        new("6622", "number look-up answers 404") { LookupStatus = 404 },
        new("6623", "number look-up answers 500") { LookupStatus = 500 },
        new("6624", "number look-up hangs") { LookupStatus = 0 },

        new("6630", "every callback of its calls is lost") { Always = Fault.Drop },
        new("6631", "every callback of its calls is sent twice") { Always = Fault.Duplicate },
        new("6632", "the callbacks of its calls arrive in the wrong order") { Always = Fault.Reorder },
        new("6633", "every callback of its calls is minutes late") { Always = Fault.Delay },
        new("6634", "the first callback arrives before the reply to connect") { Always = Fault.CallbackBeforeReply },
        new("6635", "the status callback is not a form that can be read") { MalformedCallback = true },
        new("6636", "the status callback carries a status nobody documents") { CallbackStatus = "teleported" },
        new("6637", "the callbacks of its calls tell the time of another zone, or that of a slow clock") { Always = Fault.ForeignClock },

        new("6640", "connect answers 500, no call is placed") { ConnectStatus = 500 },
        new("6641", "connect answers 504, no call is placed") { ConnectStatus = 504 },
        new("6642", "the connection is cut after the call was placed") { Always = Fault.CutConnection },
        new("6643", "connect hangs after the call was placed") { Always = Fault.HungReply },
        new("6644", "connect answers 429 once, then takes the call") { ConnectStatus = 429, ConnectRefusals = 1 },
        new("6645", "connect answers 400: not a valid phone number") { ConnectStatus = 400 },
        new("6646", "connect answers 500 once, then takes the call") { ConnectStatus = 500, ConnectRefusals = 1 },
        new("6647", "connect answers 403: calls to it are not allowed") { ConnectStatus = 403 },

        new("6650", "Duration, Price and EndTime of its calls never arrive") { DetailsNeverFilled = true },
        new("6651", "call details answer 500") { DetailsStatus = 500 },
        new("6652", "callbacks are lost and call details answer 500") { Always = Fault.Drop, DetailsStatus = 500 },
        new("6653", "answers and talks 30 s; the recording is in the call details minutes after everything else, and named nowhere else")
        {
            TalkSeconds = 30,
            FlowEnd = FlowEnd.Completed,
            Always = Fault.LateRecording,
        },
    ];

    private static readonly Dictionary<string, Suffix> ByDigits = All.ToDictionary(s => s.Digits);

    public static Suffix? Of(string e164) => e164.Length < 4 ? null : ByDigits.GetValueOrDefault(e164[^4..]);
}
