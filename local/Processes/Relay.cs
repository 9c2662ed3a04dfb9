using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Outdial.LocalServers;

/// <summary>A wire between a process and a server on this machine that can be cut and mended: what a network does.</summary>
/// <param name="target">Port of the server on the loopback interface.</param>
public sealed class Relay(int target) : IAsyncDisposable
{
    private const int Waiting = 64;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Socket, byte> _open = new();
    private volatile bool _cut;
    private Task _accepting = Task.CompletedTask;

    /// <summary>Port on the loopback interface that leads to the server.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public static Relay Start(int target)
    {
        var relay = new Relay(target);
        relay._listener.Start(Waiting);
        relay._accepting = relay.AcceptAsync();
        return relay;
    }

    /// <summary>Breaks what is open, without a goodbye, and refuses what comes.</summary>
    public void Cut()
    {
        _cut = true;
        foreach (var socket in _open.Keys)
            Break(socket);
    }

    public void Mend() => _cut = false;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        Cut();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_stop.Token);
                _ = JoinAsync(client);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task JoinAsync(Socket client)
    {
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (client)
        {
            client.NoDelay = true;
            (_open[client], _open[server]) = (0, 0);
            try
            {
                if (_cut)
                {
                    Break(client);
                    return;
                }
                await server.ConnectAsync(IPAddress.Loopback, target, _stop.Token);
                await Task.WhenAny(CopyAsync(client, server), CopyAsync(server, client));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // One side is gone: so is the wire.
            }
            finally
            {
                _open.TryRemove(client, out _);
                _open.TryRemove(server, out _);
            }
        }
    }

    private async Task CopyAsync(Socket from, Socket to)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, _stop.Token) is > 0 and var count)
            {
                for (var sent = 0; sent < count;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), _stop.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Cut, or one side is gone.
        }
    }

    // Lingering for no time sends a reset instead of an orderly end.
    private static void Break(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
            socket.Close();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Closed already.
        }
    }
}
