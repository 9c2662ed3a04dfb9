using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace Outdial.Platform.Hosting;

/// <summary>What stops a start because of the configuration, in sentences that name setting, value and expectation.</summary>
internal static partial class WrongSettings
{
    /// <returns>The sentences; null when it is something else that failed.</returns>
    public static IReadOnlyList<string>? Of(Exception error) => error switch
    {
        OptionsValidationException wrong => Told(wrong.Failures),
        AggregateException several when several.InnerExceptions.Select(Of).ToList() is var all && !all.Contains(null) =>
            [.. all.SelectMany(each => each!)],
        InvalidOperationException unread when Unread().Match(Flat(unread)) is { Success: true } found => [Sentence(found)],
        // What is read while the parts are put together: Clock:Speed is 'x'; expected …
        InvalidOperationException early when OfSetting().IsMatch(early.Message) => [early.Message],
        _ => null,
    };

    // Said twice: by the rule for all options, which names section and value, and by the one that ASP.NET brings.
    private static IReadOnlyList<string> Told(IEnumerable<string> failures)
    {
        var all = failures.Distinct(StringComparer.Ordinal).ToList();
        var plain = all.Where(failure => !failure.StartsWith("DataAnnotation validation failed", StringComparison.Ordinal)).ToList();
        return plain.Count > 0 ? plain : all;
    }

    private static string Flat(Exception error) =>
        error.InnerException is InvalidOperationException inner && !Unread().IsMatch(error.Message) ? Flat(inner) : error.Message;

    private static string Sentence(Match found) =>
        $"{found.Groups["path"].Value} is '{found.Groups["value"].Value}'; expected {Expected(found.Groups["type"].Value)}.";

    private static string Expected(string type) => type switch
    {
        "System.Boolean" => "true or false",
        "System.Int32" or "System.Int64" or "System.UInt16" => "a whole number",
        "System.Double" => "a number such as 0.5",
        "System.TimeSpan" => PlainRules.Duration,
        "System.Guid" => "a UUID",
        _ => $"a value of the kind {type.Split('.')[^1]}",
    };

    [GeneratedRegex(@"^Failed to convert configuration value( '(?<value>.*)')? at '(?<path>[^']+)' to type '(?<type>[^']+)'",
        RegexOptions.ExplicitCapture | RegexOptions.Singleline)]
    private static partial Regex Unread();

    [GeneratedRegex(@"^[A-Z]\w*(:[\w-]+)+ (is|has|cannot) ")]
    private static partial Regex OfSetting();
}
