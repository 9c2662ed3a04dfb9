using System.Buffers.Text;
using Outdial.Cli.Verdicts;

namespace Outdial.Cli.Api;

/// <summary>One request for a call in the simulator's record of its PortaSwitch dialect.</summary>
/// <param name="CustomField">The address that the call's events were to be sent to.</param>
public sealed record PortaLine(DateTimeOffset At, string? CustomField, PortaLineCall? Call);

/// <summary>The true life of the call that a request became.</summary>
/// <param name="Outcome"><c>completed</c>, <c>busy</c>, <c>no-answer</c> or <c>failed</c>; null while it lasts.</param>
/// <param name="Cause">The person's side, such as <c>SwitchedOff</c>.</param>
public sealed record PortaLineCall(
    string Sid, string Number, string? Outcome, string? Cause, DateTimeOffset CreatedAt, DateTimeOffset? AnsweredAt, DateTimeOffset? EndedAt,
    PortaLineQueue? Queue, IReadOnlyList<PortaLineEvent> Callbacks);

/// <param name="ConnectedAt">When person and agent heard each other; null: never.</param>
/// <param name="SilentFrom">From then on no events were sent, although the call went on.</param>
public sealed record PortaLineQueue(DateTimeOffset? ConnectedAt, DateTimeOffset? SilentFrom, int? ReasonCode);

/// <param name="Event">The state; of an agent's leg with <c>agent-</c> before it.</param>
/// <param name="Fault">What struck it; null: nothing.</param>
public sealed record PortaLineEvent(string Event, string? Fault, bool Delivered);

/// <summary>Turns the simulator's record of PortaSwitch calls into the truth that a ledger is judged by. Pure.</summary>
public static class PortaRecord
{
    public static ProviderRecord Read(IReadOnlyList<PortaLine> lines, int budget) => new(
        [.. from line in lines let call = line.Call where call is not null select Placed(line, call!)],
        SimulatorRecord.Peak(lines.Select(line => line.At)), budget);

    /// <summary>
    /// The attempt that an address for events was made for: bytes 8 to 23 of the token in it, if its version and purpose say so. The claims of a
    /// token are signed and not secret.
    /// </summary>
    public static Guid? Attempt(string? address)
    {
        var token = Uri.TryCreate(address, UriKind.Absolute, out var uri) ? uri.Segments.SkipLast(1).LastOrDefault()?.Trim('/') : null;
        Span<byte> bytes = stackalloc byte[128];
        return token is { Length: <= 128 } && Base64Url.IsValid(token) && Base64Url.TryDecodeFromChars(token, bytes, out var length) && length > 24
            && (bytes[0], bytes[2]) is (2, 1)
            ? new Guid(bytes[8..24], bigEndian: true)
            : null;
    }

    private static PlacedCall Placed(PortaLine line, PortaLineCall call)
    {
        IReadOnlyList<string> outcomes = [.. Outcomes(call)];
        bool? answered = call.AnsweredAt is null ? false : outcomes.Contains("Unknown") ? null : true;
        return new(call.Sid, Attempt(line.CustomField), call.Number, call.CreatedAt, call.EndedAt, outcomes, answered);
    }

    /// <summary>
    /// What the ledger may show: the truth, and, only where the events that tell it were lost, came late or were never sent, what
    /// is left to believe. PortaSwitch keeps no records of calls that are over, so nobody can be asked afterwards.
    /// </summary>
    private static IEnumerable<string> Outcomes(PortaLineCall call)
    {
        if (call.Outcome is not { } outcome)
            yield break;
        var queue = call.Queue;
        if (outcome == "completed")
        {
            if (queue?.ConnectedAt is not null)
                yield return "Completed";
            if (queue?.ConnectedAt is null || !Heard(call, "agent-connected"))
                yield return "Abandoned";
            if (!Heard(call, "connected"))
                yield return "Unknown";
            yield break;
        }
        yield return (outcome, call.Cause, queue?.ReasonCode) switch
        {
            ("busy", _, _) => "Busy",
            ("no-answer", _, _) => "NoAnswer",
            (_, "NonExistent", 404) => "InvalidNumber",
            (_, "NonExistent", _) => "Rejected",
            _ => "Unreachable",
        };
        // A carrier's 480 and 403 say less than the simulator knows.
        if (queue?.ReasonCode == 480)
            yield return outcome == "no-answer" ? "Unreachable" : "NoAnswer";
        if (queue?.ReasonCode == 403)
        {
            yield return "Barred";
            yield return "InvalidNumber";
        }
        if (!Heard(call, "terminated"))
            yield return "Unknown";
    }

    private static bool Heard(PortaLineCall call, string name) => call.Callbacks.Any(e => e is { Delivered: true, Fault: null } && e.Event == name);
}
