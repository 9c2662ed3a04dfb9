using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Outdial.Platform.Tests.Http;
using Outdial.Testing;

namespace Outdial.Platform.Tests.Telemetry;

public sealed class ReadinessGaugeTests
{
    [Fact]
    public async Task What_a_process_lacks_is_0_in_a_scrape_and_what_it_has_is_1()
    {
        await using var service = await ServiceUnderTest.Start(builder => builder.Services.AddHealthChecks()
            .AddCheck("broker", () => HealthCheckResult.Unhealthy("It is away."))
            .AddCheck("optional", () => HealthCheckResult.Degraded("It is away, and not needed.")));

        var lines = await Eventually.Some(async () =>
            (await service.Client.GetStringAsync("/metrics")).Split('\n').Where(line => line.StartsWith("outdial_ready{", StringComparison.Ordinal)).ToList()
                is { Count: >= 3 } told ? told : null);

        Assert.EndsWith(" 0", Assert.Single(lines, line => line.Contains("check=\"broker\"", StringComparison.Ordinal)));
        Assert.EndsWith(" 0", Assert.Single(lines, line => line.Contains("check=\"optional\"", StringComparison.Ordinal)));
        Assert.EndsWith(" 1", Assert.Single(lines, line => line.Contains("check=\"process\"", StringComparison.Ordinal)));
    }
}
