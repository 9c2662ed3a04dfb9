using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Outdial.LocalServers;

/// <summary>Ports that nobody listens on.</summary>
public static class FreePort
{
    private const int Lowest = 10_000, Usual = 32_768, Tries = 200;
    private const string OfOutgoing = "/proc/sys/net/ipv4/ip_local_port_range";

    /// <summary>
    /// A TCP port of the loopback interface that is free now. Somebody may be quicker: callers try again with another. It is none of those that
    /// the system gives to outgoing connections, so a server that is away for a moment finds its port free when it comes back.
    /// </summary>
    public static int Next()
    {
        var end = FirstOfOutgoing();
        for (var i = 0; i < Tries; i++)
        {
            if (Opened(Random.Shared.Next(Lowest, end)) is { } port)
                return port;
        }
        return Opened(0)!.Value;
    }

    private static int? Opened(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
        catch (SocketException) when (port != 0)
        {
            return null;
        }
    }

    private static int FirstOfOutgoing() =>
        File.Exists(OfOutgoing) && int.TryParse(File.ReadAllText(OfOutgoing).Split('\t', ' ')[0], CultureInfo.InvariantCulture, out var first)
            && first > 2 * Lowest
            ? first
            : Usual;
}
