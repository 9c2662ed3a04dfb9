using System.Net;
using System.Net.Sockets;
using System.Text;
using Outdial.Cli.Demo;
using Outdial.Cli.Processes;

namespace Outdial.Cli.Tests.Demo;

public class DemoTargetTests
{
    private static readonly Uri Platform = new("http://127.0.0.1:1/");

    [Fact]
    public async Task The_clock_of_the_run_is_the_simulators()
    {
        using var simulator = new OneAnswer("""{"now":"2026-01-05T05:00:00+00:00","india":"2026-01-05 10:30:00","speed":20}""");
        var before = TimeProvider.System.GetUtcNow();

        var clock = await DemoTarget.ReadClockAsync(simulator.Address, TimeProvider.System, default);

        Assert.Equal(20, clock.Speed);
        Assert.Equal(new DateTimeOffset(2026, 1, 5, 5, 0, 0, TimeSpan.Zero), clock.Origin);
        Assert.InRange(clock.RealOrigin, before, TimeProvider.System.GetUtcNow());
    }

    [Fact]
    public async Task An_address_where_no_simulator_serves_is_named()
    {
        using var other = new OneAnswer("<html>");
        var failure = await Assert.ThrowsAsync<CommandFailure>(() => DemoTarget.ReadClockAsync(other.Address, TimeProvider.System, default));
        Assert.Contains(other.Address.ToString(), failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_file_that_is_missing_is_named()
    {
        var file = new FileInfo(Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString()));
        var failure = await Assert.ThrowsAsync<CommandFailure>(() => DemoTarget.AtAsync(Platform, Platform, file, TimeProvider.System, default));
        Assert.Contains(file.FullName, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("demo", "--address", "http://localhost:8080")]
    [InlineData("demo", "--simulator", "http://localhost:8090")]
    [InlineData("demo", "--address", "localhost:8080", "--simulator", "http://localhost:8090")]
    [InlineData("demo", "--on-up", "--address", "http://localhost:8080", "--simulator", "http://localhost:8090")]
    [InlineData("demo", "--provider", "exotel", "--address", "http://localhost:8080", "--simulator", "http://localhost:8090")]
    public void Words_that_do_not_name_one_place_are_refused(params string[] words) =>
        Assert.NotEmpty(DemoCommand.Create().Parse(words[1..]).Errors);

    [Fact]
    public void A_platform_and_its_simulator_are_understood() =>
        Assert.Empty(DemoCommand.Create().Parse(["--address", "http://localhost:8080", "--simulator", "http://localhost:8090"]).Errors);

    /// <summary>A server that answers the first request with a body.</summary>
    private sealed class OneAnswer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public OneAnswer(string body)
        {
            _listener.Start();
            Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
            _ = ServeAsync($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}");
        }

        public Uri Address { get; }

        public void Dispose() => _listener.Dispose();

        private async Task ServeAsync(string answer)
        {
            using var client = await _listener.AcceptTcpClientAsync();
            var stream = client.GetStream();
            _ = await stream.ReadAtLeastAsync(new byte[4096], 1);
            await stream.WriteAsync(Encoding.UTF8.GetBytes(answer));
        }
    }
}
