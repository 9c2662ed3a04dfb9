using Outdial.Cli.Verdicts;

namespace Outdial.Cli.Api;

/// <summary>One connect request in the simulator's record.</summary>
public sealed record SimulatorLine(DateTimeOffset At, bool Accepted, int Status, string? CustomField, SimulatorCall? Call);

/// <summary>The true life of the call that a request became.</summary>
/// <param name="Outcome"><c>completed</c>, <c>busy</c>, <c>no-answer</c> or <c>failed</c>; null while it lasts.</param>
/// <param name="Cause">The person's side, such as <c>SwitchedOff</c>.</param>
/// <param name="Flow">What became of an answered call in the flow, such as <c>ClientHangup</c>.</param>
public sealed record SimulatorCall(
    string Sid, string Number, string? Outcome, string? Cause, string? Flow, DateTimeOffset CreatedAt, DateTimeOffset? AnsweredAt,
    DateTimeOffset? EndedAt, bool Machine)
{
    /// <summary><c>call</c>; of a call in a configured flow <c>line</c> (an agent's), <c>customer</c> or <c>inbound</c>.</summary>
    public string Kind { get; init; } = "call";

    /// <summary>What the flow dialed, in order.</summary>
    public IReadOnlyList<SimulatorLeg> Legs { get; init; } = [];

    public IReadOnlyList<SimulatorCallback> Callbacks { get; init; } = [];
}

/// <summary>One phone that a flow dialed; what is still open is null.</summary>
/// <param name="Status"><c>completed</c>, <c>busy</c>, <c>no-answer</c>, <c>failed</c> or <c>canceled</c>.</param>
/// <param name="Cause">Such as <c>UNALLOCATED_NUMBER</c>.</param>
public sealed record SimulatorLeg(
    string Number, DateTimeOffset DialedAt, DateTimeOffset? AnsweredAt, DateTimeOffset? EndedAt, string? Status, string? Cause);

/// <summary>One callback and what came of it.</summary>
/// <param name="DueAt">When it was to be sent; mischief may have held it back.</param>
/// <param name="Leg">The index of the leg that it speaks of.</param>
public sealed record SimulatorCallback(string Kind, string Event, DateTimeOffset DueAt, bool Delivered, int? Leg);

/// <summary>Counts over the record.</summary>
/// <param name="Faults">How often each fault was injected.</param>
public sealed record SimulatorSummary(SimulatorCalls Calls, SimulatorCallbacks Callbacks, IReadOnlyDictionary<string, int> Faults);

/// <param name="PeakConcurrent">The most calls that existed at one moment.</param>
public sealed record SimulatorCalls(int Placed, int PeakConcurrent);

/// <param name="Duplicates">Planned copies of callbacks.</param>
/// <param name="FailedTries">Requests that we did not take.</param>
public sealed record SimulatorCallbacks(int Delivered, int Dropped, int GivenUp, int Duplicates, int Tries, int FailedTries);

/// <summary>Turns the simulator's record into the truth that a ledger is judged by. Pure.</summary>
public static class SimulatorRecord
{
    // A customer who called us was not dialed.
    private const string Inbound = "inbound";

    /// <summary>A word that comes later after the end may find the campaign over.</summary>
    private static readonly TimeSpan InTime = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Minute = TimeSpan.FromSeconds(60);

    public static ProviderRecord Read(IReadOnlyList<SimulatorLine> lines, int budget) => new(
        [.. from line in lines let call = line.Call where call is not null && call.Kind != Inbound select Placed(line, call!)],
        Peak(lines.Select(line => line.At)), budget);

    /// <summary>What went along with the request begins with the attempt's id; a signature follows.</summary>
    private static Guid? AttemptOf(string? echo) => echo is { Length: >= 36 } && Guid.TryParse(echo.AsSpan(0, 36), out var attempt) ? attempt : null;

    private static PlacedCall Placed(SimulatorLine line, SimulatorCall call) => new(
        call.Sid, AttemptOf(line.CustomField), call.Number, call.CreatedAt, call.EndedAt,
        Outcomes(call), call.AnsweredAt is not null);

    /// <summary>
    /// What the ledger may show. More than one where the provider's webhooks do not tell the difference: the plain status
    /// callback says neither who picked up, nor how far the lead came in the flow, nor why a call failed.
    /// </summary>
    private static IReadOnlyList<string> Outcomes(SimulatorCall call) => (call.Outcome, call.Cause) switch
    {
        (null, _) => [],
        ("completed", _) when call.Kind == "customer" => OfCustomer(call),
        // The flow went on after nobody had picked up: whoever did not hear how cannot know.
        ("completed", _) when WentOn(call) && !ToldInTime(call, "end") => ["Completed", "Abandoned", "MachineAnswered"],
        ("completed", _) when call.Machine => ["MachineAnswered", "Completed"],
        ("completed", _) when call.Flow is "ClientHangup" or "Incomplete" => ["Abandoned", "Completed"],
        ("completed", _) => ["Completed"],
        ("busy", _) => ["Busy"],
        ("no-answer", _) => ["NoAnswer"],
        (_, "NonExistent") => ["InvalidNumber", "Unreachable"],
        _ => ["Unreachable"],
    };

    private static bool WentOn(SimulatorCall call) => call.Callbacks.Any(callback => callback is { Kind: "passthru", Event: "incomplete" });

    private static bool ToldInTime(SimulatorCall call, string passthru) => call.Callbacks.Any(
        callback => callback is { Kind: "passthru", Delivered: true } && callback.Event == passthru && callback.DueAt <= call.EndedAt + InTime);

    /// <summary>An answered customer reached an agent when one of the dialed phones picked up; if nothing told so, nobody can know.</summary>
    private static IReadOnlyList<string> OfCustomer(SimulatorCall call)
    {
        var connected = call.Legs.Any(leg => leg.AnsweredAt is not null);
        var told = call.Callbacks.Any(callback =>
            callback is { Delivered: true, Leg: not null } and ({ Kind: "dialed" } or { Kind: "popup", Event: "answered" }));
        IReadOnlyList<string> truth = connected ? ["Completed"] : ["Abandoned"];
        if (connected && !told)
            truth = ["Completed", "Abandoned"];
        return call.Machine ? [.. truth, "MachineAnswered"] : truth;
    }

    /// <summary>The most instants in any stretch of 60 seconds, its first included and its last excluded.</summary>
    internal static int Peak(IEnumerable<DateTimeOffset> instants)
    {
        var (window, peak) = (new Queue<DateTimeOffset>(), 0);
        foreach (var at in instants.Order())
        {
            window.Enqueue(at);
            while (window.Peek() <= at - Minute)
                window.Dequeue();
            peak = Math.Max(peak, window.Count);
        }
        return peak;
    }
}
