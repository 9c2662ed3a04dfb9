using System.Text.RegularExpressions;
using Outdial.Gateway.Routing;
using Outdial.Gateway.Tests.Nodes;

namespace Outdial.Gateway.Tests.Documents;

/// <summary>The requests that people try, against the addresses that there are.</summary>
public sealed partial class RequestsTests
{
    private static readonly string s_text = Checkout.Read("requests", "outdial.http");

    [Fact]
    public async Task Every_request_is_about_an_address_that_there_is()
    {
        await using var fakes = new Fakes();
        await using var gateway = await GatewayNode.Start(fakes.Settings());
        var own = Described().Matches(await (await gateway.Get("/openapi/v1.json", key: null)).Content.ReadAsStringAsync()).Select(path => path.Groups[1].Value);
        var known = ApiRoutes.All.Select(route => (route.Method, Path: "/api/v1/" + route.Path))
            .Concat(own.SelectMany(path => new[] { "GET", "POST", "DELETE" }.Select(method => (method, path))))
            .Concat(new[] { "/health/live", "/health/ready", "/metrics", "/openapi/v1.json" }.Select(path => ("GET", path))).ToList();

        var requests = Requests().ToList();
        Assert.True(requests.Count > 40, $"{requests.Count} requests are found");
        Assert.Empty(requests.Where(request => !known.Any(route => route.Method == request.Method && Fits(route.Path, request.Path))));
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

    [GeneratedRegex("\"(/api/v1/[^\"]+)\"")]
    private static partial Regex Described();
}
