using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Outdial.Providers.Tests.Wire;

/// <summary>What a server does with a request that it has read.</summary>
/// <param name="Bytes">Sent as they are; empty: nothing.</param>
/// <param name="Cuts">The connection is closed behind them; false: it stays open.</param>
public sealed record Answer(string Bytes, bool Cuts)
{
    /// <summary>Reads the request and never says a word.</summary>
    public static readonly Answer Silence = new("", Cuts: false);

    /// <summary>Reads the request and closes the connection without a word.</summary>
    public static readonly Answer Cut = new("", Cuts: true);

    /// <summary>Promises more than it sends, and closes the connection.</summary>
    public static readonly Answer CutAmid = new("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{\"Call\": {", Cuts: true);

    /// <param name="headers">Each with its line's end.</param>
    public static Answer Of(int status, string body = "{}", string headers = "", string type = "application/json") =>
        new($"HTTP/1.1 {status} Said\r\nContent-Type: {type}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{headers}\r\n{body}", Cuts: false);
}

/// <summary>
/// A server of bare sockets: it knows each request as it came over the wire, counts what comes twice, and may be as rude as it likes.
/// </summary>
public sealed class WireServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<int, string, Task<Answer>> _answer;
    private readonly Task _accepting;
    private int _count;

    /// <param name="answer">Given the number of the request, from 1, and its text.</param>
    public WireServer(Func<int, string, Answer> answer) : this((count, request) => Task.FromResult(answer(count, request)))
    {
    }

    /// <inheritdoc cref="WireServer(Func{int, string, Answer})"/>
    public WireServer(Func<int, string, Task<Answer>> answer)
    {
        _answer = answer;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Address => $"http://{_listener.LocalEndpoint}/";

    /// <summary>The requests whole, headers and body, in the order in which they were read.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>The requests as they can be compared: without the port and without carriage returns.</summary>
    public IReadOnlyList<string> Texts =>
        [.. Requests.Select(text =>
            text.Replace(_listener.LocalEndpoint.ToString()!, "provider", StringComparison.Ordinal).Replace("\r\n", "\n", StringComparison.Ordinal))];

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                while (await ReadAsync(stream) is { } request)
                {
                    Requests.Enqueue(request);
                    var answer = await _answer(Interlocked.Increment(ref _count), request).WaitAsync(_stop.Token);
                    await stream.WriteAsync(Encoding.UTF8.GetBytes(answer.Bytes), _stop.Token);
                    if (answer.Cuts)
                        return;
                }
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                // Whoever asked has gone, or the test is over.
            }
        }
    }

    /// <returns>Null when the other side has closed the connection.</returns>
    private async Task<string?> ReadAsync(NetworkStream stream)
    {
        var (text, buffer) = (new StringBuilder(), new byte[16_384]);
        while (!IsWhole(text.ToString()))
        {
            var read = await stream.ReadAsync(buffer, _stop.Token);
            if (read == 0)
                return null;
            text.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }
        return text.ToString();
    }

    private static bool IsWhole(string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
            return false;
        var head = text[..end];
        if (head.Contains("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase))
            return text.EndsWith("\r\n0\r\n\r\n", StringComparison.Ordinal);
        var length = head.Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        return Encoding.UTF8.GetByteCount(
            text[(end + 4)..]) >= (length is null ? 0 : int.Parse(length.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _stop.Dispose();
    }
}
