using Outdial.Pacer.CallingHours;
using Outdial.Platform;

namespace Outdial.Pacer.Leads.Import;

/// <summary>What became of one row of an upload: a <see cref="GoodLead"/> or a <see cref="BadRow"/>.</summary>
/// <param name="Row">As a spreadsheet numbers it: the line that names the columns is 1, and blank ones count. In NDJSON the line.</param>
internal abstract record ImportRow(long Row);

/// <param name="Number">E.164. Personal data.</param>
/// <param name="Priority">Higher is dialed first.</param>
/// <param name="TimeZone">IANA name, or several parted by commas: all that are minded.</param>
/// <param name="Attributes">All other columns, as the text of one JSON object; empty cells are left out.</param>
internal sealed record GoodLead(long Row, string Number, int Priority, string TimeZone, string? ExternalId, string Attributes) : ImportRow(Row)
{
    /// <summary>The zone that the row names; empty: none.</summary>
    public string OwnZone { get; init; } = "";

    /// <summary>The campaign's hours are never on in all its zones at once: it waits until somebody names its own.</summary>
    public bool ZoneUnknown { get; init; }

    /// <summary>For logs and test output: the number masked, the attributes not shown.</summary>
    public override string ToString() => $"row {Row}: {Masked.Number(Number)}";
}

/// <summary>A row that cannot become a lead, with everything that is wrong with it.</summary>
internal sealed record BadRow(long Row, IReadOnlyList<RowError> Errors) : ImportRow(Row);

/// <param name="Field">The column, or <c>row</c> when the row as a whole is wrong.</param>
/// <param name="Value">As it was uploaded, at most <see cref="ShownText.Longest"/> characters; null when there was none. Personal data.</param>
/// <param name="Expected">What would have been right, in words that finish "expected …".</param>
internal sealed record RowError(long Row, string Field, string? Value, string Expected);

/// <summary>The whole upload makes no sense; the message is a sentence for the uploader.</summary>
/// <param name="problem">The same, by its parts.</param>
internal sealed class UploadRefusedException(string message, FieldProblem problem, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>Where the file as a whole is wrong, and where the line that names the columns is.</summary>
    public const string File = "file", Header = "file.header";

    public FieldProblem Problem => problem;

    /// <summary>Of the answer.</summary>
    public int Status { get; init; } = StatusCodes.Status400BadRequest;
}

/// <summary>The upload cannot be read on; the rows before are good. The message is a sentence for the uploader.</summary>
internal sealed class UploadBrokenException(string message, Exception? cause = null) : IOException(message, cause)
{
    /// <summary>The same by its parts.</summary>
    public FieldProblem Problem { get; } = Whole(message);

    /// <param name="why">What became of it, in sentences, of which the first says it.</param>
    public static FieldProblem Whole(string why) => new(UploadRefusedException.File, why.Split(". ")[0], "a list that can be read to its end");
}

/// <summary>What holds for a row that says nothing else.</summary>
/// <param name="Region">How a number without country code is read; one of <see cref="Providers.PhoneNumber.Regions"/>.</param>
/// <param name="Window">When the campaign calls.</param>
/// <param name="At">When it was uploaded.</param>
internal sealed record LeadDefaults(string Region, CallingWindow Window, DateTimeOffset At);

/// <summary>How much of an upload is believed.</summary>
internal sealed record ImportLimits
{
    public int Columns { get; init; } = 100;

    /// <summary>Characters, quoted line breaks included.</summary>
    public int RowLength { get; init; } = 64 * 1024;

    /// <summary>A row's attributes as JSON, in bytes of UTF-8.</summary>
    public int AttributeBytes { get; init; } = 4 * 1024;

    public int ExternalIdLength { get; init; } = 200;

    /// <summary>Bytes of a compressed upload once it is unpacked, and of a workbook's sheets.</summary>
    public long UnpackedBytes { get; init; } = 1L << 30;

    /// <summary>Bytes of a workbook as it comes: it waits on the disk while it is read.</summary>
    public long WorkbookBytes { get; init; } = 64 << 20;

    /// <summary>Bytes of the texts that a workbook's sheets share, which are held in memory.</summary>
    public long WorkbookTextBytes { get; init; } = 64 << 20;
}

/// <summary>Text of an upload made fit for storing and showing.</summary>
internal static class ShownText
{
    public const int Longest = 200;

    /// <summary>At most <see cref="Longest"/> characters; NUL and halves of characters, which PostgreSQL refuses, become U+FFFD.</summary>
    public static string? Of(string? text)
    {
        if (text is null)
            return null;
        var shown = (text.Length <= Longest ? text : text[..(Longest - 1)] + "…").ToCharArray();
        for (var i = 0; i < shown.Length; i++)
        {
            if (char.IsHighSurrogate(shown[i]) && i + 1 < shown.Length && char.IsLowSurrogate(shown[i + 1]))
                i++;
            else if (shown[i] == '\0' || char.IsSurrogate(shown[i]))
                shown[i] = '\uFFFD';
        }
        return new string(shown);
    }
}
