using System.Text;
using Outdial.Cli.Demo;
using Outdial.Cli.Processes;
using Outdial.EndToEnd.Tests.Rigs;
using Outdial.Testing;

namespace Outdial.EndToEnd.Tests.Services;

/// <summary>
/// What rules and dashboards ask for is what running services say, to the letter: an empty panel, and an alert that cannot fire, look like a quiet
/// night.
/// </summary>
[Collection(SharedServices.Name)]
public sealed class MetricsTests(SharedServices shared)
{
    private const int Leads = 40;
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(6);

    [Fact]
    public async Task Every_metric_and_label_of_rules_and_dashboards_is_in_a_scrape_of_services_with_a_campaign()
    {
        var (rig, services) = await shared.RenewAsync(faults: "some");
        var trial = await Trial.BeginAsync(rig, services, LeadLists.Sample(Leads, skip: 700), rig.ScenarioOf(DemoModes.Power, agents: 6));
        using var pacer = services.Client("pacer");
        using var watched = await pacer.PatchAsync($"api/v1/campaigns/{trial.Campaign}", new StringContent(
            """{"completion":{"floor":0.01,"window":10}}""", Encoding.UTF8, "application/merge-patch+json"));
        watched.EnsureSuccessStatusCode();
        var expressions = AskedMetrics.Expressions(Workshop.Root);
        // Those of the broker are held against a broker; "up" is Prometheus' own.
        var asked = expressions.SelectMany(AskedMetrics.Names)
            .Where(name => name != "up" && !name.StartsWith("rabbitmq_", StringComparison.Ordinal)).ToHashSet();
        var labels = expressions.SelectMany(AskedMetrics.Labels).Except(["vhost", "queue"]).ToHashSet();
        Assert.True(asked.Count > 40, $"{asked.Count} metrics");

        for (var attempts = 8; attempts < 10 * Leads && asked.Count + labels.Count > 0; attempts += 4)
        {
            await trial.UntilAsync(campaign => campaign.IsOver || campaign.Progress?.Attempts >= attempts, Deadline, "people are called");
            foreach (var address in shared.Gateway.Addresses)
            {
                var (names, known) = AskedMetrics.Said(await ScrapeAsync(address));
                asked.ExceptWith(names);
                labels.ExceptWith(known);
            }
        }

        Assert.True(
            asked.Count + labels.Count == 0,
            $"In no scrape are the metrics {string.Join(", ", asked)} and the labels {string.Join(", ", labels)}\n{rig.Tail()}");
        await trial.Floor.CloseAsync(default);
        await trial.Floor.DisposeAsync();
    }

    private static async Task<string> ScrapeAsync(Uri address)
    {
        using var client = new HttpClient { BaseAddress = address };
        return await client.GetStringAsync("metrics");
    }
}
