using Microsoft.Extensions.DependencyInjection;
using Outdial.Analytics.Reports;
using Outdial.Contracts;
using Outdial.Testing;

namespace Outdial.Analytics.Tests;

public class RabbitMqTests
{
    [Fact]
    public async Task Over_a_real_broker_events_become_facts_and_facts_become_advice()
    {
        await using var app = await AnalyticsApp.StartAsync(
            ("Messaging:Transport", "rabbitmq"), ("ConnectionStrings:rabbitmq", await RabbitServer.CreateVirtualHostAsync()),
            ("Analytics:Advice:Interval", "00:00:00.050"));
        var campaign = Guid.NewGuid();
        await app.Bus.Publish(Told.Campaign(campaign, floor: 0.5));

        for (var n = 0; n < 30; n++)
            await app.Bus.Publish(Told.Ended(campaign, Guid.NewGuid(), n % 3 == 0 ? Outcomes.Completed : Outcomes.Busy, Told.Noon.AddSeconds(n)));

        await Eventually.Async(() => app.Heard.Rates.Any(advice => advice.CampaignId == campaign && advice.Rate < 0.5));
        await Eventually.Async(async () =>
            (await app.Services.GetRequiredService<ReportQuery>().RunAsync(campaign, default))?.Totals is { Attempts: 30, Completed: 10 });
    }
}
