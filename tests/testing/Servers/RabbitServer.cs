using Outdial.LocalServers;

namespace Outdial.Testing;

/// <summary>
/// The RabbitMQ of a test process: the one <c>OUTDIAL_TEST_RABBITMQ</c> leads to, else a private one that is started at
/// first use and stopped with the process. Tests share the node and never a virtual host. A test that takes the broker
/// away starts a <see cref="PrivateRabbitMq"/> of its own by <see cref="StartOwnAsync"/>.
/// </summary>
public static class RabbitServer
{
    /// <summary>Name of the variable with an <c>amqp://</c> address.</summary>
    public const string Variable = "OUTDIAL_TEST_RABBITMQ";

    /// <summary>Name of the variable with the folder of the private node behind that address; without it, virtual hosts cannot be made.</summary>
    public const string FolderVariable = "OUTDIAL_TEST_RABBITMQ_FOLDER";

    private static readonly Lazy<Task<(Uri Address, RabbitMqControl? Control)>> Server = new(StartSharedAsync);

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
    public static async Task<OwnRabbitMq> StartOwnAsync()
    {
        var folder = TemporaryFolder.Make("rabbitmq");
        return new OwnRabbitMq(await PrivateRabbitMq.StartAsync(new PrivateRabbitMqOptions(folder)), folder);
    }

    private static async Task<(Uri, RabbitMqControl?)> StartSharedAsync()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given)
        {
            var folder = Environment.GetEnvironmentVariable(FolderVariable);
            return (new Uri(given), string.IsNullOrEmpty(folder) ? null : RabbitMqControl.Of(folder));
        }
        var own = await StartOwnAsync();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => own.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return (own.Node.Address, own.Node.Control);
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
