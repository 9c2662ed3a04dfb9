using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Outdial.Gateway.Forwarding;
using Outdial.Gateway.Routing;
using Outdial.Gateway.Tests.Nodes;
using Outdial.Ingress;
using Outdial.Ingress.Data;
using Outdial.Ingress.Webhooks;
using Outdial.Platform;
using Outdial.Testing;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Outdial.Gateway.Tests.Forwarding;

/// <summary>A gateway with an ingress behind it, as both run. What a server of the world lets through reaches the row, by either door.</summary>
public sealed class OddBytesTests(OddBytesTests.Doors doors) : IClassFixture<OddBytesTests.Doors>
{
    /// <summary>Requests as they are on the wire; <c>{path}</c> stands for the address, a letter for each byte.</summary>
    public static TheoryData<string, string> Requests => new()
    {
        { "a client's name in Latin-1", Post("User-Agent: Caf\u00E9/1.0\r\n") },
        { "a client's name in UTF-8", Post("User-Agent: Caf\u00C3\u00A9/1.0\r\n") },
        { "a proxy's city", Post("X-Geo-City: S\u00E3o Paulo\r\nX-Geo-Region: \u00C3\u0085land\r\n") },
        { "every byte above ASCII", Post($"X-All: {string.Concat(Enumerable.Range(0x80, 128).Select(b => (char)b))}\r\n") },
        { "half a letter of UTF-8", Post("User-Agent: \u00E2\u0082\r\n") },
        { "tabs and blanks", Post("X-Tab: a\tb \t c\r\n") },
        { "an empty header", Post("X-Empty:\r\n") },
        { "the same header three times", Post("X-Same: a\r\nX-Same: \u00E9\r\nX-Same: c\r\n") },
        { "a long header", Post($"X-Long: {new string('x', 20_000)}\r\n") },
        { "a referrer with a byte of its own", Post("Referer: http://example.com/\u00FC\r\n") },
        { "an encoding of text that nobody knows", Post("", type: "application/x-www-form-urlencoded; charset=foo") },
        { "a quote that does not end", Post("", type: "application/x-www-form-urlencoded; charset=\"utf-8") },
        { "no content type", "POST {path} HTTP/1.1\r\nHost: calls\r\nConnection: close\r\nContent-Length: 18\r\n\r\nCallSid=c&Status=x" },
        { "a second question mark", Get("{path}?flow=main?CallSid=c2&Status=busy") },
        { "bytes in a query that are no UTF-8", Get("{path}?CallSid=c&a=%E9&b=%zz&c=%&d=%00&e=%FF%FE") },
        { "a query with all sorts of signs", Get("{path}?a=1;b=2&c=x+y%20z&d=a/b//c%2Fd&e='\"<>[]{}|\\^`") },
        { "a long query", Get("{path}?CallSid=c&x=" + new string('q', 20_000)) },
        { "a slash at the end", Get("{path}/?CallSid=c") },
        { "a method in small letters", Post("").Replace("POST ", "post ", StringComparison.Ordinal) },
        { "an absolute address", Get("http://calls{path}?CallSid=c") },
        { "in chunks", "POST {path} HTTP/1.1\r\nHost: calls\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nCallSid=c\r\n7\r\n&Status\r\n5\r\n=busy\r\n0\r\n\r\n" },
        { "with a wish to be told to go on", Post("Expect: 100-continue\r\n") },
        { "with a wish for another protocol", Post("Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n").Replace("Connection: close\r\n", "", StringComparison.Ordinal) },
        { "without a body", "POST {path} HTTP/1.1\r\nHost: calls\r\nConnection: close\r\nContent-Length: 0\r\n\r\n" },
        { "of an old client", "GET {path}?CallSid=c HTTP/1.0\r\nHost: calls\r\n\r\n" },
    };

    [Theory, MemberData(nameof(Requests))]
    public async Task What_a_server_lets_through_is_stored_as_it_came_by_either_door(string what, string request)
    {
        var (through, straight) = (doors.NewPath(), doors.NewPath());

        Assert.Equal((200, what), (await Doors.SendAsync(doors.Gateway, Raw(request, through.Path)), what));
        Assert.Equal((200, what), (await Doors.SendAsync(doors.Ingress, Raw(request, straight.Path)), what));

        var (one, other) = (await doors.RowAsync(through.Attempt), await doors.RowAsync(straight.Attempt));
        Assert.Equal((other.Method, other.Query, other.ContentType), (one.Method, one.Query, one.ContentType));
        Assert.Equal(Convert.ToHexString(other.Body), Convert.ToHexString(one.Body));
        Assert.Equal((other.Disposition, other.Reason), (one.Disposition, one.Reason));
        var sent = Sent(request).ToList();
        Assert.All(sent, line => Assert.Contains(line, one.Headers!.Split('\n')));
        Assert.All(sent, line => Assert.Contains(line, other.Headers!.Split('\n')));
        Assert.DoesNotContain(through.Path.Split('/')[3], one.Path);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public async Task Whatever_bytes_headers_and_bodies_have_they_come_through_the_gateway_as_they_went_in(int seed)
    {
        var random = new Random(seed);
        var sent = new List<(Guid Attempt, List<string> Headers, byte[] Body)>();
        for (var i = 0; i < 40; i++)
        {
            var (path, attempt) = doors.NewPath();
            var body = new byte[random.Next(0, 400)];
            random.NextBytes(body);
            var headers = Enumerable.Range(0, random.Next(1, 6)).Select(n => $"X-Odd-{n}: {Value(random)}").ToList();
            var head = $"POST {path} HTTP/1.1\r\nHost: calls\r\nConnection: close\r\n{string.Concat(headers.Select(line => line + "\r\n"))}Content-Length: {body.Length.ToString(CultureInfo.InvariantCulture)}\r\n\r\n";
            Assert.Equal((200, head), (await Doors.SendAsync(doors.Gateway, [.. Encoding.Latin1.GetBytes(head), .. body]), head));
            sent.Add((attempt, headers, body));
        }

        foreach (var (attempt, headers, body) in sent)
        {
            var row = await doors.RowAsync(attempt);
            Assert.Equal(Convert.ToHexString(body), Convert.ToHexString(row.Body));
            Assert.All(headers, line => Assert.Contains(line, row.Headers!.Split('\n')));
        }
    }

    [Theory]
    [InlineData("gzip"), InlineData("x-gzip"), InlineData("deflate"), InlineData("raw-deflate"), InlineData("br"), InlineData("identity"), InlineData("gzip, br")]
    public async Task A_packed_body_is_stored_as_it_came_and_read_unpacked(string how)
    {
        var (path, attempt) = doors.NewPath();
        var packed = Packed(Encoding.ASCII.GetBytes("CallSid=packed&Status=busy&EventType=terminal"), how);
        var head = $"POST {path} HTTP/1.1\r\nHost: calls\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Encoding: {how.Replace("raw-", "", StringComparison.Ordinal)}\r\n"
            + $"Content-Length: {packed.Length.ToString(CultureInfo.InvariantCulture)}\r\n\r\n";

        Assert.Equal(200, await Doors.SendAsync(doors.Gateway, [.. Encoding.ASCII.GetBytes(head), .. packed]));

        var row = await doors.RowAsync(attempt);
        Assert.Equal((Dispositions.Translated, (string?)null, "packed"), (row.Disposition, row.Reason, row.CallId));
        Assert.Equal(Convert.ToHexString(packed), Convert.ToHexString(row.Body));
    }

    [Theory]
    [InlineData("gzip", "The body says that it is packed (gzip) and cannot be unpacked.")]
    [InlineData("br", "The body says that it is packed (br) and cannot be unpacked.")]
    [InlineData("deflate", "The body says that it is packed (deflate) and cannot be unpacked.")]
    [InlineData("zstd", "The body is packed in a way that is not read.")]
    public async Task A_packed_body_that_is_broken_is_quarantined_with_the_reason(string how, string reason)
    {
        var (path, attempt) = doors.NewPath();
        var packed = Packed(Encoding.ASCII.GetBytes("CallSid=packed&Status=busy&EventType=terminal"), how is "br" or "deflate" ? how : "gzip")[..^6];
        var head = $"POST {path} HTTP/1.1\r\nHost: calls\r\nConnection: close\r\nContent-Encoding: {how}\r\nContent-Length: {packed.Length.ToString(CultureInfo.InvariantCulture)}\r\n\r\n";

        Assert.Equal(200, await Doors.SendAsync(doors.Gateway, [.. Encoding.ASCII.GetBytes(head), .. packed]));

        var row = await doors.RowAsync(attempt);
        Assert.Equal((Dispositions.Quarantined, reason), (row.Disposition, row.Reason));
    }

    [Theory]
    [InlineData("HEAD", 200), InlineData("OPTIONS", 204)]
    public async Task Whoever_looks_whether_the_address_is_there_is_told_so_and_nothing_is_stored(string method, int status)
    {
        var (path, attempt) = doors.NewPath();

        foreach (var door in new[] { doors.Gateway, doors.Ingress })
        {
            using var answer = await doors.AskAsync(door, method, path + "?CallSid=c&Status=busy");
            Assert.Equal((status, "GET, HEAD, OPTIONS, POST"), ((int)answer.StatusCode, string.Join(", ", answer.Content.Headers.Allow)));
            Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
        }

        var (later, mark) = doors.NewPath();
        await doors.AskAsync(doors.Gateway, "GET", later + "?CallSid=mark");
        await doors.RowAsync(mark);
        Assert.Empty(await doors.RowsAsync(attempt));
    }

    [Theory]
    [InlineData("HEAD", 401), InlineData("OPTIONS", 401), InlineData("PUT", 405), InlineData("DELETE", 405), InlineData("PATCH", 405)]
    public async Task An_address_that_is_not_ours_and_a_method_that_it_does_not_have_are_refused_by_either_door(string method, int status)
    {
        var path = status == 401 ? "/webhooks/exotel/nobodys-token/status" : doors.NewPath().Path;

        foreach (var door in new[] { doors.Gateway, doors.Ingress })
        {
            using var answer = await doors.AskAsync(door, method, path);
            Assert.Equal(status, (int)answer.StatusCode);
            if (status == 405)
                Assert.Equal(["GET", "HEAD", "OPTIONS", "POST"], answer.Content.Headers.Allow.Order(StringComparer.Ordinal));
        }
    }

    [Theory]
    [InlineData("X-Odd: a\r\n folded\r\n"), InlineData("X-Nul: a\0b\r\n"), InlineData("Content-Length: 3\r\n"), InlineData("no colon\r\n")]
    public async Task What_is_no_HTTP_is_refused_at_once_by_either_door(string header)
    {
        foreach (var door in new[] { doors.Gateway, doors.Ingress })
            Assert.Equal(400, await Doors.SendAsync(door, Raw(Post(header), doors.NewPath().Path)));
    }

    [Fact]
    public async Task What_is_no_HTTP_is_a_line_in_the_log_that_says_why()
    {
        await using var fakes = new Fakes();
        await fakes.Add("ingress");
        await using var gateway = await GatewayNode.Start(fakes.Settings(("Logging:LogLevel:Default", "Information")));
        var lines = new Lines();
        gateway.Services.GetRequiredService<ILoggerFactory>().AddProvider(lines);

        Assert.Equal(400, await Doors.SendAsync(gateway.Http.BaseAddress!, Raw(Post("no colon\r\n"), gateway.Webhook())));

        await Eventually.Async(() => lines.Written.Any(line => line.StartsWith("A request was answered 400 before anything looked at it: ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_cannot_be_passed_on_is_tried_once_answered_400_and_said_once_in_the_log_without_whole_numbers()
    {
        await using var fakes = new Fakes();
        var ingress = await fakes.Add("ingress");
        await fakes.Add("ingress");
        var broken = new BrokenTransform();
        await using var gateway = await GatewayNode.Start(
            fakes.Settings(("Logging:LogLevel:Default", "Warning")), services: services => services.AddSingleton<ITransformProvider>(broken));
        var lines = new Lines();
        gateway.Services.GetRequiredService<ILoggerFactory>().AddProvider(lines);

        var (status, detail) = await gateway.Problem(HttpMethod.Post, gateway.Webhook(), null, new StringContent("a=b"));

        Assert.Equal((HttpStatusCode.BadRequest, 1), (status, broken.Tries));
        Assert.Equal("The request cannot be passed on to the ingress service: No header may hold +91••••••2345.", detail);
        Assert.Equal(
            "A request of lane Webhook was not passed on to the ingress service and was answered 400: No header may hold +91••••••2345.",
            Assert.Single(lines.Written, line => line.Contains("not passed on", StringComparison.Ordinal)));
        Assert.Empty(ingress.Received);
    }

    [Theory]
    [InlineData("ascii", true), InlineData("format", true), InlineData("invalid", true), InlineData("cut", false), InlineData("refused", false), InlineData(
        "late", false)]
    public void A_request_that_cannot_be_written_is_told_from_a_replica_that_cannot_be_reached(string what, bool ofTheMessage)
    {
        Exception error = what switch
        {
            "ascii" => new HttpRequestException("Request headers must contain only ASCII characters."),
            "format" => new FormatException(),
            "invalid" => new HttpRequestException("An error occurred while sending the request.", new InvalidOperationException()),
            "cut" => new HttpRequestException("An error occurred while sending the request.", new IOException("x", new SocketException())),
            "refused" => new HttpRequestException(HttpRequestError.ConnectionError, "Connection refused", new SocketException()),
            _ => new TaskCanceledException(),
        };

        Assert.Equal(ofTheMessage, Failure.IsOfTheMessage(new ForwarderFailure(ForwarderError.Request, error)));
        Assert.True(Failure.IsOfTheMessage(new ForwarderFailure(ForwarderError.RequestCreation, error)));
    }

    private static string Post(string headers, string type = "application/x-www-form-urlencoded") =>
        $"POST {{path}} HTTP/1.1\r\nHost: calls\r\nConnection: close\r\nContent-Type: {type}\r\n{headers}Content-Length: 21\r\n\r\nCallSid=c&Status=busy";

    private static string Get(string target) => $"GET {target} HTTP/1.1\r\nHost: calls\r\nConnection: close\r\n\r\n";

    private static byte[] Raw(string request, string path) => Encoding.Latin1.GetBytes(request.Replace("{path}", path, StringComparison.Ordinal));

    /// <summary>The headers that only the test's client sends, as they are kept.</summary>
    private static IEnumerable<string> Sent(string request) => request.Split("\r\n\r\n")[0].Split("\r\n").Skip(1)
        .Where(line => line.StartsWith("X-", StringComparison.Ordinal) && !line.StartsWith("X-Same", StringComparison.Ordinal)
            || line.StartsWith("User-Agent", StringComparison.Ordinal))
        .Select(line => $"{line.Split(':')[0]}: {line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim(' ', '\t')}");

    private static string Value(Random random)
    {
        var letters = Enumerable.Range(0, random.Next(0, 60))
            .Select(_ => (char)(random.Next(5) == 0 ? random.Next(0x20, 0x7F) : random.Next(0x80, 0x100)));
        return string.Concat(letters).Trim(' ', '\u00A0', '\u0085');
    }

    private static byte[] Packed(byte[] body, string how) => how switch
    {
        "identity" => body,
        "gzip, br" => Packed(Packed(body, "gzip"), "br"),
        _ => Through(body, how),
    };

    private static byte[] Through(byte[] body, string how)
    {
        using var packed = new MemoryStream();
        using (Stream stream = how switch
        {
            "br" => new BrotliStream(packed, CompressionMode.Compress, leaveOpen: true),
            "deflate" => new ZLibStream(packed, CompressionMode.Compress, leaveOpen: true),
            "raw-deflate" => new DeflateStream(packed, CompressionMode.Compress, leaveOpen: true),
            _ => new GZipStream(packed, CompressionMode.Compress, leaveOpen: true),
        })
            stream.Write(body);
        return packed.ToArray();
    }

    private sealed record ForwarderFailure(ForwarderError Error, Exception? Exception) : IForwarderErrorFeature;

    /// <summary>Cannot be applied to any request.</summary>
    private sealed class BrokenTransform : ITransformProvider
    {
        private int _tries;

        public int Tries => _tries;

        public void ValidateRoute(TransformRouteValidationContext context)
        {
        }

        public void ValidateCluster(TransformClusterValidationContext context)
        {
        }

        public void Apply(TransformBuilderContext context) => context.AddRequestTransform(_ =>
        {
            Interlocked.Increment(ref _tries);
            throw new FormatException("No header may hold +919825012345.");
        });
    }

    private sealed class Lines : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> _written = new();

        public IReadOnlyList<string> Written => [.. _written];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _written.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }

    /// <summary>Both ways to an ingress: through a gateway, and straight.</summary>
    public sealed class Doors : IAsyncLifetime
    {
        private readonly string _folder = TemporaryFolder.Make("spool");
        private readonly HttpClient _http = new();
        private WebApplication _ingress = null!;
        private GatewayNode _gateway = null!;

        public Uri Ingress { get; private set; } = null!;

        public Uri Gateway => _gateway.Http.BaseAddress!;

        public async Task InitializeAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["urls"] = "http://127.0.0.1:0",
                ["ConnectionStrings:ingress"] = await PostgresServer.CreateDatabaseAsync("gateway_ingress"),
                ["Webhooks:SigningKey"] = "a-signing-key-for-tests-0123456789abcdef",
                ["Identity:SigningKey"] = GatewayNode.SigningKey,
                ["Ingress:SpoolFolder"] = _folder,
                ["Accounts:default:AccountSid"] = "acme1",
                ["Accounts:default:ApiKey"] = "key",
                ["Accounts:default:ApiToken"] = "token",
                ["Accounts:default:CallbackBaseAddress"] = "https://calls.example.org",
            });
            builder.Logging.ClearProviders();
            builder.AddIngress();
            builder.AddBus();
            _ingress = builder.Build();
            _ingress.MapServiceDefaults();
            _ingress.MapIngress();
            await _ingress.StartAsync();
            Ingress = new(_ingress.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
            _gateway = await GatewayNode.Start([($"Gateway:Services:{ServiceName.Ingress}", Ingress.ToString())]);
        }

        public (string Path, Guid Attempt) NewPath()
        {
            var attempt = Guid.CreateVersion7();
            var token = _gateway.Services.GetRequiredService<CallbackTokens>()
                .Issue(new(CallbackPurpose.Attempt, attempt, "default", TimeProvider.System.GetUtcNow().AddHours(1)));
            return ($"/webhooks/exotel/{token}/status", attempt);
        }

        /// <summary>Sends bytes as they are.</summary>
        /// <returns>The status of the answer; 0: there was none.</returns>
        public static async Task<int> SendAsync(Uri door, byte[] request)
        {
            using var client = new TcpClient();
            await client.ConnectAsync(door.Host, door.Port);
            await using var stream = client.GetStream();
            await stream.WriteAsync(request);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            while (await reader.ReadLineAsync() is { } line)
            {
                if (line.StartsWith("HTTP/", StringComparison.Ordinal)
                    && int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture) is var status and not 100)
                    return status;
            }
            return 0;
        }

        public async Task<HttpResponseMessage> AskAsync(Uri door, string method, string path)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(door, path));
            return await _http.SendAsync(request);
        }

        internal async Task<List<Webhook>> RowsAsync(Guid attempt)
        {
            await using var scope = _ingress.Services.CreateAsyncScope();
            return await scope.ServiceProvider.GetRequiredService<IngressDbContext>().Webhooks.AsNoTracking().Where(row => row.AttemptId == attempt)
                .ToListAsync();
        }

        internal async Task<Webhook> RowAsync(Guid attempt)
        {
            await Eventually.Async(async () => (await RowsAsync(attempt)).Count > 0, what: $"the webhook of {attempt} has its row");
            return Assert.Single(await RowsAsync(attempt));
        }

        public async Task DisposeAsync()
        {
            _http.Dispose();
            await _gateway.DisposeAsync();
            await _ingress.StopAsync();
            await _ingress.DisposeAsync();
            TemporaryFolder.Remove(_folder);
        }
    }
}
