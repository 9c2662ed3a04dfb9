namespace Outdial.Pacer.Suppressions;

/// <summary>Whether keys that a person pressed ask not to be called again. Pure.</summary>
/// <remarks>
/// A key is pressed twice because nothing seems to happen, a menu's <c>#</c> is pressed by habit, and whoever pressed the wrong key presses the
/// right one
/// after it. In doubt the person is left in peace: an entry in the list can be taken out again, a call cannot. So one key beside the opt-out is a
/// slip, before it (<c>19</c>) or after it (<c>91</c>). With more, the digits are something that the flow asked for: a date, an account's number.
/// </remarks>
internal static class OptOut
{
    private const int MostSlips = 1;

    /// <param name="pressed">As the provider tells them: <c>9</c>, <c>"99"</c>, <c>9#</c>, <c>9 9</c>, <c>9,9</c>.</param>
    /// <param name="keys">The campaign's opt-out: 1 to 10 keys of 0-9, * and #; null or empty: there is none.</param>
    public static bool IsAsked(string pressed, string? keys)
    {
        if (string.IsNullOrEmpty(keys))
            return false;
        // The provider keeps a # at the end for itself: it ends the keys.
        var wanted = keys.TrimEnd('#') is { Length: > 0 } words ? words : keys;
        var digits = string.Concat(pressed.Select(Plain).Where(key => char.IsAsciiDigit(key) || (key is '*' or '#' && wanted.Contains(key))));
        var others = digits.Replace(wanted, "", StringComparison.Ordinal).Length;
        return others < digits.Length && (others == 0 || digits.Length <= wanted.Length + MostSlips);
    }

    /// <summary>A digit of any script as 0 to 9.</summary>
    private static char Plain(char key) => char.IsDigit(key) ? (char)('0' + (int)char.GetNumericValue(key)) : key;
}
