using Outdial.LocalServers;
using Outdial.Testing;

namespace Outdial.Platform.Tests.LocalServers;

/// <summary>Where the tests' own servers come from.</summary>
public sealed class TestServerTests
{
    private readonly List<string> _said = [];

    [Theory]
    [InlineData(null, true, "docker")]
    [InlineData("", false, "private")]
    [InlineData("private", true, "private")]
    [InlineData("docker", true, "docker")]
    public async Task Servers_are_containers_where_an_engine_answers_and_private_otherwise_unless_somebody_chose(
        string? choice, bool engine, string expected) =>
        Assert.Equal(expected, Where(await Choose(choice, engine ? () => Task.FromResult(Started("docker")) : null)));

    [Fact]
    public async Task A_container_that_cannot_be_had_is_told_of_and_a_private_server_takes_its_place()
    {
        var server = await Choose(null, () => throw new InvalidOperationException("No such image."));

        Assert.Equal("private", Where(server));
        Assert.Contains("No such image.", Assert.Single(_said), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_chose_containers_gets_them_or_hears_what_to_do()
    {
        var noEngine = await Assert.ThrowsAsync<LocalServerException>(() => Choose("docker", null));
        var noImage = await Assert.ThrowsAsync<LocalServerException>(
            () => Choose("docker", () => throw new InvalidOperationException("No such image.")));
        var unknown = await Assert.ThrowsAsync<LocalServerException>(() => Choose("podman", () => Task.FromResult(Started("docker"))));

        Assert.Contains("DOCKER_HOST", noEngine.Message, StringComparison.Ordinal);
        Assert.Contains("No such image. See to the engine", noImage.Message, StringComparison.Ordinal);
        Assert.Equal("OUTDIAL_TEST_SERVERS is 'podman'; expected docker or private.", unknown.Message);
    }

    [Theory]
    [InlineData("postgres")]
    [InlineData("rabbitmq")]
    public void The_images_are_those_that_compose_names(string service) =>
        Assert.StartsWith(service + ":", ComposeImages.Of(service), StringComparison.Ordinal);

    private Task<StartedServer> Choose(string? choice, Func<Task<StartedServer>>? inDocker) =>
        StartedServer.ChooseAsync("PostgreSQL", choice, inDocker, () => Task.FromResult(Started("private")), _said.Add, default);

    private static StartedServer Started(string where) => new(new Dictionary<string, string> { ["WHERE"] = where }, () => Task.CompletedTask);

    private static string Where(StartedServer server) => server.Variables["WHERE"];
}
