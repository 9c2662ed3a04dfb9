using System.Text.Json;
using Outdial.Contracts;

namespace Outdial.Providers.PortaSwitch.Words;

/// <summary>
/// How a customer's leg ended. Whether it was ever connected is looked at first: the same code, 487, is sent for answered calls
/// that ended normally and for calls that nobody took.
/// </summary>
/// <param name="Connected">The customer had picked up.</param>
/// <param name="Outcome">
/// One of <see cref="Outcomes"/>. Of a connected leg it is Abandoned, and provisional: the ledger knows whether an agent was there.
/// </param>
/// <param name="Known">False when neither code nor words were understood.</param>
internal sealed record Termination(bool Connected, string Outcome, int? Code, string? Reason, bool Known)
{
    public static Termination Read(JsonElement leg, PortaSwitchFields fields, TimeZoneInfo zone)
    {
        var (code, reason) = (leg.Int(fields.ReasonCode), leg.Text(fields.Reason));
        if (leg.Time(fields.ConnectTime, zone) is not null || leg.Seconds(fields.Duration) > TimeSpan.Zero)
            return new Termination(true, Outcomes.Abandoned, code, reason, true);
        var outcome = OfCode(code, reason) ?? OfWords(reason);
        return new Termination(false, outcome ?? Outcomes.Unknown, code, reason, outcome is not null);
    }

    /// <summary>SIP's codes, as carriers use them for calls that were not answered.</summary>
    private static string? OfCode(int? code, string? reason) => code switch
    {
        480 => Outcomes.NoAnswer,
        486 or 600 => Outcomes.Busy,
        // Seen with "Auth Failed" for destinations that the switch would not route: numbers that are none.
        403 => Says(reason, "auth failed") ? Outcomes.InvalidNumber : Outcomes.Barred,
        404 or 410 or 484 or 604 => Outcomes.InvalidNumber,
        408 or 502 => Outcomes.Unreachable,
        487 => Says(reason, "call control api") ? Outcomes.Canceled : Outcomes.NoAnswer,
        603 => Outcomes.Rejected,
        401 or 402 or 407 => Outcomes.ProviderError,
        488 or 606 or (>= 500 and < 600) => Outcomes.NetworkFailure,
        _ => null,
    };

    private static string? OfWords(string? reason) => reason switch
    {
        null => null,
        _ when Says(reason, "busy") => Outcomes.Busy,
        _ when Says(reason, "declin") || Says(reason, "reject") => Outcomes.Rejected,
        _ when Says(reason, "no answer") || Says(reason, "temporarily unavailable") || Says(reason, "timeout") => Outcomes.NoAnswer,
        _ when Says(reason, "not found") || Says(reason, "unallocated") || Says(reason, "invalid") || Says(reason, "incomplete") => Outcomes.InvalidNumber,
        _ when Says(reason, "forbidden") || Says(reason, "barred") || Says(reason, "blocked") => Outcomes.Barred,
        _ when Says(reason, "cancel") => Outcomes.Canceled,
        _ when Says(reason, "congestion") || Says(reason, "service unavailable") || Says(reason, "server") => Outcomes.NetworkFailure,
        _ => null,
    };

    private static bool Says(string? reason, string words) => reason?.Contains(words, StringComparison.OrdinalIgnoreCase) == true;
}
