using System.Diagnostics;
using Npgsql;
using Outdial.LocalServers;
using Outdial.Testing;

namespace Outdial.Platform.Tests.LocalServers;

public sealed class PrivatePostgresTests : IDisposable
{
    private readonly string _folder = TemporaryFolder.Make("postgres-test");

    [Fact]
    public async Task A_restart_in_the_same_folder_finds_the_data_again()
    {
        await using (var first = await Start())
            await Execute(await first.DatabaseAsync("pacer"), "create table kept as select 42 as answer");

        await using var second = await Start();

        Assert.Equal(42, await Execute(await second.DatabaseAsync("pacer"), "select answer from kept"));
    }

    [Fact]
    public async Task A_folder_in_use_is_refused_in_words_that_say_what_to_do()
    {
        await using var first = await Start();

        var refusal = await Assert.ThrowsAsync<LocalServerException>(Start);

        Assert.Contains("in use by another running Outdial. Stop that one first", refusal.Message);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_server_killed_in_the_middle_comes_back_with_all_that_was_committed(bool fsync)
    {
        await using var first = await Start(fsync);
        var database = await first.DatabaseAsync("pacer");
        await Execute(database, "create table kept (answer integer)");
        await Execute(database, "checkpoint");
        await Execute(database, "insert into kept values (42)");
        Process.GetProcessById(first.ProcessId).Kill();
        await Eventually.Async(() => !IsRunning(first.ProcessId));
        await first.StopAsync();

        await using var second = await Start(fsync);

        Assert.Equal(42, await Execute(await second.DatabaseAsync("pacer"), "select answer from kept"));
    }

    [Fact]
    public async Task Nothing_runs_after_the_stop()
    {
        var server = await Start();
        var id = server.ProcessId;

        await server.StopAsync();

        Assert.False(IsRunning(id));
    }

    [Fact]
    public async Task A_stranger_without_the_password_gets_no_connection()
    {
        await using var server = await Start();
        var stranger = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Password = "guess" }.ConnectionString;

        var refusal = await Assert.ThrowsAsync<PostgresException>(() => Execute(stranger, "select 1"));

        Assert.Equal(PostgresErrorCodes.InvalidPassword, refusal.SqlState);
    }

    [Fact]
    public async Task Every_database_a_test_asks_for_is_its_own()
    {
        var databases = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => PostgresServer.CreateDatabaseAsync("own")));

        foreach (var database in databases)
            await Execute(database, "create table t (n int)");

        Assert.Equal(5, databases.Distinct().Count());
    }

    public void Dispose() => TemporaryFolder.Remove(_folder);

    private Task<PrivatePostgres> Start() => Start(fsync: false);

    private Task<PrivatePostgres> Start(bool fsync) => PrivatePostgres.StartAsync(new PrivatePostgresOptions(_folder) { Fsync = fsync });

    private static async Task<object?> Execute(string address, string sql)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(address) { Pooling = false });
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    private static bool IsRunning(int id)
    {
        try
        {
            return !Process.GetProcessById(id).HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
