using System.Globalization;

namespace Outdial.Platform;

/// <summary>A number and the word that it counts, as English has it: <c>1 lead is</c>, <c>2 leads are</c>.</summary>
public static class Counted
{
    /// <param name="one">What there is one of: <c>lead</c>.</param>
    /// <param name="many">Of several, where it is not <paramref name="one"/> with an s: <c>tries</c>.</param>
    public static string Of(long number, string one, string? many = null) =>
        $"{number.ToString(CultureInfo.InvariantCulture)} {(number == 1 ? one : many ?? one + "s")}";

    /// <summary>The same with its verb, for a sentence of which it is the subject.</summary>
    public static string Are(long number, string one, string? many = null) => $"{Of(number, one, many)} {(number == 1 ? "is" : "are")}";

    /// <summary>The same of what is over.</summary>
    public static string Were(long number, string one, string? many = null) => $"{Of(number, one, many)} {(number == 1 ? "was" : "were")}";

    /// <summary>The same with a verb that takes an s of one: <c>1 lead waits</c>, <c>2 leads wait</c>.</summary>
    public static string Do(long number, string one, string verb, string? many = null) => $"{Of(number, one, many)} {(number == 1 ? verb + "s" : verb)}";
}
