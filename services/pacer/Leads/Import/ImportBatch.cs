using Npgsql;
using NpgsqlTypes;
using Outdial.Pacer.CallingHours;

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
          own_zone text not null, zone_unknown boolean not null, external_id text, attributes jsonb not null) on commit delete rows
        """;

    // In the order of the numbers, so that two uploads to one campaign wait for each other and never in a circle.
    private const string InsertLeads =
        $"""
        insert into leads (id, campaign_id, number, priority, time_zone, own_zone, external_id, attributes, due_at, import_id, import_row,
          imported_at,
          reason, reason_text, reason_at)
        select i.id, $1, i.number, i.priority, i.time_zone, i.own_zone, i.external_id, i.attributes, $3, $2, i.row, $3,
          coalesce(w.reason, '{LeadReasons.InQueue}'), w.text, case when w.reason is not null then $3 end
        from incoming_leads i
        left join unnest($4::text[], $5::text[], $6::text[]) as w(zones, reason, text) on i.zone_unknown and w.zones = i.time_zone
        order by i.number, i.row
        on conflict (campaign_id, number) where idempotency_key is null do nothing
        """;

    /// <summary>A lead that waits for its time zone takes it from a row that names it.</summary>
    private const string LearnZones =
        $"""
        update leads l set own_zone = i.own_zone, time_zone = i.time_zone, reason = '{LeadReasons.InQueue}', reason_text = null, reason_at = $2,
          due_at = greatest(least(l.due_at, $2), l.call_back_at)
        from incoming_leads i
        where l.id in (
            select w.id from leads w join incoming_leads n on n.number = w.number
            where w.campaign_id = $1 and w.idempotency_key is null and w.state = 'Waiting' and w.reason = '{LeadReasons.ZoneUnknown}'
              and w.id <> n.id and n.own_zone <> ''
            order by w.number for update of w)
          and i.row = (select max(row) from incoming_leads n where n.number = l.number and n.own_zone <> '')
        """;

    private const string InsertWaiting =
        $"""
        insert into import_errors (import_id, row, ordinal, field, value, expected)
        select $1, i.row, 0, 'timezone', null, $2 from incoming_leads i join leads l on l.id = i.id where i.zone_unknown
        """;

    private const string InsertDuplicates =
        """
        insert into import_errors (import_id, row, ordinal, field, value, expected)
        select $2, i.row, 0, 'phone', i.number, case
            when l.import_id = $2 then 'a number that is not in this upload yet; row ' || l.import_row || ' has it'
            else 'a number that this campaign does not have yet'
              || case when i.own_zone <> '' and l.own_zone = i.own_zone then '; the lead has the time zone of this row' else '' end end
        from incoming_leads i join leads l on l.campaign_id = $1 and l.number = i.number and l.idempotency_key is null
        where l.id <> i.id
        """;

    private const string ZoneWanted =
        $"{CallingZones.Expected}: the number does not tell when its holder may be called. It was taken, and waits for its time zone";

    private const string Count =
        """
        update imports set rows = rows + $2, accepted = accepted + $3, rejected = rejected + $4, duplicates = duplicates + $5, encoding = $6::text,
          zone_unknown = zone_unknown + $7
        where id = $1
        """;

    /// <summary>Writes the batch, unless the campaign takes no leads any more.</summary>
    /// <returns>false, and nothing was written, when the campaign was completed or stopped meanwhile.</returns>
    public async Task<bool> TryWrite(ImportBatch batch, string? encoding, DateTimeOffset now, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);

        // Shared with the pulse, excluded by the campaign's saga: no lead slips into a campaign that is being stopped.
        var state = await Scalar<string?>("select state from campaigns where id = $1 for share", cancel, campaignId);
        if (!ImportStates.OpenCampaigns.Contains(state))
            return false;

        var accepted = 0;
        var (duplicates, waiting) = (0, 0);
        if (batch.Leads.Count > 0)
        {
            await Execute(CreateIncoming, cancel);
            await CopyLeads(batch.Leads, now, cancel);
            var unknown = batch.Leads.Where(lead => lead.ZoneUnknown).Select(lead => lead.TimeZone).Distinct().ToArray();
            accepted = await Execute(
                InsertLeads, cancel, campaignId, importId, now, unknown, unknown.Select(_ => LeadReasons.ZoneUnknown).ToArray(),
                unknown.Select(LeadReasons.ZoneUnknownText).ToArray());
            if (unknown.Length > 0)
                waiting = await Execute(InsertWaiting, cancel, importId, ZoneWanted);
            if (accepted < batch.Leads.Count)
            {
                await Execute(LearnZones, cancel, campaignId, now);
                duplicates = await Execute(InsertDuplicates, cancel, campaignId, importId);
            }
        }

        await CopyErrors(batch.BadRows, cancel);
        await Execute(
            Count, cancel, importId, (long)batch.Rows, (long)accepted, (long)batch.BadRows.Count, (long)duplicates,
            (object?)encoding ?? DBNull.Value, (long)waiting);
        await transaction.CommitAsync(cancel);
        return true;
    }

    private async Task CopyLeads(List<GoodLead> leads, DateTimeOffset now, CancellationToken cancel)
    {
        // Ids of one instant are random; sorted, they keep leads of one priority in the order of the upload.
        var ids = leads.Select(_ => Guid.CreateVersion7(now)).Order().ToArray();
        await using var copy = await connection.BeginBinaryImportAsync(
            "copy incoming_leads (id, row, number, priority, time_zone, own_zone, zone_unknown, external_id, attributes) from stdin (format binary)",
            cancel);
        for (var at = 0; at < leads.Count; at++)
        {
            var lead = leads[at];
            await copy.StartRowAsync(cancel);
            await copy.WriteAsync(ids[at], NpgsqlDbType.Uuid, cancel);
            await copy.WriteAsync(lead.Row, NpgsqlDbType.Bigint, cancel);
            await copy.WriteAsync(lead.Number, NpgsqlDbType.Text, cancel);
            await copy.WriteAsync(lead.Priority, NpgsqlDbType.Integer, cancel);
            await copy.WriteAsync(lead.TimeZone, NpgsqlDbType.Text, cancel);
            await copy.WriteAsync(lead.OwnZone, NpgsqlDbType.Text, cancel);
            await copy.WriteAsync(lead.ZoneUnknown, NpgsqlDbType.Boolean, cancel);
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
