using System.Net.Sockets;
using System.Text;
using Yarp.ReverseProxy.Forwarder;

namespace Outdial.Gateway.Forwarding;

/// <summary>How connections to replicas are made. YARP gives each cluster, hence each lane of each service, a pool of its own.</summary>
internal static class Connections
{
    public static void Configure(SocketsHttpHandler handler, TimeSpan limit)
    {
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(2);   // names are looked up again: replicas come and go
        handler.RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1;   // as they came: the server reads them the same way
        handler.ResponseHeaderEncodingSelector = (_, _) => Encoding.Latin1;
        handler.ConnectCallback = (context, cancel) => Open(context, limit, cancel);
    }

    // Not ConnectTimeout: that one ends in a cancellation, which cannot be told from a request that was sent and not answered.
    private static async ValueTask<Stream> Open(SocketsHttpConnectionContext context, TimeSpan limit, CancellationToken cancel)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        time.CancelAfter(limit);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, time.Token);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            socket.Dispose();
            throw new SocketException((int)SocketError.TimedOut);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
