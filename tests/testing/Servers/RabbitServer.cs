using System.Diagnostics;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Configurations;
using DotNet.Testcontainers.Containers;
using Microsoft.Extensions.Logging.Abstractions;
using Outdial.LocalServers;
using Testcontainers.RabbitMq;

namespace Outdial.Testing;

/// <summary>
/// The RabbitMQ of a test process: the one <c>OUTDIAL_TEST_RABBITMQ</c> leads to, else one that is started at first use and stopped with the
/// process, in a container or privately (<see cref="StartedServer.ChoiceVariable"/>). Tests share the node and never a virtual host. A test that
/// takes the broker away starts a <see cref="PrivateRabbitMq"/> of its own by <see cref="StartOwnAsync"/>, wherever the shared one is: it does
/// things to processes.
/// </summary>
public static class RabbitServer
{
    /// <summary>Name of the variable with an <c>amqp://</c> address.</summary>
    public const string Variable = "OUTDIAL_TEST_RABBITMQ";

    /// <summary>
    /// Name of the variable with the folder of the private node behind that address; without it and the next, virtual hosts cannot be made.
    /// </summary>
    public const string FolderVariable = "OUTDIAL_TEST_RABBITMQ_FOLDER";

    /// <summary>Name of the variable with the id of the container behind that address.</summary>
    public const string ContainerVariable = "OUTDIAL_TEST_RABBITMQ_CONTAINER";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly Lazy<Task<(Uri Address, RabbitMqControl? Control)>> Server = new(FindAsync);

    /// <summary>
    /// A new, empty virtual host, another one at every call. When only an address was given from outside, that
    /// address itself: such a broker must be fresh for the run.
    /// </summary>
    /// <returns>Its <c>amqp://</c> address, as <c>ConnectionStrings:rabbitmq</c> takes it.</returns>
    public static async Task<string> CreateVirtualHostAsync()
    {
        var (address, control) = await Server.Value;
        if (control is null)
            return address.ToString();
        var name = $"test-{Guid.NewGuid():N}";
        await control.AddVirtualHostAsync(name);
        return new Uri(address, name).ToString();
    }

    /// <summary>Chores on the shared node; null when only an address was given from outside.</summary>
    public static async Task<RabbitMqControl?> ControlAsync() => (await Server.Value).Control;

    /// <summary>A node for one test, which may stop, kill and start it. Takes seconds: only where the broker has to go away.</summary>
    /// <param name="hasMetrics">It tells Prometheus of itself.</param>
    public static async Task<OwnRabbitMq> StartOwnAsync(bool hasMetrics = false)
    {
        var folder = TemporaryFolder.Make("rabbitmq");
        return new OwnRabbitMq(await PrivateRabbitMq.StartAsync(new PrivateRabbitMqOptions(folder) { HasMetrics = hasMetrics }), folder);
    }

    /// <summary>Starts a node unless <see cref="Variable"/> leads to one.</summary>
    /// <param name="say">Is told what is done.</param>
    /// <param name="cancel">Gives up the start.</param>
    /// <exception cref="LocalServerException">It cannot be had; says what to do.</exception>
    public static Task<StartedServer> StartAsync(Action<string> say, CancellationToken cancel) =>
        StartedServer.ChooseAsync("RabbitMQ", Variable, engine => InDockerAsync(engine, say, cancel), () => PrivatelyAsync(say), say, cancel);

    private static async Task<StartedServer> InDockerAsync(DockerEngine engine, Action<string> say, CancellationToken cancel)
    {
        var taken = Stopwatch.StartNew();
        var image = await engine.ImageAsync("rabbitmq", say, cancel);
        var container = new RabbitMqBuilder(image)
            .WithUsername(RabbitMqControl.User).WithPassword(Guid.NewGuid().ToString("N"))
            .WithWaitStrategy(Wait.ForUnixContainer().AddCustomWaitStrategy(new Answering(), wait => wait.WithTimeout(Patience)))
            .WithCreateParameterModifier(engine.KeepHere)
            .WithLabel(DockerEngine.OwnerLabel, DockerEngine.Owner)
            .WithLogger(NullLogger.Instance)
            .Build();
        var server = await engine.StartAsync(container, started => new()
        {
            [Variable] = started.GetConnectionString(),
            [ContainerVariable] = started.Id,
        }, cancel);
        say($"RabbitMQ answers in a container of {image} ({taken.Elapsed.TotalSeconds:0.0} s)");
        return server;
    }

    private static async Task<StartedServer> PrivatelyAsync(Action<string> say)
    {
        var taken = Stopwatch.StartNew();
        var own = await StartOwnAsync();
        say($"RabbitMQ answers on port {own.Node.Address.Port}, a private node ({taken.Elapsed.TotalSeconds:0.0} s)");
        return new(
            new Dictionary<string, string> { [Variable] = own.Node.Address.ToString(), [FolderVariable] = own.Node.Folder },
            () => own.DisposeAsync().AsTask());
    }

    private static async Task<(Uri, RabbitMqControl?)> FindAsync()
    {
        var started = await StartAsync(StartedServer.Say, CancellationToken.None);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => started.StopAsync().GetAwaiter().GetResult();
        return (new Uri(Value(Variable)!), ControlOf(Value(FolderVariable), Value(ContainerVariable)));

        string? Value(string variable) => started.Variables.GetValueOrDefault(variable) ?? Environment.GetEnvironmentVariable(variable);
    }

    private static RabbitMqControl? ControlOf(string? folder, string? container) => (folder, container) switch
    {
        (_, { Length: > 0 }) => new ContainerRabbitMqControl(container),
        ({ Length: > 0 }, _) => PrivateRabbitMqControl.Of(folder),
        _ => null,
    };

    // Its log, by which Testcontainers would know, is not everywhere where that one looks.
    private sealed class Answering : IWaitUntil
    {
        public Task<bool> UntilAsync(IContainer container) =>
            PrivateRabbitMq.AnswersAsync(container.Hostname, container.GetMappedPublicPort(RabbitMqBuilder.RabbitMqPort));
    }

    private sealed class ContainerRabbitMqControl(string container) : RabbitMqControl
    {
        public override async Task<string> RunAsync(CancellationToken cancel, params string[] words)
        {
            var engine = await DockerEngine.CurrentAsync()
                ?? throw new LocalServerException($"{ContainerVariable} names a container, and no Docker engine answers. Lead to its engine with DOCKER_HOST.");
            return await engine.RunAsync(container, ["rabbitmqctl", "-q", .. words], cancel);
        }
    }
}

/// <summary>A broker of one test's own; its folder goes with it.</summary>
public sealed class OwnRabbitMq(PrivateRabbitMq node, string folder) : IAsyncDisposable
{
    /// <summary>The node.</summary>
    public PrivateRabbitMq Node => node;

    /// <summary>A user of a test's own, who may do everything in the default virtual host.</summary>
    /// <param name="name">Letters only; also the password.</param>
    /// <returns>The node's address for this user.</returns>
    public async Task<string> AddUserAsync(string name)
    {
        await node.Control.RunAsync(default, "add_user", name, name);
        await node.Control.RunAsync(default, "set_permissions", name, ".*", ".*", ".*");
        return new UriBuilder(node.Address) { UserName = name, Password = name }.Uri.ToString();
    }

    /// <summary>Removes the user; the node closes the user's connections.</summary>
    public Task DeleteUserAsync(string name) => node.Control.RunAsync(default, "delete_user", name);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await node.StopAsync();
        TemporaryFolder.Remove(folder);
    }
}
