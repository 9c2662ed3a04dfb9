using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.RegularExpressions;
using Outdial.Cli.Parsing;

namespace Outdial.Cli.Demo;

/// <summary>The options of <c>outdial demo</c> that only a provider with real phones needs.</summary>
internal sealed partial class RealPhoneOptions
{
    private static readonly TimeSpan ShortestRedial = TimeSpan.FromSeconds(1), LongestRedial = TimeSpan.FromDays(1);

    public Option<string[]> CallerIds { get; } = new("--caller-id")
    {
        Description = "A number of yours that leads see, E.164; may be given more than once. Without it, all that the provider lists.",
        CustomParser = ReadCallerIds,
    };

    public Option<CallingHours?> Window { get; } = new("--window")
    {
        Description = "When people may be called, on their own clock and on every day, such as 09:00-20:00, or \"09:00-20:00 Asia/Kolkata\" "
            + "with the zone of leads that leave theirs open. Without it, 09:00-21:00 from Monday to Saturday.",
        CustomParser = ReadWindow,
    };

    public Option<TimeSpan?> Redial { get; } = new("--redial")
    {
        Description = "For a trial: try again so long after every call that reached nobody, such as 90s, 5m or 00:01:30. "
            + "Without it, the platform's usual delays, up to hours.",
        CustomParser = ReadRedial,
    };

    public Option<DirectoryInfo?> Folder { get; } = new("--folder")
    {
        Description = "Where the ledger of these calls is kept. Default: .outdial/demo-exotel of the checkout.",
    };

    public Option<bool> Yes { get; } = Asked.Flag("--yes", "Do not ask before a real provider is told to ring real phones.");

    public IEnumerable<Option> All => [CallerIds, Window, Redial, Folder, Yes];

    private static string[] ReadCallerIds(ArgumentResult result)
    {
        foreach (var token in result.Tokens.Where(token => !E164().IsMatch(token.Value)))
            result.AddError($"--caller-id is '{token.Value}' and must be a number in E.164 form, a plus sign and 8 to 15 digits, such as +918047851000.");
        return [.. result.Tokens.Select(token => token.Value).Distinct()];
    }

    private static CallingHours? ReadWindow(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (CallingHours.TryRead(text, out var hours, out var expected))
            return hours;
        result.AddError($"--window is '{text}' and must be {expected}.");
        return null;
    }

    private static TimeSpan? ReadRedial(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (TryDuration(text, out var after) && after >= ShortestRedial && after <= LongestRedial)
            return after;
        result.AddError($"--redial is '{text}' and must be a time from 1s to 24h, such as 90s, 5m or 00:01:30.");
        return null;
    }

    private static bool TryDuration(string text, out TimeSpan duration)
    {
        if (Amount().Match(text) is { Success: true } match)
        {
            var seconds = long.Parse(
                match.Groups[1].Value, CultureInfo.InvariantCulture) * (match.Groups[2].Value switch { "s" => 1, "m" => 60, _ => 3600 });
            duration = TimeSpan.FromSeconds(seconds);
            return true;
        }
        return TimeSpan.TryParseExact(text, @"hh\:mm\:ss", CultureInfo.InvariantCulture, out duration);
    }

    [GeneratedRegex(@"\A\+[1-9][0-9]{7,14}\z")]
    private static partial Regex E164();

    [GeneratedRegex(@"\A([0-9]{1,6})([smh])\z")]
    private static partial Regex Amount();
}
