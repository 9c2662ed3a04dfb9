using Npgsql;
using Outdial.LocalServers;
using Outdial.Testing;

namespace Outdial.Platform.Tests.Hosting;

public sealed class StartTests
{
    [Fact]
    public async Task Without_its_scripts_a_process_is_alive_and_not_ready_and_serves_once_they_are_applied()
    {
        var program = await VerbProgram.WithoutDatabase(("Database:Migrate", "false"));
        await using var serving = program.Serve();

        await Eventually.Async(async () => await program.Health("live") == 200);
        Assert.Equal(503, await program.Health("ready"));
        Assert.Equal(1, await program.Run("healthcheck", "ready"));
        Assert.Equal(0, await program.Run("healthcheck"));
        Assert.Equal(0, await program.Run("healthcheck", "live"));

        Assert.Equal(0, await program.Run("migrate"));
        await Eventually.Async(async () => await program.Health("ready") == 200);
        Assert.Equal(0, await program.Run("healthcheck", "ready"));
        Assert.False(serving.Ended.IsCompleted);
    }

    [Fact]
    public async Task A_process_that_waits_for_its_database_tells_no_more_of_itself_than_one_that_serves()
    {
        var program = new VerbProgram($"Host=127.0.0.1;Port={FreePort.Next()};Username=u;Password=p;Database=d", ("Database:StartTimeout", "00:00:00"));
        await using var serving = program.Serve();
        await Eventually.Async(async () => await program.Health("live") == 200);
        using var client = new HttpClient { BaseAddress = program.Address };

        foreach (var path in new[] { "health/live", "health/ready", "metrics", "api/v1/anything" })
        {
            using var answer = await client.GetAsync(path);
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.False(answer.Headers.Contains("Server"), path);
        }
    }

    [Fact]
    public async Task A_process_that_is_stopped_while_it_waits_for_its_database_ends_with_0()
    {
        var program = new VerbProgram($"Host=127.0.0.1;Port={FreePort.Next()};Username=u;Password=p;Database=d", ("Database:StartTimeout", "00:00:00"));
        var serving = program.Serve();
        await Eventually.Async(async () => await program.Health("live") == 200);
        Assert.Equal(503, await program.Health("ready"));

        await serving.DisposeAsync();

        Assert.Equal(0, await serving.Ended);
    }

    [Fact]
    public async Task A_health_check_of_a_port_where_nobody_serves_says_no()
    {
        var program = await VerbProgram.WithoutDatabase();

        Assert.Equal(1, await program.Run("healthcheck"));
        Assert.Equal(64, await program.Run("healthcheck", "well"));
    }
}
