using System.Globalization;
using System.Text;
using Outdial.Cli.Processes;

namespace Outdial.Cli.Demo;

/// <summary>
/// A first look at a list of leads, before anything is built or started for it: what cannot be one is refused. The platform's own upload, which
/// tells every bad row, comes later. The script <c>outdial</c> looks at the same, before it builds this program.
/// </summary>
public static class LeadFile
{
    /// <summary>So much of the file is looked at.</summary>
    private const int Looked = 64 * 1024;

    /// <summary>The fewest digits that a telephone number has in a list.</summary>
    private const int FewestDigits = 7;

    /// <exception cref="CommandFailure">It is no list of leads; the message says what is wrong and what would have been right.</exception>
    public static FileInfo Checked(FileInfo file)
    {
        if (Directory.Exists(file.FullName))
            throw new CommandFailure($"{file.FullName} is a folder; expected a list of leads.");
        if (!file.Exists)
            throw new CommandFailure($"There is no file {file.FullName}.");
        var head = new byte[Looked];
        int length;
        try
        {
            using var stream = file.OpenRead();
            length = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"{file.FullName} cannot be read: {e.Message}");
        }
        return Wrong(head.AsSpan(0, length), file.Length) is { } wrong ? throw new CommandFailure($"{file.FullName} {wrong}") : file;
    }

    /// <summary>What is wrong with a list of which this is the beginning; null: nothing that can be seen at first.</summary>
    public static string? Wrong(ReadOnlySpan<byte> head, long length)
    {
        if (length == 0)
            return "is empty; expected a header and a row for each lead.";
        if (head is [(byte)'P', (byte)'K', 3 or 5, ..] or [0xD0, 0xCF, 0x11, 0xE0, ..] or [0x1F, 0x8B, ..])
            return null;   // a workbook, or packed: the upload reads it
        var text = head is [0xFF, 0xFE, ..] ? Encoding.Unicode.GetString(head) : head is [0xFE, 0xFF, ..] ? Encoding.BigEndianUnicode.GetString(head)
            : Encoding.UTF8.GetString(head);
        if (text.Contains('\0'))
            return "is no text and no workbook; expected a list of leads.";
        var rows = text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (rows.Length < 2)
            return "has a header alone, or one line; expected a header and a row for each lead.";
        var where = rows.Length == 2 ? "its only row" : string.Create(CultureInfo.InvariantCulture, $"any of its {rows.Length - 1} rows");
        return rows.Skip(1).Any(row => row.Count(char.IsAsciiDigit) >= FewestDigits) || length > Looked ? null
            : $"has no telephone number in {where}; expected a column of them, such as phone.";
    }
}
