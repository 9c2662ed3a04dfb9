using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Outdial.LocalServers;
using Outdial.Platform.Storage;
using Outdial.Testing;

namespace Outdial.Platform.Tests.Hosting;

public sealed class MigrateVerbTests
{
    private const string Scripts = "SELECT string_agg(script, ',' ORDER BY script) FROM schema_history";

    [Fact]
    public async Task Several_at_once_and_one_more_create_the_database_and_apply_each_script_once()
    {
        var program = await VerbProgram.WithoutDatabase();

        Assert.Equal(new[] { 0, 0, 0 }, await Task.WhenAll(program.Run("migrate"), program.Run("migrate"), program.Run("migrate")));
        Assert.Equal(0, await program.Run("migrate"));

        Assert.Equal("platform/0001-outbox.sql,platform/0002-home.sql,test/0001-notes.sql", await program.Scalar(Scripts));
    }

    [Fact]
    public async Task The_serving_role_changes_rows_also_of_later_tables_and_neither_the_schema_nor_its_history()
    {
        var role = await CreateRole();
        var program = await VerbProgram.WithoutDatabase(("Database:GrantTo", role));
        Assert.Equal(new[] { 0, 0 }, await Task.WhenAll(program.Run("migrate"), program.Run("migrate")));
        await program.Scalar("CREATE TABLE later (id bigint GENERATED ALWAYS AS IDENTITY, text_value text)");

        await using var serving = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(program.Database) { Username = role, Password = role, Pooling = false });

        await Execute(serving, "INSERT INTO notes (text_value) VALUES ('mine'); UPDATE notes SET text_value = 'still mine'; DELETE FROM notes");
        await Execute(serving, "INSERT INTO later (text_value) VALUES ('mine too')");
        foreach (var forbidden in (string[])["CREATE TABLE mine (id int)", "ALTER TABLE notes ADD COLUMN mine int", "DROP TABLE notes", "DELETE FROM schema_history"])
            Assert.Equal(
                PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => Execute(serving, forbidden))).SqlState);
    }

    [Fact]
    public async Task A_role_that_does_not_exist_ends_it_with_1()
    {
        var program = await VerbProgram.WithoutDatabase(("Database:GrantTo", "nobody_of_that_name"));

        Assert.Equal(1, await program.Run("migrate"));
    }

    [Fact]
    public async Task A_server_that_stays_away_ends_it_with_75()
    {
        var program = new VerbProgram($"Host=127.0.0.1;Port={FreePort.Next()};Username=u;Password=p;Database=d", ("Database:StartTimeout", "00:00:00"));

        Assert.Equal(75, await program.Run("migrate"));
    }

    [Fact]
    public async Task An_applied_script_with_another_text_ends_it_with_1()
    {
        var program = await VerbProgram.WithoutDatabase();
        await program.Run("migrate");
        await program.Scalar("UPDATE schema_history SET checksum = repeat('0', 64) WHERE script = 'test/0001-notes.sql'");

        Assert.Equal(1, await program.Run("migrate"));
        Assert.Equal(1, await program.Run());
    }

    [Fact]
    public async Task A_word_that_is_no_verb_ends_it_with_64()
    {
        var program = await VerbProgram.WithoutDatabase();

        Assert.Equal(64, await program.Run("migrat"));
    }

    [Fact]
    public async Task A_process_goes_on_serving_while_scripts_are_applied_beneath_it()
    {
        var program = await VerbProgram.WithoutDatabase();
        await program.Run("migrate");
        await using var service = await TestService.Start(_ => { }, program.Database);
        using var enough = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            var written = 0;
            for (; !enough.IsCancellationRequested; written++)
                await service.PublishWithNote(new Outbox.NoteWritten("while migrating"), "while migrating");
            return written;
        });
        await service.UntilNoted("while migrating");

        // A reader that holds its lock for a while: the script has to give way and come again.
        await using (var source = NpgsqlDataSource.Create(program.Database))
        {
            await using var reader = await source.OpenConnectionAsync();
            await using var reading = await reader.BeginTransactionAsync();
            await Execute(reader, "SELECT count(*) FROM notes");
            var newer = new Migrator(NullLogger<Migrator>.Instance, TimeProvider.System).ApplyAsync(source,
                [.. Migration.Of("test", typeof(TestDb).Assembly), new("test/0002-later.sql", "ALTER TABLE notes ADD COLUMN later text; CREATE INDEX ON notes (later);")],
                CancellationToken.None);
            var before = await Count(program);
            await Eventually.Async(async () => await Count(program) > before + 20);
            await reading.CommitAsync();
            await newer;
        }
        Assert.Equal(0, await program.Run("migrate"));   // the older version's verb, on the newer schema
        var count = (await service.Notes()).Count;
        await TestService.Until(async () => (await service.Notes()).Count > count + 5, "more notes after the migration");

        await enough.CancelAsync();
        Assert.Equal(await writing, (await service.Notes()).Count);
    }

    private static async Task<long> Count(VerbProgram program) => (long)(await program.Scalar("SELECT count(*) FROM notes"))!;

    private static async Task<string> CreateRole()
    {
        var role = $"serving_{Guid.NewGuid():N}";
        await using var server = NpgsqlDataSource.Create(await PostgresServer.ConnectionStringAsync());
        await Execute(server, $"CREATE ROLE {role} LOGIN PASSWORD '{role}'");
        return role;
    }

    private static async Task Execute(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task Execute(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
