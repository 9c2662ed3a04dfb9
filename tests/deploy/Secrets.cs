using System.Text.RegularExpressions;

namespace Outdial.Deploy.Tests;

/// <summary>What looks like a secret by its name.</summary>
internal static partial class Secrets
{
    public static bool IsNameOfOne(string setting) => Name().IsMatch(setting);

    /// <summary>A variable without which compose does not start; no value of its own.</summary>
    public static bool IsRequired(string value) => Required().IsMatch(value);

    [GeneratedRegex("(Password|PASS|Key|Token|Secret|Hash)$", RegexOptions.IgnoreCase)]
    private static partial Regex Name();

    [GeneratedRegex(@"^\$\{OUTDIAL_\w+:\?[^}]+\}$")]
    private static partial Regex Required();
}
