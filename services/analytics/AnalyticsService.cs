using MassTransit;
using Outdial.Analytics.Advice;
using Outdial.Analytics.Agents;
using Outdial.Analytics.Campaigns;
using Outdial.Analytics.Data;
using Outdial.Analytics.Facts;
using Outdial.Analytics.Inbound;
using Outdial.Analytics.Invariants;
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
        builder.AddInvariants("analytics", AnalyticsInvariants.All);
        builder.AddMessaging(bus =>
        {
            bus.AddConsumer<CallFactsConsumer, CallFactsConsumerDefinition>();
            bus.AddConsumer<CampaignHistoryConsumer>();
            bus.AddConsumer<AgentStretchesConsumer, AgentStretchesConsumerDefinition>();
            bus.AddConsumer<InboundCallsConsumer, InboundCallsConsumerDefinition>();
        });
        builder.Services.AddOptions<AdviceOptions>().BindConfiguration(AdviceOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<InboundOptions>().BindConfiguration(InboundOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddCounters<AnalyticsMetrics>().AddSingleton<ReportQuery>().AddSingleton<AttemptsCsv>();
        builder.Services.AddSingleton<AgentQuery>().AddSingleton<InboundQuery>();
        builder.Services.AddScoped<AgentStretches>().AddScoped<CallFacts>().AddScoped<AdviceGiver>();
        builder.Services.AddHostedService<AdviceLoop>();
        return builder;
    }

    public static IEndpointRouteBuilder MapAnalytics(this IEndpointRouteBuilder routes)
    {
        routes.MapReports();
        routes.MapPeople();
        return routes;
    }
}
