using System.Text.RegularExpressions;
using Outdial.Platform;

namespace Outdial.Pacer.Leads.Import;

/// <summary>What a cell says, without what a spreadsheet or our own files put around it so that it stays text.</summary>
internal static partial class SpreadsheetText
{
    /// <param name="field">As uploaded: <c>="09825012345"</c>, a formula that says "this is text", or a cell of a file that Outdial wrote.</param>
    public static string Read(string field) => field.Length > 0 && field[0] is '=' or ' ' && Formula().Match(field) is { Success: true } formula
        ? formula.Groups["text"].Value.Replace("\"\"", "\"", StringComparison.Ordinal)
        : SafeCell.Read(field);

    [GeneratedRegex("""^\s*=\s*"(?<text>(?:[^"]|"")*)"\s*$""", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Formula();
}
