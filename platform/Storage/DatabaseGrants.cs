using Npgsql;

namespace Outdial.Platform.Storage;

/// <summary>
/// The rights of the role that serves: reading and changing rows, now and in tables that later scripts make, and nothing that
/// changes the schema or its history.
/// </summary>
internal static class DatabaseGrants
{
    /// <param name="connection">Of the owner, while it holds the migrator's lock: two grants at once would collide.</param>
    /// <param name="role">An existing role.</param>
    /// <exception cref="PostgresException">The role does not exist, or the connection's user does not own the tables.</exception>
    public static async Task GrantAsync(NpgsqlConnection connection, string role, CancellationToken cancel)
    {
        var names = new NpgsqlCommandBuilder();
        var (to, database) = (names.QuoteIdentifier(role), names.QuoteIdentifier(connection.Database));
        await using var grant = new NpgsqlCommand($"""
            grant connect, temporary on database {database} to {to};
            grant usage on schema public to {to};
            grant select, insert, update, delete on all tables in schema public to {to};
            grant usage, select, update on all sequences in schema public to {to};
            revoke insert, update, delete on schema_history from {to};
            alter default privileges in schema public grant select, insert, update, delete on tables to {to};
            alter default privileges in schema public grant usage, select, update on sequences to {to};
            """, connection);
        await grant.ExecuteNonQueryAsync(cancel);
    }
}
