using Outdial.Contracts;

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
/// <param name="Rows">Rows that were not blank.</param>
/// <param name="Duplicates">Good rows whose number the campaign has already, or an earlier row of the upload.</param>
/// <param name="Encoding">How the bytes were read: <c>utf-8</c>, <c>utf-16le</c>, <c>utf-16be</c>, <c>windows-1252</c>.</param>
/// <param name="Failure">Why it failed, as a sentence.</param>
internal sealed record ImportView(
    Guid ImportId, Guid CampaignId, string State, string? FileName, string Format, string? Encoding, long Rows, long Accepted, long Rejected,
    long Duplicates, string? Failure, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt)
{
    /// <summary>Accepted leads whose number does not tell when they may be called: they wait for a time zone of their own.</summary>
    public long ZoneUnknown { get; init; }

    public string ErrorsUrl => $"/api/v1/imports/{ImportId}/errors";
}

/// <summary>An import at its end, with the first of its errors.</summary>
/// <param name="Region">In which country numbers without a country's code were read, where no column says another.</param>
/// <param name="Columns">How the columns were understood.</param>
internal sealed record ImportResult(
    Guid ImportId, Guid CampaignId, string State, string? FileName, string Format, string? Encoding, long Rows, long Accepted, long Rejected,
    long Duplicates, string? Failure, IReadOnlyList<RowError> Errors, string ErrorsUrl, string? Region = null,
    IReadOnlyList<ColumnMeaning>? Columns = null)
{
    /// <summary>Accepted leads that wait for a time zone of their own; their rows are among the errors.</summary>
    public long ZoneUnknown { get; init; }

    /// <summary>What the uploader should know of the accepted leads, as a sentence; null: nothing.</summary>
    public string? Notice => string.Join(' ', new[] { Waiting, NotUnderstood }.OfType<string>()) is { Length: > 0 } notice ? notice : null;

    private string? Waiting => ZoneUnknown == 0 ? null
        : $"{ZoneUnknown} of the accepted leads wait with the reason {LeadReasons.ZoneUnknown}: their numbers do not tell when they may be called. "
            + "Upload those rows again with a column timezone.";

    private string? NotUnderstood =>
        Columns?.Where(column => column.Meaning.StartsWith("attribute", StringComparison.Ordinal)
                && (column.Meaning.Length > "attribute".Length || ColumnNames.SpeaksOfCountries(column.Name)))
            .Select(column => $"'{column.Name}'").ToList() is { Count: > 0 } names
            ? $"By their names the columns {string.Join(", ", names)} may tell countries or calling codes; "
                + $"they were taken for attributes, and say nothing of "
                + $"how numbers were read ({Region}). If they do, call them 'phone_country' or 'phone_code' and upload the list again."
            : null;

    public static ImportResult Of(ImportView import, IReadOnlyList<RowError> errors, string region, IReadOnlyList<ColumnMeaning> columns) => new(
        import.ImportId, import.CampaignId, import.State, import.FileName, import.Format, import.Encoding, import.Rows, import.Accepted,
        import.Rejected, import.Duplicates, import.Failure, errors, import.ErrorsUrl, region, columns)
    {
        ZoneUnknown = import.ZoneUnknown,
    };
}
