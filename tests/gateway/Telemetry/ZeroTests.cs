using Outdial.Gateway.Tests.Nodes;

namespace Outdial.Gateway.Tests.Telemetry;

/// <summary>What has not happened is 0 in a scrape: absent looks like broken.</summary>
public sealed class ZeroTests
{
    [Fact]
    public async Task A_gateway_that_has_just_started_tells_each_known_series_of_its_counters()
    {
        (string Counter, string Label, string Other)[] expected =
        [
            ("outdial_gateway_unanswered_total", "lane=\"webhook\"", "service=\"ingress\""),
            ("outdial_gateway_unanswered_total", "lane=\"dialwhom\"", "service=\"agent-router\""),
            ("outdial_gateway_repeated_total", "lane=\"api\"", "service=\"analytics\""),
            ("outdial_gateway_refused_total", "lane=\"webhook\"", "reason=\"token\""),
            ("outdial_gateway_refused_total", "lane=\"upload\"", "reason=\"uploads\""),
            ("outdial_http_malformed_total", "status=\"400\"", ""),
        ];
        await using var gateway = await GatewayNode.Start([]);

        var lines = (await gateway.Http.GetStringAsync("/metrics")).Split('\n');

        Assert.All(expected, series => Assert.Contains(lines, line => line.StartsWith(series.Counter + "{", StringComparison.Ordinal)
            && line.Contains(series.Label, StringComparison.Ordinal) && line.Contains(series.Other, StringComparison.Ordinal)));
    }
}
