using MassTransit;
using Outdial.Analytics.Advice;
using Outdial.Analytics.Campaigns;
using Outdial.Analytics.Data;
using Outdial.Analytics.Facts;
using Outdial.Analytics.Reports;
using Outdial.Analytics.Telemetry;
using Outdial.Platform;

namespace Outdial.Analytics;

/// <summary>Call facts, completion rates, advice to the pacer and reports.</summary>
public static class AnalyticsService
{
    public static IHostApplicationBuilder AddAnalytics(this IHostApplicationBuilder builder)
    {
        builder.AddServiceDefaults("analytics");
        builder.AddDatabase<AnalyticsDbContext>("analytics");
        builder.AddMessaging(bus =>
        {
            bus.AddConsumer<CallFactsConsumer, CallFactsConsumerDefinition>();
            bus.AddConsumer<CampaignHistoryConsumer>();
        });
        builder.Services.AddOptions<AdviceOptions>().BindConfiguration(AdviceOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<AnalyticsMetrics>().AddSingleton<ReportQuery>().AddSingleton<AttemptsCsv>();
        builder.Services.AddScoped<CallFacts>().AddScoped<AdviceGiver>();
        builder.Services.AddHostedService<AdviceLoop>();
        return builder;
    }

    public static IEndpointRouteBuilder MapAnalytics(this IEndpointRouteBuilder routes)
    {
        routes.MapReports();
        return routes;
    }
}
