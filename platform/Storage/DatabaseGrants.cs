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
            GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {to};
            GRANT USAGE ON SCHEMA public TO {to};
            GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {to};
            GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {to};
            REVOKE INSERT, UPDATE, DELETE ON schema_history FROM {to};
            ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {to};
            ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO {to};
            """, connection);
        await grant.ExecuteNonQueryAsync(cancel);
    }
}
