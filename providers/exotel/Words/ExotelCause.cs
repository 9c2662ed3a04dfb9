using System.Globalization;
using Outdial.Contracts;

namespace Outdial.Providers.Exotel.Words;

/// <summary>
/// Why a leg ended: a Q.850 number (Exotel's own above 127) and its name. Exotel sends the name as <c>CauseCode</c> and the
/// number as <c>Cause</c>; both orders are read.
/// </summary>
internal readonly record struct ExotelCause(int? Number, string? Name)
{
    public static ExotelCause Read(string? cause, string? causeCode)
    {
        var (number, name) = (Number(cause), Number(causeCode));
        return new ExotelCause(number ?? name, number is null && cause is not null ? cause : name is null ? causeCode : null);

        static int? Number(string? text) =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
    }

    /// <summary>The outcome of a call that was not answered, by its cause (Q.850); null when the cause says nothing.</summary>
    public string? Outcome => Number switch
    {
        1 or 22 or 28 => Outcomes.InvalidNumber,
        2 or 3 => Outcomes.NetworkFailure,   // a missing route: the number may be right, so it is not struck off
        17 => Outcomes.Busy,
        18 or 20 or 27 => Outcomes.Unreachable,
        19 or 1003 => Outcomes.NoAnswer,
        21 => Outcomes.Rejected,
        29 or 34 or 38 or 41 or 42 or 44 or 47 or 58 or 65 or 79 or 88 or 102 or 111 or 127 => Outcomes.NetworkFailure,
        52 or 54 or 55 or 57 => Outcomes.Barred,
        null => Name?.ToUpperInvariant() switch
        {
            "UNALLOCATED_NUMBER" or "NUMBER_CHANGED" or "INVALID_NUMBER_FORMAT" => Outcomes.InvalidNumber,
            "USER_BUSY" => Outcomes.Busy,
            "RING_TIMEOUT" or "NO_ANSWER" => Outcomes.NoAnswer,
            "NO_USER_RESPONSE" or "SUBSCRIBER_ABSENT" or "DESTINATION_OUT_OF_ORDER" => Outcomes.Unreachable,
            "CALL_REJECTED" => Outcomes.Rejected,
            _ => null,
        },
        _ => null,
    };
}
