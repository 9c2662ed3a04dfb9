using System.Net;
using System.Net.Sockets;

namespace Outdial.LocalServers;

/// <summary>Ports that nobody listens on.</summary>
public static class FreePort
{
    /// <summary>A TCP port of the loopback interface that is free now. Somebody may be quicker: callers try again with another.</summary>
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
