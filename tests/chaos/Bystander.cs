using System.Net;
using System.Net.Sockets;

namespace Outdial.Chaos.Tests;

/// <summary>Listens where others were, and counts who still comes.</summary>
internal sealed class Bystander : IAsyncDisposable
{
    private readonly List<TcpListener> _doors;
    private readonly Task _counting;
    private int _asked;

    private Bystander(IEnumerable<Uri> addresses)
    {
        _doors = [.. addresses.Select(address => new TcpListener(IPAddress.Loopback, address.Port))];
        foreach (var door in _doors)
            door.Start();
        _counting = Task.WhenAll(_doors.Select(CountAsync));
    }

    /// <summary>Connections that were opened.</summary>
    public int Asked => _asked;

    public static Bystander Listen(IEnumerable<Uri> addresses) => new(addresses);

    public async ValueTask DisposeAsync()
    {
        foreach (var door in _doors)
            door.Stop();
        await _counting;
    }

    private async Task CountAsync(TcpListener door)
    {
        try
        {
            while (true)
            {
                using var guest = await door.AcceptTcpClientAsync();
                Interlocked.Increment(ref _asked);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }
}
