using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Outdial.Platform.Storage;

/// <summary>Says of a service's database that after a restoration it is not served before its <see cref="IAfterRestore"/> was run.</summary>
internal sealed class CareAfterRestore<TDb>
    where TDb : DbContext;

/// <summary>
/// Where a database lives. One that was restored from a dump stands in another place than its own rows say: that is how it is
/// noticed, without anybody having to think of it. A physical copy that was rolled forward keeps its identity and is not noticed.
/// </summary>
internal static class DatabaseHome
{
    /// <summary>The server's own number and the database's in it: no two databases share both.</summary>
    private const string Identity =
        "(select (select system_identifier from pg_control_system()) || '/' || oid from pg_database where datname = current_database())";

    /// <summary>Settles here, unless it has a home already.</summary>
    public static Task SettleAsync(NpgsqlConnection connection, DateTimeOffset now, CancellationToken cancel) =>
        WriteAsync(connection, $"insert into database_home (identity, since) values ({Identity}, $1) on conflict do nothing", now, cancel);

    /// <summary>Takes this place for its home from now on.</summary>
    public static Task MoveAsync(NpgsqlConnection connection, DateTimeOffset now, CancellationToken cancel) =>
        WriteAsync(connection,
            $"insert into database_home (identity, since) values ({Identity}, $1) on conflict (one) do update set identity = excluded.identity, since = excluded.since",
            now, cancel);

    /// <summary>False: its rows come from a dump of another database. One that never settled is at home anywhere.</summary>
    public static async Task<bool> IsHereAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var look = new NpgsqlCommand($"select not exists (select from database_home where identity <> {Identity})", connection);
        return (bool)(await look.ExecuteScalarAsync(cancel))!;
    }

    private static async Task WriteAsync(NpgsqlConnection connection, string sql, DateTimeOffset now, CancellationToken cancel)
    {
        await using var write = new NpgsqlCommand(sql, connection);
        write.Parameters.Add(new() { Value = now });
        await write.ExecuteNonQueryAsync(cancel);
    }
}
