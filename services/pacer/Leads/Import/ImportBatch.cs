using Npgsql;
using NpgsqlTypes;

namespace Outdial.Pacer.Leads.Import;

/// <summary>Rows of an upload that go into the database together.</summary>
internal sealed class ImportBatch
{
    public List<GoodLead> Leads { get; } = [];
    public List<BadRow> BadRows { get; } = [];
    public int Rows => Leads.Count + BadRows.Count;

    public void Add(ImportRow row)
    {
        if (row is GoodLead lead)
            Leads.Add(lead);
        else if (row is BadRow bad)
            BadRows.Add(bad);
    }

    public void Clear()
    {
        Leads.Clear();
        BadRows.Clear();
    }
}

/// <summary>
/// Writes a batch: leads, errors, duplicates and counts in one transaction. COPY into a temporary table and one INSERT
/// from there, because COPY itself cannot step over a number that the campaign has already.
/// </summary>
internal sealed class ImportWriter(NpgsqlConnection connection, Guid importId, Guid campaignId)
{
    private const string CreateIncoming =
        """
        create temporary table if not exists incoming_leads (
          id uuid not null, row bigint not null, number text not null, priority int not null, time_zone text not null,
          external_id text, attributes jsonb not null) on commit delete rows
        """;

    // In the order of the numbers, so that two uploads to one campaign wait for each other and never in a circle.
    private const string InsertLeads =
        """
        insert into leads (id, campaign_id, number, priority, time_zone, external_id, attributes, due_at, import_id, import_row, imported_at)
        select id, $1, number, priority, time_zone, external_id, attributes, $3, $2, row, $3 from incoming_leads order by number, row
        on conflict (campaign_id, number) where idempotency_key is null do nothing
        """;

    private const string InsertDuplicates =
        """
        insert into import_errors (import_id, row, ordinal, field, value, expected)
        select $2, i.row, 0, 'phone', i.number, case
            when l.import_id = $2 then 'a number that is not in this upload yet; row ' || l.import_row || ' has it'
            else 'a number that this campaign does not have yet' end
        from incoming_leads i join leads l on l.campaign_id = $1 and l.number = i.number and l.idempotency_key is null
        where l.id <> i.id
        """;

    private const string Count =
        """
        update imports set rows = rows + $2, accepted = accepted + $3, rejected = rejected + $4, duplicates = duplicates + $5, encoding = $6
        where id = $1
        """;

    /// <summary>Writes the batch, unless the campaign takes no leads any more.</summary>
    /// <returns>false, and nothing was written, when the campaign was completed or stopped meanwhile.</returns>
    public async Task<bool> TryWriteAsync(ImportBatch batch, string encoding, DateTimeOffset now, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);

        // Shared with the pulse, excluded by the campaign's saga: no lead slips into a campaign that is being stopped.
        var state = await Scalar<string?>("select state from campaigns where id = $1 for share", cancel, campaignId);
        if (!ImportStates.OpenCampaigns.Contains(state))
            return false;

        var accepted = 0;
        var duplicates = 0;
        if (batch.Leads.Count > 0)
        {
            await Execute(CreateIncoming, cancel);
            await CopyLeads(batch.Leads, now, cancel);
            accepted = await Execute(InsertLeads, cancel, campaignId, importId, now);
            if (accepted < batch.Leads.Count)
                duplicates = await Execute(InsertDuplicates, cancel, campaignId, importId);
        }

        await CopyErrors(batch.BadRows, cancel);
        await Execute(Count, cancel, importId, (long)batch.Rows, (long)accepted, (long)batch.BadRows.Count, (long)duplicates, encoding);
        await transaction.CommitAsync(cancel);
        return true;
    }

    private async Task CopyLeads(List<GoodLead> leads, DateTimeOffset now, CancellationToken cancel)
    {
        // Ids of one instant are random; sorted, they keep leads of one priority in the order of the upload.
        var ids = leads.Select(_ => Guid.CreateVersion7(now)).Order().ToArray();
        await using var copy = await connection.BeginBinaryImportAsync(
            "copy incoming_leads (id, row, number, priority, time_zone, external_id, attributes) from stdin (format binary)", cancel);
        for (var at = 0; at < leads.Count; at++)
        {
            var lead = leads[at];
            await copy.StartRowAsync(cancel);
            await copy.WriteAsync(ids[at], NpgsqlDbType.Uuid, cancel);
            await copy.WriteAsync(lead.Row, NpgsqlDbType.Bigint, cancel);
            await copy.WriteAsync(lead.Number, NpgsqlDbType.Text, cancel);
            await copy.WriteAsync(lead.Priority, NpgsqlDbType.Integer, cancel);
            await copy.WriteAsync(lead.TimeZone, NpgsqlDbType.Text, cancel);
            await WriteText(copy, lead.ExternalId, cancel);
            await copy.WriteAsync(lead.Attributes, NpgsqlDbType.Jsonb, cancel);
        }
        await copy.CompleteAsync(cancel);
    }

    private async Task CopyErrors(List<BadRow> rows, CancellationToken cancel)
    {
        if (rows.Count == 0)
            return;
        await using var copy = await connection.BeginBinaryImportAsync(
            "copy import_errors (import_id, row, ordinal, field, value, expected) from stdin (format binary)", cancel);
        foreach (var (row, errors) in rows)
        {
            for (var ordinal = 0; ordinal < errors.Count; ordinal++)
            {
                await copy.StartRowAsync(cancel);
                await copy.WriteAsync(importId, NpgsqlDbType.Uuid, cancel);
                await copy.WriteAsync(row, NpgsqlDbType.Bigint, cancel);
                await copy.WriteAsync(ordinal, NpgsqlDbType.Integer, cancel);
                await copy.WriteAsync(errors[ordinal].Field, NpgsqlDbType.Text, cancel);
                await WriteText(copy, errors[ordinal].Value, cancel);
                await copy.WriteAsync(errors[ordinal].Expected, NpgsqlDbType.Text, cancel);
            }
        }
        await copy.CompleteAsync(cancel);
    }

    private static Task WriteText(NpgsqlBinaryImporter copy, string? text, CancellationToken cancel) =>
        text is null ? copy.WriteNullAsync(cancel) : copy.WriteAsync(text, NpgsqlDbType.Text, cancel);

    private async Task<int> Execute(string sql, CancellationToken cancel, params object[] values)
    {
        await using var command = Command(sql, values);
        return await command.ExecuteNonQueryAsync(cancel);
    }

    private async Task<T> Scalar<T>(string sql, CancellationToken cancel, params object[] values)
    {
        await using var command = Command(sql, values);
        return (T)(await command.ExecuteScalarAsync(cancel))!;
    }

    private NpgsqlCommand Command(string sql, object[] values)
    {
        var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return command;
    }
}
