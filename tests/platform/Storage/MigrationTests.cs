using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Outdial.Platform.Storage;
using Outdial.Testing;

namespace Outdial.Platform.Tests.Storage;

public sealed class MigrationTests
{
    private static readonly Migrator s_migrator = new(NullLogger<Migrator>.Instance, TimeProvider.System);

    [Fact]
    public async Task An_applied_script_with_another_text_is_refused_by_its_name()
    {
        await using var source = NpgsqlDataSource.Create(await PostgresServer.CreateDatabaseAsync("migrations"));
        await s_migrator.ApplyAsync(source, [new("pacer/0001-leads.sql", "CREATE TABLE leads (id int)")], CancellationToken.None);

        var refusal = await Assert.ThrowsAsync<SchemaRefusedException>(() =>
            s_migrator.ApplyAsync(source, [new("pacer/0001-leads.sql", "CREATE TABLE leads (id bigint)")], CancellationToken.None));

        Assert.Contains("pacer/0001-leads.sql", refusal.Message);
    }

    [Fact]
    public async Task Line_ends_do_not_count_as_a_change()
    {
        await using var source = NpgsqlDataSource.Create(await PostgresServer.CreateDatabaseAsync("migrations"));
        await s_migrator.ApplyAsync(source, [new("pacer/0001-leads.sql", "CREATE TABLE leads\n(id int)")], CancellationToken.None);

        await s_migrator.ApplyAsync(source, [new("pacer/0001-leads.sql", "CREATE TABLE leads\r\n(id int)")], CancellationToken.None);

        Assert.Equal(1L, await Scalar(source, "SELECT count(*) FROM schema_history"));
    }

    [Fact]
    public async Task Processes_that_start_at_once_create_one_database_and_apply_each_script_once()
    {
        var missing = new NpgsqlConnectionStringBuilder(await PostgresServer.ConnectionStringAsync()) { Database = $"fresh_{Guid.NewGuid():N}" };

        var services = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => TestService.Start(_ => { }, missing.ConnectionString)));

        Assert.Empty(await services[0].Notes());
        var scripts = await services[0].Query(db => db.Database
            .SqlQueryRaw<string>("SELECT script AS \"Value\" FROM schema_history ORDER BY applied_at").ToListAsync());
        Assert.Equal(["platform/0001-outbox.sql", "platform/0002-home.sql", "test/0001-notes.sql"], scripts);
        await Task.WhenAll(services.Select(s => s.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task A_script_that_fails_leaves_nothing_of_itself()
    {
        await using var source = NpgsqlDataSource.Create(await PostgresServer.CreateDatabaseAsync("migrations"));

        await Assert.ThrowsAsync<PostgresException>(() => s_migrator.ApplyAsync(source,
            [new("pacer/0001-good.sql", "CREATE TABLE good (id int)"), new("pacer/0002-bad.sql", "CREATE TABLE half (id int); SELECT nonsense;")],
            CancellationToken.None));

        Assert.Equal("good", await Scalar(source, "SELECT string_agg(table_name, ',') FROM information_schema.tables WHERE table_name IN ('good', 'half')"));
    }

    [Fact]
    public void A_missing_connection_string_is_named()
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });

        var error = Assert.Throws<InvalidOperationException>(() => builder.AddDatabase<TestDb>("test"));

        Assert.Contains("ConnectionStrings:test", error.Message);
    }

    [Fact]
    public void An_unknown_transport_is_refused()
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Messaging:Transport"] = "pigeon" });

        var error = Assert.Throws<InvalidOperationException>(() => builder.AddBus());

        Assert.Contains("Messaging:Transport", error.Message);
        Assert.Contains("pigeon", error.Message);
    }

    private static async Task<object?> Scalar(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
