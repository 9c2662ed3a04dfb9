using Microsoft.EntityFrameworkCore;
using Npgsql;
using Outdial.Testing;

namespace Outdial.AgentRouter.Tests.Nodes;

/// <summary>
/// Holds every transaction that gives a lead to a line at its commit, inside the database: the router has asked for the commit and has no
/// answer yet. One gate at a time in a database.
/// </summary>
internal sealed class CommitGate : IAsyncDisposable
{
    private readonly RouterNode _node;
    private readonly NpgsqlConnection _keeper;

    private CommitGate(RouterNode node, NpgsqlConnection keeper) => (_node, _keeper) = (node, keeper);

    public static async Task<CommitGate> Close(RouterNode node)
    {
        await node.Ask(db => db.Database.ExecuteSqlAsync(
            $"""
            create or replace function commit_gate() returns trigger language plpgsql
            as 'begin perform pg_advisory_xact_lock_shared(64); return null; end';
            create constraint trigger commit_gate after update on hopper deferrable initially deferred
              for each row when (old.state = 'Waiting' and new.state = 'Taken') execute function commit_gate();
            """));
        var keeper = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(node.Database) { Pooling = false }.ConnectionString);
        await keeper.OpenAsync();
        var gate = new CommitGate(node, keeper);
        await gate.Run("select pg_advisory_lock(64)");
        return gate;
    }

    /// <summary>Waits until somebody stands at the gate.</summary>
    public Task Reached() => Eventually.Async(async () => await Waiting() == 1, what: "a router waits for its commit");

    /// <summary>Lets the commit happen, though nobody is left to hear of it.</summary>
    public Task Open() => Run("select pg_advisory_unlock(64)");

    /// <summary>The commit never happens: its server process ends, as in a failure of the database.</summary>
    public async Task Break()
    {
        await Run("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())");
        await Eventually.Async(async () => await Waiting() == 0, what: "nobody waits any more");
        await Open();
    }

    public async ValueTask DisposeAsync()
    {
        await _keeper.DisposeAsync();   // and its lock with it
        await _node.Ask(db => db.Database.ExecuteSqlAsync($"drop trigger commit_gate on hopper"));
    }

    private Task<long> Waiting() => Run(
        "select count(*) from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())");

    private async Task<long> Run(string sql)
    {
        await using var command = new NpgsqlCommand(sql, _keeper);
        return await command.ExecuteScalarAsync() as long? ?? 0;
    }
}
