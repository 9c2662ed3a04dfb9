using MassTransit;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Outdial.Ingress.Api;
using Outdial.Ingress.Data;
using Outdial.Ingress.Invariants;
using Outdial.Ingress.Matching;
using Outdial.Ingress.Retention;
using Outdial.Ingress.Spool;
using Outdial.Ingress.Telemetry;
using Outdial.Ingress.Webhooks;
using Outdial.Platform;
using Outdial.Providers;
using Outdial.Providers.Exotel;
using Outdial.Providers.PortaSwitch;

namespace Outdial.Ingress;

public static class IngressService
{
    /// <summary>
    /// Provider webhooks in, neutral call events out. Needs <c>ConnectionStrings:ingress</c>, <c>Webhooks:SigningKey</c>, the
    /// section <c>Accounts</c>, and a folder for the spool (<see cref="IngressOptions"/>).
    /// </summary>
    public static IHostApplicationBuilder AddIngress(this IHostApplicationBuilder builder)
    {
        builder.AddServiceDefaults("ingress");
        builder.AddCallbackAddresses<IngressDbContext>();
        builder.AddProviderAccess();
        builder.AddExotel();
        builder.AddPortaSwitch();
        builder.AddDatabase<IngressDbContext>("ingress");
        builder.AddInvariants("ingress", IngressInvariants.All);
        builder.AddMessaging(bus =>
        {
            bus.AddConsumer<WebhookReceivedConsumer, WebhookReceivedConsumerDefinition>();
            bus.AddConsumer<CallOriginatedConsumer, CallOriginatedConsumerDefinition>();
        });

        builder.Services.AddOptions<IngressOptions>().BindConfiguration("Ingress").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddCounters<IngressMetrics>();
        builder.Services.AddSingleton<WebhookKinds>();
        builder.Services.Replace(ServiceDescriptor.Singleton<IEchoReader, EchoReader>());
        builder.Services.AddSingleton<WebhookSpool>();
        builder.Services.AddSingleton<WebhookIntake>();
        builder.Services.AddScoped<WebhookTranslation>();
        builder.Services.AddScoped<KnownCalls>();
        builder.Services.AddSingleton(new ServedWhileWaiting(routes => routes.MapWebhooks()));   // kept in the spool
        builder.Services.AddSingleton<SpoolDrain>();
        builder.Services.AddSingleton<IKeptOnDisk>(provider => provider.GetRequiredService<SpoolDrain>());
        builder.Services.AddHostedService(provider => provider.GetRequiredService<SpoolDrain>());
        builder.Services.AddHostedService<WebhookPruner>();
        return builder;
    }

    public static IEndpointRouteBuilder MapIngress(this IEndpointRouteBuilder routes)
    {
        routes.MapWebhooks();
        routes.MapWebhookApi();
        routes.MapFlowAddresses();
        return routes;
    }
}
