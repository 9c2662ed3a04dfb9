using Npgsql;
using Outdial.Testing;

namespace Outdial.Pacer.Tests.Nodes;

/// <summary>
/// Another replica that is just looking at the only campaign, which was due: it has made its picture, holds the row, and has not committed.
/// </summary>
internal sealed class PulseOfAnother : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;

    private PulseOfAnother(NpgsqlDataSource source, NpgsqlConnection connection, NpgsqlTransaction transaction) =>
        (_source, _connection, _transaction) = (source, connection, transaction);

    public static async Task<PulseOfAnother> Looking(PacerNode node)
    {
        var source = NpgsqlDataSource.Create(node.Database);
        var connection = await source.OpenConnectionAsync();
        while (true)
        {
            await Run(connection, "update campaign_pulses set next_at = $1", node.Clock.GetUtcNow());
            var transaction = await connection.BeginTransactionAsync();
            if (await Run(connection, "select next_at <= $1 from campaign_pulses for update", node.Clock.GetUtcNow()) is true)
                return new(source, connection, transaction);
            await transaction.DisposeAsync();   // the node's own pulse came first
        }
    }

    /// <summary>Somebody wants to change the row.</summary>
    public Task IsWaitedFor() => Eventually.Async(async () =>
    {
        await using var ask = _source.CreateCommand("select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')");
        return await ask.ExecuteScalarAsync() is true;
    });

    public async Task Ends(DateTimeOffset nextLook)
    {
        await Run(_connection, "update campaign_pulses set next_at = $1", nextLook);
        await _transaction.CommitAsync();
    }

    private static async Task<object?> Run(NpgsqlConnection connection, string sql, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return await command.ExecuteScalarAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
        await _source.DisposeAsync();
    }
}
