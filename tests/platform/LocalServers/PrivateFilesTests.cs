using System.Diagnostics;
using Npgsql;
using Outdial.LocalServers;
using Outdial.Testing;

namespace Outdial.Platform.Tests.LocalServers;

/// <summary>What servers write is for their owner alone, also by those who could read every folder above it.</summary>
public sealed class PrivateFilesTests : IDisposable
{
    private readonly string _folder = TemporaryFolder.Make("private-files");

    [Fact]
    public async Task Nobody_else_can_read_write_or_list_anything_that_PostgreSQL_and_RabbitMQ_write()
    {
        await using (var postgres = await PrivatePostgres.StartAsync(new PrivatePostgresOptions(Path.Combine(_folder, "deep", "postgres")) { Fsync = false }))
        {
            await postgres.DatabaseAsync("pacer");
            await using var rabbit = await PrivateRabbitMq.StartAsync(new PrivateRabbitMqOptions(Path.Combine(_folder, "deep", "rabbitmq")));
            await rabbit.Control.AddVirtualHostAsync("kept");

            OpenToOthers.AssertNothingIn(_folder);
        }
        OpenToOthers.AssertNothingIn(_folder);
        Assert.Contains(Directory.GetFiles(_folder, "*", SearchOption.AllDirectories), file => file.EndsWith("/rabbitmq.conf", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_an_earlier_version_left_open_is_closed_at_the_next_start()
    {
        var server = Path.Combine(_folder, "rabbitmq");
        await using (await PrivateRabbitMq.StartAsync(new PrivateRabbitMqOptions(server)))
        {
        }
        Process.Start("chmod", ["-R", "a+rX", _folder]).WaitForExit();

        await using (await PrivateRabbitMq.StartAsync(new PrivateRabbitMqOptions(server)))
            OpenToOthers.AssertNothingIn(Path.Combine(server, "node"));

        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(server) & OpenToOthers.Content);
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(Path.Combine(server, "rabbitmq.log")) & OpenToOthers.Any);
    }

    [Fact]
    public void A_secret_in_a_file_that_was_open_to_all_is_for_its_owner_alone_before_it_is_in_it()
    {
        var file = Path.Combine(_folder, "secret");
        File.WriteAllText(file, "");
        File.SetUnixFileMode(file, (UnixFileMode)0b110_110_110);

        PrivateFiles.Write(file, "kept");

        Assert.Equal(("kept", UnixFileMode.UserRead | UnixFileMode.UserWrite), (File.ReadAllText(file), File.GetUnixFileMode(file)));
    }

    [Fact]
    public void A_folder_that_all_may_write_to_is_not_taken_from_them()
    {
        var shared = Path.Combine(_folder, "shared");
        Directory.CreateDirectory(shared);
        var open = (UnixFileMode)0b001_111_111_111;
        File.SetUnixFileMode(shared, open);

        PrivateFiles.Folder(shared);

        Assert.Equal(open, File.GetUnixFileMode(shared));
    }

    [Fact]
    public async Task No_number_of_a_row_or_a_statement_gets_into_the_servers_log()
    {
        var folder = Path.Combine(_folder, "quiet");
        await using (var postgres = await PrivatePostgres.StartAsync(new PrivatePostgresOptions(folder) { Fsync = false }))
        {
            await using var source = NpgsqlDataSource.Create(await postgres.DatabaseAsync("pacer"));
            await RunAsync("create table people (phone text primary key check (phone like '+%'), parent text references people, extra jsonb, n int)");
            await RunAsync($"insert into people values ('{Number}')");

            Assert.Equal(PostgresErrorCodes.UniqueViolation, await FailAsync($"insert into people values ('{Number}')"));
            Assert.Equal(PostgresErrorCodes.UniqueViolation, await FailAsync("insert into people values ($1)", Number));
            Assert.Equal(PostgresErrorCodes.CheckViolation, await FailAsync("insert into people values ($1)", Number[1..]));
            Assert.Equal(PostgresErrorCodes.ForeignKeyViolation, await FailAsync("insert into people values ($1, $2)", Number + "0", Number + "1"));
            Assert.Equal(PostgresErrorCodes.NotNullViolation, await FailAsync("insert into people (phone, extra) values (null, jsonb_build_object('phone', $1::text))", Number));
            Assert.Equal(PostgresErrorCodes.InvalidTextRepresentation, await FailAsync($"insert into people (phone, extra) values ('+1', '{{\"{Number}\": {Number}}}')"));
            Assert.Equal(PostgresErrorCodes.SyntaxError, await FailAsync($"insert into people where phone = '{Number}'"));
            Assert.Equal(PostgresErrorCodes.UniqueViolation, await CopyAsync());
            Assert.Equal(PostgresErrorCodes.UniqueViolation, await FailAsync($"do $$ begin insert into people values ('{Number}'); end $$"));

            async Task RunAsync(string sql)
            {
                await using var command = source.CreateCommand(sql);
                await command.ExecuteNonQueryAsync();
            }

            async Task<string> FailAsync(string sql, params string[] values)
            {
                await using var command = source.CreateCommand(sql);
                foreach (var value in values)
                    command.Parameters.AddWithValue(value);
                return (await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync())).SqlState;
            }

            async Task<string> CopyAsync()
            {
                await using var connection = await source.OpenConnectionAsync();
                var copy = await connection.BeginTextImportAsync("copy people (phone) from stdin");
                await copy.WriteLineAsync(Number);
                return (await Assert.ThrowsAsync<PostgresException>(async () => await copy.DisposeAsync())).SqlState;
            }
        }

        var log = await File.ReadAllTextAsync(Path.Combine(folder, "postgres.log"));
        Assert.Contains("duplicate key value violates unique constraint \"people_pkey\"", log);
        Assert.DoesNotContain(Number[1..], log);
        Assert.DoesNotContain("insert into", log);
    }

    private const string Number = "+919825012345";

    public void Dispose() => TemporaryFolder.Remove(_folder);
}
