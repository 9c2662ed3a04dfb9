using System.Text.RegularExpressions;

namespace Outdial.EndToEnd.Tests.Rigs;

/// <summary>Looks for people's telephone numbers in texts that must not hold them.</summary>
public sealed class PersonalData
{
    private static readonly Regex Digits = new(@"\d{10,15}", RegexOptions.Compiled);
    private readonly HashSet<string> _national;

    /// <param name="numbers">E.164, of India: <c>+91</c> and ten digits.</param>
    public PersonalData(IEnumerable<string> numbers) => _national = [.. numbers.Select(number => number[^10..])];

    /// <summary>
    /// The numbers found, in whatever form they are written: +91…, 91…, 0…, percent-encoded or the bare ten digits. Every
    /// ten digits in a row are looked at, so that a prefix or a suffix hides nothing.
    /// </summary>
    public IEnumerable<string> FoundIn(string text) =>
        from run in Digits.Matches(text)
        from start in Enumerable.Range(0, run.Length - 9)
        let candidate = run.Value.Substring(start, 10)
        where _national.Contains(candidate)
        select candidate;
}
