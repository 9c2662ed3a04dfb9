using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Outdial.Contracts;
using Outdial.Pacer.Data;
using Outdial.Pacer.Pulse;
using Outdial.Platform;

namespace Outdial.Pacer.Leads.Import;

/// <param name="Format">One of <see cref="UploadFormats"/>.</param>
/// <param name="Defaults">What holds for rows that say nothing else.</param>
internal sealed record Upload(Stream Body, string Format, string? FileName, LeadDefaults Defaults)
{
    /// <summary>Which sheet of a workbook; null: the first with rows.</summary>
    public string? Sheet { get; init; }
}

/// <summary>How an upload was understood.</summary>
/// <param name="Sheet">Of a workbook: the sheet that was read, and the others that a person sees in it; null: it is a text.</param>
internal sealed record Understood(IReadOnlyList<ColumnMeaning> Columns, (string Name, IReadOnlyList<string> Others)? Sheet);

/// <summary>
/// Takes an upload in: streams it through the reader and writes it batch by batch. Whatever is committed stays, and a
/// repeated upload of the same list only finds duplicates, so that after any failure the cure is to upload again.
/// </summary>
internal sealed class LeadImporter(
    ServiceDatabase<PacerDbContext> database, PacerDbContext db, ImportStore imports, IOutbox<PacerDbContext> outbox,
    IOptions<ImportOptions> options, TimeProvider time, ILogger<LeadImporter> log)
{
    private readonly ImportOptions _options = options.Value;

    /// <exception cref="UploadRefusedException">The upload as a whole makes no sense; nothing was written.</exception>
    /// <exception cref="OperationCanceledException">The uploader went away; the import is marked as failed.</exception>
    public async Task<(ImportView Import, Understood Understood)> Import(Guid campaign, Upload upload, CancellationToken cancel)
    {
        await using var reader = await LeadReader.Open(upload.Body, upload.Format, upload.Defaults, _options.Limits, cancel, upload.Sheet);
        var id = Guid.CreateVersion7(time.GetUtcNow());
        await using var connection = await database.OpenAsync(cancel);
        await ImportStore.Begin(connection, id, campaign, ShownText.Of(upload.FileName), reader.Format, time.GetUtcNow(), cancel);
        var failure = "The import was broken off by an error of the platform. The rows that are counted are in; upload the list again for the rest.";
        try
        {
            failure = await ReadAll(reader, new ImportWriter(connection, id, campaign), campaign, cancel);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)   // BadHttpRequestException is one
        {
            failure = e is BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }
                ? $"The upload is larger than {_options.MaxBytes} bytes, as it is or unpacked (Imports:MaxBytes). The rows that are counted are in."
                : e is UploadBrokenException ? e.Message
                : "The upload broke off. The rows that are counted are in; upload the list again for the rest.";
            if (cancel.IsCancellationRequested)
                throw;
        }
        finally
        {
            // Also when the uploader is gone: the campaign must not wait for an import that nobody reads.
            await Finish(id, campaign, failure, reader.Encoding);
            await ImportStore.Release(connection, id);
        }
        return ((await imports.Find(id, cancel))!, new(reader.Columns, reader.Sheet));
    }

    /// <returns>Why it ended early, or null.</returns>
    private async Task<string?> ReadAll(LeadReader reader, ImportWriter writer, Guid campaign, CancellationToken cancel)
    {
        var batch = new ImportBatch();
        long rows = 0;
        await foreach (var row in reader.Read(cancel))
        {
            if (++rows > _options.MaxRows)
            {
                await Write();
                return $"The upload has more than {Counted.Of(_options.MaxRows, "row")} (Imports:MaxRows); those after were not read.";
            }
            batch.Add(row);
            if (batch.Rows >= _options.BatchSize && !await Write())
                return await Closed();
        }
        return await Write() ? null : await Closed();

        async Task<string> Closed()
        {
            var state = await db.Campaigns.Where(c => c.CorrelationId == campaign).Select(c => c.State).SingleOrDefaultAsync(cancel);
            return state is null ? "The campaign was deleted while the upload was read."
                : $"The campaign became {state} while the upload was read; the rows after were not taken.";
        }

        async Task<bool> Write()
        {
            if (!await writer.TryWrite(batch, reader.Encoding, time.GetUtcNow(), cancel))
                return false;
            if (batch.Leads.Count > 0)
                await db.LookAtNewLeads(campaign, time.GetUtcNow(), cancel);
            batch.Clear();
            return true;
        }
    }

    /// <summary>The last word on the import, and the event, in one transaction.</summary>
    private async Task Finish(Guid id, Guid campaign, string? failure, string? encoding)
    {
        var now = time.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(CancellationToken.None);
        await imports.Finish(id, failure is null ? ImportStates.Completed : ImportStates.Failed, failure, encoding, now, CancellationToken.None);
        var import = (await imports.Find(id, CancellationToken.None))!;
        await outbox.Publish(new LeadsImported
        {
            EventId = Guid.CreateVersion7(now),
            CampaignId = campaign,
            ImportId = id,
            Accepted = import.Accepted,
            Rejected = import.Rejected,
            Duplicates = import.Duplicates,
            OccurredAt = now,
        }, CancellationToken.None);
        await db.SaveChangesAsync(CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
        log.ImportEnded(id, campaign, import.State, import.Rows, import.Accepted, import.Rejected, import.Duplicates, import.Failure);
    }
}

internal static partial class Log
{
    [LoggerMessage(EventId = 2301, Level = LogLevel.Information,
        Message = "Import {ImportId} into campaign {CampaignId} {State}: {Rows} rows, {Accepted} accepted, "
            + "{Rejected} rejected, {Duplicates} duplicates. {Failure}")]
    public static partial void ImportEnded(
        this ILogger log, Guid importId, Guid campaignId, string state, long rows, long accepted, long rejected, long duplicates, string? failure);

    [LoggerMessage(EventId = 2302, Level = LogLevel.Warning, Message = "{Count} imports were left by a process that ended, and are marked as failed")]
    public static partial void ImportsAbandoned(this ILogger log, int count);
}
