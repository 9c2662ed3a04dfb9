using System.Text.Json;
using System.Text.RegularExpressions;
using Outdial.Gateway.Routing;
using Outdial.Gateway.Tests.Nodes;
using Outdial.LocalServers;

namespace Outdial.Gateway.Tests.Documents;

/// <summary>The requests that people try, against the addresses that there are.</summary>
public sealed partial class RequestsTests
{
    private static readonly string[] s_open = ["/health/live", "/health/ready", "/metrics", "/openapi/v1.json"];

    private static readonly string s_text = File.ReadAllText(Checkout.At("requests", "outdial.http"));

    [Fact]
    public async Task Every_request_is_about_an_address_that_there_is()
    {
        await using var fakes = new Fakes();
        await using var gateway = await GatewayNode.Start(fakes.Settings());
        using var described = await gateway.Get("/openapi/v1.json", key: null);
        using var document = JsonDocument.Parse(await described.Content.ReadAsStringAsync());
        var own = document.RootElement.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()
            .Select(operation => (Method: operation.Name.ToUpperInvariant(), Path: path.Name.TrimEnd('/'))));
        List<(string Method, string Path)> known =
            [.. ApiRoutes.All.Select(route => (route.Method, "/api/v1/" + route.Path)), .. own, .. s_open.Select(path => ("GET", path))];

        var requests = Requests().ToList();
        Assert.True(requests.Count > 40, $"{requests.Count} requests are found");
        Assert.All(requests, request => Assert.Contains(known, route => route.Method == request.Method && Fits(route.Path, request.Path)));
    }

    [Fact]
    public void Every_variable_is_defined_before_it_is_used()
    {
        var defined = new HashSet<string>();
        foreach (var line in s_text.Split('\n'))
        {
            if (Definition().Match(line) is { Success: true } definition)
                defined.Add(definition.Groups[1].Value);
            if (!line.StartsWith('#'))
                Assert.All(Variable().Matches(line), used => Assert.Contains(used.Groups[1].Value, defined));
        }
    }

    private static IEnumerable<(string Method, string Path)> Requests() => Request().Matches(s_text)
        .Where(request => request.Groups["host"].Value == "{{outdial}}")
        .Select(request => (request.Groups["method"].Value, request.Groups["path"].Value.Split('?')[0]));

    private static bool Fits(string route, string path)
    {
        var (expected, given) = (route.Split('/'), path.Split('/'));
        return expected.Length == given.Length && expected.Zip(given).All(pair => pair.First == pair.Second || pair.First.StartsWith('{'));
    }

    [GeneratedRegex(@"^(?<method>GET|POST|PUT|DELETE|PATCH) (?<host>\{\{\w+\}\})(?<path>/\S*)", RegexOptions.Multiline)]
    private static partial Regex Request();

    [GeneratedRegex(@"^@(\w+)\s*=")]
    private static partial Regex Definition();

    [GeneratedRegex(@"\{\{(\w+)\}\}")]
    private static partial Regex Variable();
}
