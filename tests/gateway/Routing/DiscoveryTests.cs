using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.Extensions.ServiceDiscovery;
using Outdial.Gateway.Routing;
using Outdial.Gateway.Tests.Nodes;
using Outdial.Testing;
using Yarp.ReverseProxy;

namespace Outdial.Gateway.Tests.Routing;

/// <summary>Replicas behind a name, and who they are today.</summary>
public sealed class DiscoveryTests
{
    private const string Pacer = "http://pacer.test:8080";

    [Fact]
    public async Task Replicas_come_and_go_with_what_a_name_stands_for()
    {
        await using var fakes = new Fakes();
        var (first, second) = (await fakes.Add("pacer"), await fakes.Add("pacer"));
        var name = new ChangingName(first.Address);
        await using var gateway = await GatewayNode.Start([("Gateway:Services:pacer", Pacer)], services: name.Register);

        await gateway.Get("/api/v1/campaigns");
        await gateway.Get("/api/v1/invariants");   // the gateway's own question
        var before = (first.Received.Count, second.Received.Count);
        name.StandsFor(second.Address);
        await Eventually.Async(() => gateway.Destinations("api:pacer").SequenceEqual([second.Address + "/"]));
        await gateway.Get("/api/v1/campaigns");
        await gateway.Get("/api/v1/invariants");

        Assert.Equal((2, 0), before);
        Assert.Equal((2, 2), (first.Received.Count, second.Received.Count));
        Assert.Equal("pacer.test:8080", second.Last.Headers["Host"]);
    }

    [Fact]
    public async Task A_dead_one_among_those_behind_a_name_costs_nobody_an_error()
    {
        await using var fakes = new Fakes();
        var alive = await fakes.Add("pacer");
        var name = new ChangingName(alive.Address, $"http://127.0.0.1:{fakes.AddDead("pacer")}");
        await using var gateway = await GatewayNode.Start(
            [("Gateway:Services:pacer", Pacer), ("Gateway:Health:Interval", "00:10:00"), ("Gateway:Health:LeaveAlone", "00:00:00.050")],
            services: name.Register);

        var answers = new List<HttpResponseMessage>();
        for (var i = 0; i < 20; i++)
        {
            answers.Add(await gateway.Get("/api/v1/campaigns"));
            answers.Add(await gateway.Send(HttpMethod.Post, "/api/v1/campaigns", content: new StringContent("{}")));
        }

        Assert.Equal(2, gateway.Destinations("api:pacer").Count);
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
    }

    [Fact]
    public async Task A_name_is_looked_up_in_the_systems_own_way_and_stands_for_all_its_addresses()
    {
        await using var fakes = new Fakes();
        var pacer = await fakes.Add("pacer");
        var port = new Uri(pacer.Address).Port;
        await using var gateway = await GatewayNode.Start([("Gateway:Services:pacer", $"http://localhost:{port}")]);

        using var answer = await gateway.Get("/api/v1/campaigns");

        Assert.Equal("pacer", await answer.Content.ReadAsStringAsync());
        var all = (await Dns.GetHostAddressesAsync("localhost")).Select(address => $"http://{new IPEndPoint(address, port)}/").ToHashSet();
        Assert.Equal(all, gateway.Destinations("api:pacer").ToHashSet());
        Assert.Equal($"localhost:{port}", pacer.Last.Headers["Host"]);
    }

    [Fact]
    public async Task A_name_that_nobody_has_yet_does_not_keep_the_gateway_from_starting()
    {
        await using var fakes = new Fakes();
        await fakes.Add("ingress");
        await using var gateway = await GatewayNode.Start(
            fakes.Settings(("Gateway:Services:pacer", "http://pacer.invalid:8080"), ("Gateway:Limits:Connect", "00:00:01")));

        var (status, _) = await gateway.Problem(HttpMethod.Get, "/api/v1/campaigns");
        using var webhook = await gateway.Send(HttpMethod.Post, gateway.Webhook(), null, new StringContent("a=b"));

        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK), (status, webhook.StatusCode));
        Assert.Equal(["http://pacer.invalid:8080/"], gateway.Destinations("api:pacer"));
    }

    [Fact]
    public async Task Addresses_outlast_a_name_server_that_is_away_and_not_a_name_that_is_gone()
    {
        Func<IPAddress[]> answer = () => [IPAddress.Parse("10.0.0.5"), IPAddress.Parse("10.0.0.6")];
        var asked = 0;
        var services = new ServiceCollection().AddServiceDiscoveryCore();
        var settings = new GatewayOptions { Health = new() { LookUp = TimeSpan.FromMilliseconds(50) } };
        services.AddSingleton<IServiceEndpointProviderFactory>(new DnsReplicas(Options.Create(settings))
        {
            Ask = (_, _) =>
            {
                Interlocked.Increment(ref asked);
                return Task.FromResult(answer());
            },
        });
        await using var provider = services.AddPassThroughServiceEndpointProvider().BuildServiceProvider();

        var known = await Find();
        var away = await After(() => throw new SocketException((int)SocketError.TryAgain));
        var gone = await After(() => throw new SocketException((int)SocketError.HostNotFound));
        var stillGone = await After(() => throw new SocketException((int)SocketError.TryAgain));
        var back = await After(() => [IPAddress.Parse("10.0.0.7")]);

        Assert.Equal("10.0.0.5:8080 10.0.0.6:8080", known);
        Assert.Equal(known, away);
        Assert.DoesNotContain("10.0.0.5", gone + stillGone);
        Assert.Equal("10.0.0.7:8080", back);

        async Task<string> Find() => string.Join(
            ' ', (await provider.GetRequiredService<ServiceEndpointResolver>().GetEndpointsAsync("http://pacer:8080", default)).Endpoints);

        async Task<string> After(Func<IPAddress[]> next)
        {
            answer = next;
            var before = Volatile.Read(ref asked);
            await Eventually.Async(async () =>
            {
                await Find();
                return Volatile.Read(ref asked) > before + 1;   // the first may have been on its way
            });
            return await Find();
        }
    }

    [Fact]
    public async Task A_file_tells_who_stands_behind_a_name_and_is_followed_when_it_changes_unless_it_is_half_a_file()
    {
        await using var fakes = new Fakes();
        var (first, second, pacer) = (await fakes.Add("agent-router"), await fakes.Add("agent-router"), await fakes.Add("pacer"));
        var folder = TemporaryFolder.Make("replicas");
        var file = Path.Combine(folder, "replicas.json");
        await File.WriteAllTextAsync(file, Telling(pacer.Address, first.Address));
        await using var gateway = await GatewayNode.Start(
            [("Gateway:Services:agent-router", "http://agent-router"), ("Gateway:Services:pacer", "http://pacer"), ("Gateway:ReplicasFile", file)]);

        Assert.Equal([first.Address + "/"], gateway.Destinations("api:agent-router"));
        await File.WriteAllTextAsync(file, Telling(pacer.Address, first.Address, second.Address));
        await Eventually.Async(() => gateway.Destinations("api:agent-router").Count == 2);
        await File.WriteAllTextAsync(file, "{\"Services\": {\"agent-router\": {\"http\": [");
        await File.WriteAllTextAsync(file, Telling(pacer.Address, second.Address));
        await Eventually.Async(() => gateway.Destinations("api:agent-router").SequenceEqual([second.Address + "/"]));

        using var answer = await gateway.Get("/api/v1/agents");
        Assert.Equal("agent-router", await answer.Content.ReadAsStringAsync());
        Assert.Equal((0, 1), (first.Received.Count, second.Received.Count));
        Assert.Equal([pacer.Address + "/"], gateway.Destinations("api:pacer"));
        TemporaryFolder.Remove(folder);
    }

    [Theory]
    [InlineData("/no/such/replicas.json", "Gateway:ReplicasFile is '/no/such/replicas.json'; expected a JSON file of addresses: there is no such file.")]
    [InlineData("/etc/hostname", "Gateway:ReplicasFile is '/etc/hostname'; expected a JSON file of addresses: Could not parse the JSON file.")]
    public async Task A_file_of_replicas_that_is_none_stops_the_start_with_a_sentence(string file, string expected)
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => GatewayNode.Start(
            [("Gateway:Services:pacer", "http://pacer"), ("Gateway:ReplicasFile", file)]));

        Assert.Equal(expected, refused.Message);
    }

    private static string Telling(string pacer, params string[] routers) => JsonSerializer.Serialize(
        new { Services = new Dictionary<string, object> { ["pacer"] = new { http = new[] { pacer } }, ["agent-router"] = new { http = routers } } });

    /// <summary>A name whose addresses the test changes.</summary>
    private sealed class ChangingName(params string[] addresses) : IServiceEndpointProviderFactory, IServiceEndpointProvider
    {
        private string[] _addresses = addresses;
        private CancellationTokenSource _changed = new();

        public void Register(IServiceCollection services) => services.AddSingleton<IServiceEndpointProviderFactory>(this);

        public void StandsFor(params string[] addresses)
        {
            _addresses = addresses;
            Interlocked.Exchange(ref _changed, new()).Cancel();
        }

        public bool TryCreateProvider(ServiceEndpointQuery query, [NotNullWhen(true)] out IServiceEndpointProvider? provider)
        {
            provider = query.ToString() == Pacer ? this : null;
            return provider is not null;
        }

        public ValueTask PopulateAsync(IServiceEndpointBuilder endpoints, CancellationToken cancellationToken)
        {
            endpoints.AddChangeToken(new CancellationChangeToken(_changed.Token));
            foreach (var address in _addresses)
                endpoints.Endpoints.Add(ServiceEndpoint.Create(IPEndPoint.Parse(new Uri(address).Authority)));
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
