using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace Outdial.LocalServers;

/// <summary>How a private RabbitMQ is to run.</summary>
/// <param name="Folder">Where its data, password and log live; made when absent, taken up again when present.</param>
public sealed record PrivateRabbitMqOptions(string Folder)
{
    /// <summary>How long the node may take to answer, in real time.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(180);

    /// <summary>It tells Prometheus of itself, on a port of the loopback interface.</summary>
    public bool HasMetrics { get; init; }
}

/// <summary>
/// A RabbitMQ node of our own, with its own name, ports and port mapper: several can run beside each other and beside
/// the system's. It can be stopped and started again on the same port, data kept: the broker that goes away and comes back.
/// </summary>
public sealed class PrivateRabbitMq : IAsyncDisposable
{
    private const string Loopback = "127.0.0.1";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly RabbitMqNode _node;
    private readonly UnprivilegedUser _user;
    private readonly FolderLock _lock;
    private readonly TimeSpan _deadline;
    private readonly bool _hasMetrics;
    private ServerProcess? _epmd;
    private ServerProcess? _server;

    private PrivateRabbitMq(RabbitMqNode node, UnprivilegedUser user, FolderLock folderLock, PrivateRabbitMqOptions options) =>
        (_node, _user, _lock, _deadline, _hasMetrics) = (node, user, folderLock, options.Deadline, options.HasMetrics);

    /// <summary>Address of the node with the default virtual host.</summary>
    public Uri Address => new(string.Create(
        CultureInfo.InvariantCulture, $"amqp://{RabbitMqControl.User}:{_node.Password}@{Loopback}:{_node.Port}/"));

    /// <summary>Where it tells Prometheus of itself; null: it does not.</summary>
    public Uri? Metrics => _hasMetrics ? new(string.Create(CultureInfo.InvariantCulture, $"http://{Loopback}:{_node.MetricsPort}/")) : null;

    /// <summary>Where the node lives: another process can reach it by <see cref="PrivateRabbitMqControl"/> with this folder.</summary>
    public string Folder => _node.Folder;

    /// <summary>Virtual hosts and other chores.</summary>
    public PrivateRabbitMqControl Control => new(_node, _user);

    /// <summary>Starts a node and waits until it accepts AMQP.</summary>
    /// <exception cref="LocalServerException">It is not installed, its folder is in use, or it did not come up; says what to do.</exception>
    public static async Task<PrivateRabbitMq> StartAsync(PrivateRabbitMqOptions options, CancellationToken cancel = default)
    {
        RabbitMqPrograms.Find("rabbitmq-server");
        var user = UnprivilegedUser.For("rabbitmq", "rabbitmq-server");
        var folder = await user.ReachableAsync(options.Folder, cancel);
        PrivateFiles.Way(folder);
        var folderLock = FolderLock.Take(folder);
        try
        {
            var known = RabbitMqNode.TryRead(folder);
            if (known is not null)
                await StopOrphansAsync(known, cancel);
            var broker = new PrivateRabbitMq(known?.Moved() ?? RabbitMqNode.New(folder), user, folderLock, options);
            try
            {
                await broker.StartNodeAsync(cancel);
                return broker;
            }
            catch
            {
                await broker.StopAsync();
                throw;
            }
        }
        catch
        {
            folderLock.Dispose();
            throw;
        }
    }

    /// <summary>Starts the node after <see cref="StopNodeAsync"/>; does nothing when it runs.</summary>
    public async Task StartNodeAsync(CancellationToken cancel = default)
    {
        if (_server is not null)
            return;
        await _node.PrepareAsync(_user, _hasMetrics, cancel);
        _epmd ??= ServerProcess.Start(
            [.. _user.Prefix, "epmd", "-port", _node.EpmdPort.ToString(CultureInfo.InvariantCulture), "-address", "127.0.0.1"],
            _node.Environment, Path.Combine(_node.Folder, "epmd.log"), _node.EpmdPidFile, Signal.Kill);
        // A node that finds no port mapper starts one of its own, which nobody would stop: ours has to be there first.
        await UntilAsync(() => ListensAsync(_node.EpmdPort, cancel), _epmd, "epmd", Path.Combine(_node.Folder, "epmd.log"), cancel);
        PrivateFiles.Write(_node.Log, "");
        _server = ServerProcess.Start(
            [.. _user.Prefix, RabbitMqPrograms.Find("rabbitmq-server")], _node.Environment, _node.Log, _node.PidFile, Signal.Kill);

        try
        {
            await UntilAsync(() => AnswersAsync(Loopback, _node.Port, cancel), _server, "RabbitMQ", _node.Log, cancel);
        }
        catch
        {
            await KillNodeAsync();
            throw;
        }
    }

    /// <summary>Stops the node as an operator would: connections are closed, durable queues stay on disk.</summary>
    public async Task StopNodeAsync()
    {
        if (_server is null)
            return;
        await _server.StopAsync(Signal.Terminate, Patience);
        _server = null;
    }

    /// <summary>Kills the node as a power cut would.</summary>
    public async Task KillNodeAsync()
    {
        if (_server is null)
            return;
        await _server.StopAsync(Signal.Kill, Patience);
        _server = null;
    }

    /// <summary>Stops the node and its port mapper for good.</summary>
    public async Task StopAsync()
    {
        await StopNodeAsync();
        if (_epmd is not null)
            await _epmd.StopAsync(Signal.Terminate, Patience);
        _epmd = null;
        _lock.Dispose();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync();

    private static async Task StopOrphansAsync(RabbitMqNode node, CancellationToken cancel)
    {
        await ServerProcess.StopOrphanAsync(node.PidFile, node.Name, Signal.Terminate, Patience, cancel);
        await ServerProcess.StopOrphanAsync(
            node.EpmdPidFile, node.EpmdPort.ToString(CultureInfo.InvariantCulture), Signal.Terminate, Patience, cancel);
    }

    private async Task UntilAsync(Func<Task<bool>> ready, ServerProcess server, string name, string log, CancellationToken cancel)
    {
        var waited = Stopwatch.StartNew();
        while (!await ready())
        {
            if (server.HasExited || waited.Elapsed > _deadline)
            {
                var what = server.HasExited ? "ended while it started" : $"did not come up within {_deadline.TotalSeconds:0} s";
                throw new LocalServerException($"{name} {what}. Its log {log} ends with:\n{string.Join('\n', File.ReadLines(log).TakeLast(15))}");
            }
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancel);
        }
    }

    /// <summary>Whether somebody speaks AMQP at the port. A node opens it last: one that answers the protocol header has finished starting.</summary>
    public static Task<bool> AnswersAsync(string host, int port, CancellationToken cancel = default) =>
        TalksAsync(host, port, async (stream, limit) =>
    {
        await stream.WriteAsync("AMQP\0\0\x09\x01"u8.ToArray(), limit);
        return await stream.ReadAsync(new byte[1], limit) == 1;
    }, cancel);

    private static Task<bool> ListensAsync(int port, CancellationToken cancel) => TalksAsync(Loopback, port, (_, _) => Task.FromResult(true), cancel);

    private static async Task<bool> TalksAsync(
        string host, int port, Func<NetworkStream, CancellationToken, Task<bool>> talk, CancellationToken cancel)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(TimeSpan.FromSeconds(5));
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(host, port, deadline.Token);
            return await talk(client.GetStream(), deadline.Token);
        }
        catch (Exception e) when (e is SocketException or IOException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return false;
        }
    }
}
