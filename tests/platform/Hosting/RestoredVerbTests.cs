using System.Globalization;
using Npgsql;
using Outdial.Testing;

namespace Outdial.Platform.Tests.Hosting;

/// <summary>A database that was restored from a dump is noticed, and not served before what it needs was done.</summary>
public sealed class RestoredVerbTests
{
    private readonly List<DateTimeOffset> _ran = [];

    [Fact]
    public async Task A_restored_database_is_not_served_before_the_verb_was_run()
    {
        var program = await ACopy();
        await using (program.Serve())
        {
            await Eventually.Async(async () => await program.Health("live") == 200, what: "the process is alive");
            Assert.Equal(503, await program.Health("ready"));
            Assert.Empty(_ran);

            Assert.Equal(0, await program.Run("restored", "2026-01-14T12:00:00+05:30"));

            await Eventually.Async(async () => await program.Health("ready") == 200, what: "the service serves");
        }
        // Any offset is understood; what follows works in UTC, as the database does.
        var ran = Assert.Single(_ran);
        Assert.Equal((DateTimeOffset.Parse("2026-01-14T06:30:00Z", CultureInfo.InvariantCulture), TimeSpan.Zero), (ran, ran.Offset));
    }

    [Fact]
    public async Task A_step_that_fails_keeps_the_service_from_serving()
    {
        var program = await ACopy(_ => throw new NpgsqlException("it is away"));

        Assert.Equal(1, await program.Run("restored", "2026-01-14T06:30:00Z"));

        Assert.Equal(false, await program.Scalar("SELECT count(*) = 1 FROM database_home WHERE identity = (SELECT system_identifier FROM pg_control_system()) || '/' || (SELECT oid FROM pg_database WHERE datname = current_database())"));
    }

    [Fact]
    public async Task Where_nothing_is_to_be_done_a_restored_database_is_served_at_once()
    {
        var restored = await ACopy();
        var program = new VerbProgram(restored.Database);

        await using (program.Serve())
            await Eventually.Async(async () => await program.Health("ready") == 200, what: "the service serves");
    }

    [Theory]
    [InlineData("restored")]
    [InlineData("restored", "yesterday")]
    [InlineData("restored", "2026-01-14T06:30:00")]
    [InlineData("restored", "2126-01-14T06:30:00Z")]
    public async Task A_time_that_is_missing_or_cannot_be_ends_it_with_64(params string[] words)
    {
        var program = await ACopy();

        Assert.Equal(64, await program.Run(words));
        Assert.Empty(_ran);
    }

    /// <summary>A program on a copy of its database: as restored from a dump, for all that it can see.</summary>
    private async Task<VerbProgram> ACopy(Func<DateTimeOffset, string>? step = null)
    {
        var original = await VerbProgram.WithoutDatabase();
        Assert.Equal(0, await original.Run("migrate"));
        var name = $"restored_{Guid.NewGuid():N}";
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(original.Database) { Database = "postgres", Pooling = false });
        await using var copy = source.CreateCommand($"CREATE DATABASE {name} TEMPLATE {new NpgsqlConnectionStringBuilder(original.Database).Database}");
        await copy.ExecuteNonQueryAsync();
        return new VerbProgram(new NpgsqlConnectionStringBuilder(original.Database) { Database = name }.ConnectionString)
        {
            AfterRestore = step ?? (dumpedAt =>
            {
                _ran.Add(dumpedAt);
                return "done";
            }),
        };
    }
}
