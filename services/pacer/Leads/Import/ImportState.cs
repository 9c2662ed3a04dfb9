using Outdial.Contracts;
using Outdial.Platform;

namespace Outdial.Pacer.Leads.Import;

/// <summary>The states of an import.</summary>
internal static class ImportStates
{
    public const string Running = "Running";
    public const string Completed = "Completed";

    /// <summary>It ended early; the rows that were counted are in, and uploading the same list again does no harm.</summary>
    public const string Failed = "Failed";

    /// <summary>The states of a campaign that takes leads.</summary>
    public static readonly string[] OpenCampaigns = [CampaignStates.Draft, CampaignStates.Scheduled, CampaignStates.Running, CampaignStates.Paused];
}

/// <summary>An import as the API shows it. While it runs the counts grow batch by batch; accepted + rejected + duplicates = rows.</summary>
internal sealed record ImportView
{
    public required Guid ImportId { get; init; }
    public required Guid CampaignId { get; init; }
    [OneOf(typeof(ImportStates))]
    public required string State { get; init; }
    public required string? FileName { get; init; }
    /// <summary>How it came: as a list, or <c>copy</c> of another campaign's leads.</summary>
    [OneOf(typeof(UploadFormats), nameof(UploadFormats.Stored))]
    public required string Format { get; init; }

    /// <summary>How the bytes were read: <c>utf-8</c>, <c>utf-16le</c>, <c>utf-16be</c>, <c>windows-1252</c>; null: it was a workbook.</summary>
    public required string? Encoding { get; init; }

    /// <summary>Rows that were not blank.</summary>
    public required long Rows { get; init; }

    public required long Accepted { get; init; }
    public required long Rejected { get; init; }

    /// <summary>Good rows whose number the campaign has already, or an earlier row of the upload.</summary>
    public required long Duplicates { get; init; }

    /// <summary>Why it failed, as a sentence.</summary>
    public required string? Failure { get; init; }

    public required DateTimeOffset StartedAt { get; init; }
    public required DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Accepted leads whose number does not tell when they may be called: they wait for a time zone of their own.</summary>
    public long ZoneUnknown { get; init; }

    public string ErrorsUrl => $"/api/v1/imports/{ImportId}/errors";
}

/// <summary>An import at its end, with the first of its errors.</summary>
internal sealed record ImportResult
{
    public required Guid ImportId { get; init; }
    public required Guid CampaignId { get; init; }
    public required string State { get; init; }
    public required string? FileName { get; init; }
    public required string Format { get; init; }
    public required string? Encoding { get; init; }
    public required long Rows { get; init; }
    public required long Accepted { get; init; }
    public required long Rejected { get; init; }
    public required long Duplicates { get; init; }
    public required string? Failure { get; init; }
    public required IReadOnlyList<RowError> Errors { get; init; }
    public required string ErrorsUrl { get; init; }

    /// <summary>In which country numbers without a country's code were read, where no column says another.</summary>
    public string? Region { get; init; }

    /// <summary>How the columns were understood.</summary>
    public IReadOnlyList<ColumnMeaning>? Columns { get; init; }

    /// <summary>Accepted leads that wait for a time zone of their own; their rows are among the errors.</summary>
    public long ZoneUnknown { get; init; }

    /// <summary>Of a workbook: which sheet was read.</summary>
    public string? Sheet { get; init; }

    /// <summary>Of a workbook: the other sheets that a person sees in it, unread.</summary>
    public IReadOnlyList<string> OtherSheets { get; init; } = [];

    /// <summary>What the uploader should know, in sentences; null: nothing.</summary>
    public string? Notice =>
        string.Join(' ', new[] { Nothing, OneSheet, Waiting, NotUnderstood }.OfType<string>()) is { Length: > 0 } notice ? notice : null;

    private string? Nothing => Rows > 0 || Failure is not null ? null
        : Format == UploadFormats.Ndjson ? "The upload has no line with a lead."
        : "The upload has the line that names the columns, and no row after it.";

    private string? OneSheet => OtherSheets.Count == 0 ? null
        : $"Of the workbook the sheet '{Sheet}' was read. It also has {string.Join(", ", OtherSheets.Take(20).Select(name => $"'{name}'"))}: "
            + "?sheet= names the one that is meant.";

    private string? Waiting => ZoneUnknown == 0 ? null
        : $"{Counted.Do(ZoneUnknown, "accepted lead", "wait")} with the reason {LeadReasons.ZoneUnknown}: the number alone does not tell when it "
            + "may be called. Upload the list again with a column timezone.";

    private string? NotUnderstood =>
        Columns?.Where(column => column.Meaning.StartsWith("attribute", StringComparison.Ordinal)
                && (column.Meaning.Length > "attribute".Length || ColumnNames.SpeaksOfCountries(column.Name)))
            .Select(column => $"'{column.Name}'").ToList() is { Count: > 0 } names
            ? $"By their names the columns {string.Join(", ", names)} may tell countries or calling codes; "
                + $"they were taken for attributes, and say nothing of "
                + $"how numbers were read ({Region}). If they do, call them 'phone_country' or 'phone_code' and upload the list again."
            : null;

    public static ImportResult Of(ImportView import, IReadOnlyList<RowError> errors, string region, Understood understood) => new()
    {
        ImportId = import.ImportId,
        CampaignId = import.CampaignId,
        State = import.State,
        FileName = import.FileName,
        Format = import.Format,
        Encoding = import.Encoding,
        Rows = import.Rows,
        Accepted = import.Accepted,
        Rejected = import.Rejected,
        Duplicates = import.Duplicates,
        Failure = import.Failure,
        Errors = errors,
        ErrorsUrl = import.ErrorsUrl,
        Region = region,
        Columns = understood.Columns,
        Sheet = ShownText.Of(understood.Sheet?.Name),
        OtherSheets = [.. understood.Sheet?.Others.Select(name => ShownText.Of(name)!) ?? []],
        ZoneUnknown = import.ZoneUnknown,
    };
}
