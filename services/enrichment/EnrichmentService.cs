using MassTransit;
using Microsoft.Extensions.Options;
using Outdial.Enrichment.Budgets;
using Outdial.Enrichment.Data;
using Outdial.Enrichment.Details;
using Outdial.Enrichment.Numbers;
using Outdial.Enrichment.Telemetry;
using Outdial.Platform;
using Outdial.Providers;
using Outdial.Providers.Exotel;
using Outdial.Providers.PortaSwitch;

namespace Outdial.Enrichment;

/// <summary>Number metadata before a call, call details after it.</summary>
public static class EnrichmentService
{
    public static IHostApplicationBuilder AddEnrichment(this IHostApplicationBuilder builder)
    {
        builder.AddServiceDefaults("enrichment");
        builder.AddDatabase<EnrichmentDbContext>("enrichment");
        builder.AddMessaging(bus =>
        {
            bus.AddConsumer<EnrichNumbersConsumer, EnrichNumbersConsumerDefinition>();
            bus.AddConsumer<CallDetailsConsumer>();
        });
        builder.AddExotel();
        builder.AddPortaSwitch();
        builder.AddOptions();
        builder.Services.AddCounters<EnrichmentMetrics>().AddSingleton<AccountSettings>().AddSingleton<Budget>().AddSingleton<Lease>();
        builder.AddNumbers();
        builder.AddDetails();
        builder.Services.AddHostedService<Pruner>();
        return builder;
    }

    public static IEndpointRouteBuilder MapEnrichment(this IEndpointRouteBuilder routes)
    {
        routes.MapNumbers();
        return routes;
    }

    private static void AddOptions(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<EnrichmentOptions>().BindConfiguration(EnrichmentOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<EnrichmentOptions>, EnrichmentOptionsValidator>();
        builder.Services.AddOptions<AccountBudgets>().ValidateOnStart();
        builder.Services.AddSingleton<IConfigureOptions<AccountBudgets>, AccountBudgetsSetup>();
        builder.Services.AddSingleton<IValidateOptions<AccountBudgets>, AccountBudgetsSetup>();
    }

    private static void AddNumbers(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<NumberMemory>().AddSingleton<NumberClaims>().AddSingleton<PeoplesLookups>().AddSingleton<LiveLookup>();
        builder.Services.AddScoped<NumberDirectory>().AddScoped<NumberAnswers>();
        builder.Services.AddSingleton<NumberLookupWorker>().AddHostedService(services => services.GetRequiredService<NumberLookupWorker>());
    }

    private static void AddDetails(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<DetailClaims>().AddSingleton<Recordings>().AddScoped<DetailAnswers>();
        builder.Services.AddSingleton<DetailWorker>().AddHostedService(services => services.GetRequiredService<DetailWorker>());
    }
}
