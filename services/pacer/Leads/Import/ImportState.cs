using Outdial.Contracts;

namespace Outdial.Pacer.Leads.Import;

/// <summary>The states of an import.</summary>
public static class ImportStates
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
public sealed record ImportView(
    Guid ImportId, Guid CampaignId, string State, string? FileName, string Format, string? Encoding, long Rows, long Accepted, long Rejected,
    long Duplicates, string? Failure, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt)
{
    public string ErrorsUrl => $"/api/v1/imports/{ImportId}/errors";
}

/// <summary>An import at its end, with the first of its errors.</summary>
public sealed record ImportResult(
    Guid ImportId, Guid CampaignId, string State, string? FileName, string Format, string? Encoding, long Rows, long Accepted, long Rejected,
    long Duplicates, string? Failure, IReadOnlyList<RowError> Errors, string ErrorsUrl)
{
    public static ImportResult Of(ImportView import, IReadOnlyList<RowError> errors) => new(
        import.ImportId, import.CampaignId, import.State, import.FileName, import.Format, import.Encoding, import.Rows, import.Accepted,
        import.Rejected, import.Duplicates, import.Failure, errors, import.ErrorsUrl);
}
