using Microsoft.Extensions.Options;

namespace Outdial.Simulator;

/// <summary>How a call ends, as the person at the other end causes it.</summary>
public enum Ending { Answered, Busy, NoAnswer, SwitchedOff, NonExistent }

/// <summary>What became of an answered call in the flow; the words of a Passthru's <c>CallType</c>.</summary>
public enum FlowEnd { Completed, ClientHangup, Incomplete, CallAttempt, Voicemail }

/// <summary>One call, as far as the person can tell.</summary>
/// <param name="Occasion">How many calls this number has had, this one included.</param>
/// <param name="Hour">Of the day in India, 0-23.</param>
/// <param name="LocalCaller">The caller ID is of the person's own circle.</param>
/// <param name="RingLimit">Seconds it may ring.</param>
/// <param name="TimeLimit">Seconds the call may last.</param>
public sealed record Ringing(string Number, int Occasion, string? Circle, bool LocalCaller, int Hour, int RingLimit, int TimeLimit);

/// <summary>What the person does with it. All durations in seconds.</summary>
/// <param name="Setup">From the request to the first ring (or the failure).</param>
/// <param name="Ring">From the first ring to the answer, or to the end without one.</param>
/// <param name="Greeting">From the answer until the flow dials the agent.</param>
/// <param name="AgentRing">How long the agent's phone rings.</param>
/// <param name="Talk">The conversation, or the listening in a flow without agents.</param>
public sealed record Reaction(
    Ending Ending, int Setup, int Ring, int Greeting, int AgentRing, int Talk, FlowEnd FlowEnd, bool Machine, string? Digits)
{
    public int OnCall => Greeting + Vain + AgentRing + Talk + Message;

    /// <summary>How long a first phone rang in vain before the flow went on; 0: it was not so.</summary>
    public int Vain { get; init; }

    /// <summary>How long a message is that the person left because nobody picked up.</summary>
    public int Message { get; init; }

    /// <summary>Callbacks take the machine for a person.</summary>
    public bool MachineUnnoticed { get; init; }

    /// <summary>The phone is in use.</summary>
    public static Reaction OnAnotherCall { get; } = new(Ending.Busy, 1, 2, 0, 0, 0, FlowEnd.CallAttempt, false, null);
}

/// <summary>
/// The people behind the numbers. A pure function of the seed and the call: each draw is fixed by seed, number and
/// occasion, and is compared with a chance that the circumstances (circle, caller ID, hour, occasion) set. So a small
/// shift in time changes nothing unless it crosses a full hour.
/// </summary>
public sealed class People(IOptions<SimulatorOptions> options, NumberDirectory numbers)
{
    /// <summary>How likely people pick up by the hour of the day, relative to the best hour.</summary>
    private static readonly double[] ByHour =
    [
        0.10, 0.08, 0.06, 0.06, 0.08, 0.20, 0.40, 0.55, 0.70, 0.85, 1.00, 1.00,
        0.90, 0.75, 0.70, 0.80, 0.90, 1.00, 1.00, 0.95, 0.85, 0.65, 0.40, 0.20,
    ];

    private static readonly HashSet<string> Metros = ["DL", "MU", "KO", "CH"];
    private static readonly HashSet<string> Hills = ["HP", "JK", "NE", "AS"];

    public Reaction React(Ringing call)
    {
        var settings = options.Value;
        var known = numbers.FixedBehaviour(call.Number);
        var ring = Between(4, 22, call, "ring");
        var ending = known switch
        {
            { Ending: { } always } => call.Occasion < known.AnswersFrom ? Ending.NoAnswer : always,
            _ => Draw(call, settings.People),
        };
        if (ending == Ending.Answered && known is { Ending: not null })
            ring = Math.Min(ring, call.RingLimit);   // a number that always answers does so in time
        if (ending == Ending.Answered && ring > call.RingLimit)
            ending = Ending.NoAnswer;

        var setup = ending == Ending.SwitchedOff ? Between(8, 15, call, "setup") : Between(1, 3, call, "setup");
        var ringing = ending switch
        {
            Ending.Answered => ring,
            Ending.NoAnswer => call.RingLimit,
            Ending.Busy => Between(1, 6, call, "busy-ring"),
            _ => 0,
        };
        return ending == Ending.Answered
            ? Answered(call, setup, ringing, known, settings)
            : new Reaction(ending, setup, ringing, 0, 0, 0, FlowEnd.CallAttempt, false, null);
    }

    /// <summary>The chance in [0, 0.97] that this call is answered.</summary>
    public double AnswerChance(Ringing call)
    {
        var people = options.Value.People;
        var circle = call.Circle is null ? 0 : Metros.Contains(call.Circle) ? -0.06 : Hills.Contains(call.Circle) ? 0.05 : 0;
        var person = (Dice.Roll(options.Value.Seed, call.Number, 0, "person") - 0.5) * 0.3;
        var local = call.LocalCaller ? people.LocalCallerBonus : 0;
        var fatigue = Math.Pow(people.AttemptFatigue, call.Occasion - 1);
        return Math.Clamp((people.AnswerRate + circle + person + local) * ByHour[call.Hour] * fatigue, 0, 0.97);
    }

    private Ending Draw(Ringing call, PeopleOptions people)
    {
        if (Dice.Roll(options.Value.Seed, call.Number, 0, "exists") < people.NonExistentShare)
            return Ending.NonExistent;
        if (Roll(call, "answers") < AnswerChance(call))
            return Ending.Answered;
        var why = Roll(call, "why-not");
        return why < people.BusyShare ? Ending.Busy
            : why < people.BusyShare + people.SwitchedOffShare ? Ending.SwitchedOff
            : Ending.NoAnswer;
    }

    private Reaction Answered(Ringing call, int setup, int ring, Suffix? known, SimulatorOptions settings)
    {
        var people = settings.People;
        var machine = known is { Ending: not null } ? known.Machine : Roll(call, "machine") < people.MachineShare;
        var how = Roll(call, "flow");
        var flow = !settings.FlowConnects ? FlowEnd.CallAttempt
            : known?.FlowEnd ?? (known is { Ending: not null } || how >= people.ClientHangupShare + people.IncompleteShare ? FlowEnd.Completed
            : how < people.ClientHangupShare ? FlowEnd.ClientHangup : FlowEnd.Incomplete);

        var greeting = flow == FlowEnd.CallAttempt ? 0 : Between(2, 6, call, "greeting");
        var agentRing = flow switch
        {
            FlowEnd.Incomplete => 30,
            FlowEnd.Completed or FlowEnd.ClientHangup => Between(2, 8, call, "agent-ring"),
            _ => 0,
        };
        // Exponential around the mean: many short conversations, a few long ones.
        var talk = flow is FlowEnd.Completed or FlowEnd.CallAttempt
            ? known?.TalkSeconds ?? Math.Max(3, (int)(-Math.Log(1 - Roll(call, "talk")) * people.TalkSeconds))
            : 0;
        if (greeting + agentRing + talk > call.TimeLimit)
            (greeting, agentRing, talk) = Cap(greeting, agentRing, talk, call.TimeLimit);
        return new Reaction(Ending.Answered, setup, ring, greeting, agentRing, talk, flow, machine, Digits(call, known, people, machine))
        {
            MachineUnnoticed = machine && known is { MachineUnnoticed: true },
        };
    }

    private static (int, int, int) Cap(int greeting, int agentRing, int talk, int limit)
    {
        greeting = Math.Min(greeting, limit);
        agentRing = Math.Min(agentRing, limit - greeting);
        return (greeting, agentRing, Math.Min(talk, limit - greeting - agentRing));
    }

    private string? Digits(Ringing call, Suffix? known, PeopleOptions people, bool machine)
    {
        if (known is { Ending: not null })
            return known.Presses;
        if (machine)
            return null;
        var roll = Roll(call, "digits");
        // Every third presses again, or the key that ends keys: nothing seems to happen.
        if (roll < people.OptOutShare)
            return roll < people.OptOutShare / 3 ? "99" : roll < people.OptOutShare / 2 ? "9#" : "9";
        return roll < 0.35 ? "1" : roll < 0.5 ? "2" : null;
    }

    private double Roll(Ringing call, string aspect) => Dice.Roll(options.Value.Seed, call.Number, call.Occasion, aspect);

    private int Between(int from, int to, Ringing call, string aspect) =>
        Dice.Between(from, to, options.Value.Seed, call.Number, call.Occasion, aspect);
}
