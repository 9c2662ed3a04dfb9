using Microsoft.EntityFrameworkCore;
using Npgsql;
using Outdial.Contracts;
using Outdial.Pacer.Data;

namespace Outdial.Pacer.Leads.Import;

/// <summary>Reads imports and keeps their state.</summary>
internal sealed class ImportStore(PacerDbContext db)
{
    private const string Columns =
        """
        select id as import_id, campaign_id, state, file_name, format, encoding,
          rows, accepted, rejected, duplicates, failure, zone_unknown,
          started_at, finished_at
        from imports
        """;

    // Held by the reading process for as long as it reads. PostgreSQL lets go of it when the process dies.
    private const string LockClass = "1279607108";   // any number that no other lock of this database has
    private const string IsBeingRead =
        $"""
        exists (select from pg_locks where locktype = 'advisory' and classid = {LockClass} and objsubid = 2 and granted
          and database = (select oid from pg_database where datname = current_database())
          and objid = (hashtext(imports.id::text)::bigint & 4294967295)::oid)
        """;

    public Task<ImportView?> Find(Guid id, CancellationToken cancel) =>
        db.Database.SqlQueryRaw<ImportView>($"{Columns} where id = {{0}}", id).SingleOrDefaultAsync(cancel);

    /// <summary>Newest first.</summary>
    /// <param name="after">Only older ones than this; null: all.</param>
    public IQueryable<ImportView> OfCampaign(Guid campaign, Guid? after) =>
        db.Database.SqlQueryRaw<ImportView>($"{Columns} where campaign_id = {{0}}", campaign)
            .Where(import => after == null || import.ImportId < after).OrderByDescending(import => import.ImportId);

    /// <summary>Errors of the rows after <paramref name="after"/>, about <paramref name="limit"/> of them: a row's errors stay together.</summary>
    public Task<List<RowError>> Errors(Guid id, long after, int limit, CancellationToken cancel) => db.Database.SqlQuery<RowError>(
        $"""
        select row, field, value, expected from import_errors
        where import_id = {id} and row > {after} and row <= (
          select max(row) from (select row from import_errors where import_id = {id} and row > {after} order by row, ordinal limit {limit}) page)
        order by row, ordinal
        """).ToListAsync(cancel);

    /// <summary>Begins an import on a connection that lives as long as the import is read.</summary>
    internal static async Task Begin(
        NpgsqlConnection connection, Guid id, Guid campaign, string? fileName, string format, DateTimeOffset now, CancellationToken cancel)
    {
        await using var hold = new NpgsqlCommand($"select pg_advisory_lock({LockClass}, hashtext($1::text))", connection);
        hold.Parameters.Add(new() { Value = id });
        await hold.ExecuteNonQueryAsync(cancel);
        await using var insert = new NpgsqlCommand(
            "insert into imports (id, campaign_id, state, file_name, format, started_at) values ($1, $2, $3, $4, $5, $6)", connection);
        foreach (var value in (object[])[id, campaign, ImportStates.Running, (object?)fileName ?? DBNull.Value, format, now])
            insert.Parameters.Add(new() { Value = value });
        await insert.ExecuteNonQueryAsync(cancel);
    }

    internal static async Task Release(NpgsqlConnection connection, Guid id)
    {
        await using var command = new NpgsqlCommand($"select pg_advisory_unlock({LockClass}, hashtext($1::text))", connection);
        command.Parameters.Add(new() { Value = id });
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    internal Task<int> Finish(Guid id, string state, string? failure, string? encoding, DateTimeOffset now, CancellationToken cancel) =>
        db.Database.ExecuteSqlAsync(
            $"""
            update imports set state = {state}, failure = {failure}, encoding = {encoding}, finished_at = {now}
            where id = {id} and state = {ImportStates.Running}
            """, cancel);

    /// <summary>Ends the imports whose process is gone, so that their campaigns do not wait for them.</summary>
    /// <returns>How many there were.</returns>
    public Task<int> FailAbandoned(DateTimeOffset now, CancellationToken cancel) => db.Database.ExecuteSqlRawAsync(EndAbandoned, [now], cancel);

    private const string EndAbandoned =
        $$"""
        update imports set state = 'Failed', finished_at = {0},
          failure = 'The process that read the upload ended before it did. The rows that are counted are in; upload the list again for the rest.'
        where state = 'Running' and not {{IsBeingRead}}
        """;
}
