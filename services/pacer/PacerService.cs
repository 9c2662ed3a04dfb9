using MassTransit;
using Outdial.Contracts;
using Outdial.Pacer.Agents;
using Outdial.Pacer.CallBacks;
using Outdial.Pacer.CallerIds;
using Outdial.Pacer.CallingHours;
using Outdial.Pacer.Calls;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Data;
using Outdial.Pacer.History;
using Outdial.Pacer.Hopper;
using Outdial.Pacer.Invariants;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Leads.Import;
using Outdial.Pacer.Numbers;
using Outdial.Pacer.People;
using Outdial.Pacer.Placing;
using Outdial.Pacer.Pulse;
using Outdial.Pacer.Reconciliation;
using Outdial.Pacer.Restore;
using Outdial.Pacer.SingleCalls;
using Outdial.Pacer.Suppressions;
using Outdial.Pacer.Telemetry;
using Outdial.Pacer.Waiting;
using Outdial.Platform;
using Outdial.Providers;
using Outdial.Providers.Exotel;
using Outdial.Providers.PortaSwitch;

namespace Outdial.Pacer;

/// <summary>Campaigns, leads, attempts, the sagas, the pacing core, and issuing calls.</summary>
public static class PacerService
{
    public static IHostApplicationBuilder AddPacer(this IHostApplicationBuilder builder)
    {
        builder.AddServiceDefaults("pacer");
        builder.AddDatabase<PacerDbContext>("pacer");
        builder.AddInvariants("pacer", PacerInvariants.All);
        builder.AddExotel();
        builder.AddPortaSwitch();
        builder.AddCallbackTokens();
        builder.AddImports();

        var services = builder.Services;
        services.AddOptions<PacerOptions>().BindConfiguration("Pacer").ValidateDataAnnotations()
            .Validate(options => options.LawfulHours.Values.All(text => LawfulHours.TryRead(text, out _)),
                "Pacer:LawfulHours has a value that is no pair of times: expected one such as 08:00-20:00 for each of GB-promotional and the like.")
            .ValidateOnStart();
        services.AddCounters<PacerMetrics>().AddSingleton<CampaignFigures>().AddSingleton<AccountFigures>().AddSingleton<ProviderClocks>();
        services.AddSingleton<AccountSettings>();
        services.AddSingleton<CallbackAddress>();
        services.AddSingleton<OriginateBudget>();
        services.AddSingleton<PulseSignal>();
        services.AddScoped<AccountHealth>();
        services.AddScoped<SuppressionList>().AddScoped<SuppressionLists.SuppressionListReader>();
        services.AddScoped<ICampaignZones, CampaignZones>().AddScoped<WrittenNumbers>().AddScoped<AnybodysNumbers>();
        services.AddScoped<CampaignJournal>().AddScoped<CampaignSetup>().AddScoped<CampaignChanges>().AddScoped<CampaignCopies>();
        services.AddScoped<AgentSessions>();
        services.AddScoped<AgentLines>();
        services.AddScoped<PulseQueries>();
        services.AddScoped<CampaignWake>();
        services.AddScoped<CallBackPromises>();
        services.AddScoped<MissedCallDecider>();
        services.AddScoped<LeadPicker>();
        services.AddScoped<StandingLeads>().AddScoped<StandingCounts>();
        services.AddScoped<WhyWaiting>();
        services.AddScoped<OfferedLeads>();
        services.AddScoped<HopperOffers>();
        services.AddScoped<PowerFloors>();
        services.AddScoped<DropRule>();
        services.AddScoped<CorrectOutcome>();
        services.AddScoped<LookAhead>();
        services.AddScoped<CampaignPulse>();
        services.AddScoped<Reconciler>();
        services.AddScoped<SilentCallVerdict>();
        services.AddScoped<LeadKeys>();
        services.AddScoped<AddedLeads>();
        services.AddScoped<CallKeys>();
        services.AddScoped<TriggeredCalls>();
        services.AddScoped<DoubtfulAttempts>();
        services.AddScoped<LostCalls>();
        services.AddScoped<HeldCampaigns>();
        services.AddScoped<RetoldFacts>();
        services.AddAfterRestore<PacerDbContext, AfterRestore>();
        services.AddHostedService<PulseLoop>();
        services.AddHostedService<ReconcileLoop>();
        services.AddHostedService<MissedCallLoop>();
        services.AddHostedService<Pruner>();
        services.AddHostedService<QueueGauge>();
        services.AddHostedService<StandingGauge>();

        builder.AddMessaging(bus =>
        {
            bus.AddConsumer<OriginateCallConsumer, OriginateCallConsumerDefinition>();
            bus.AddConsumer<NumberEnrichedConsumer>();
            bus.AddConsumer<AgentStateChangedConsumer, AgentStateChangedConsumerDefinition>();
            bus.AddConsumer<AgentsPresentConsumer, AgentsPresentConsumerDefinition>();
            bus.AddConsumer<OpenAgentLineConsumer, OpenAgentLineConsumerDefinition>();
            bus.AddConsumer<LeadDispositionedConsumer, LeadDispositionedConsumerDefinition>();
            bus.AddConsumer<InboundCallMissedConsumer, InboundCallMissedConsumerDefinition>();
            bus.AddConsumer<HopperLowConsumer, HopperLowConsumerDefinition>();
            bus.AddSagaStateMachine<CallStateMachine, Attempt>(typeof(CallStateMachineDefinition)).EntityFrameworkRepository(r =>
            {
                // A call's few events come bunched (answer, keys, end within a second): waiting for a row is cheaper than repeating.
                r.ConcurrencyMode = ConcurrencyMode.Pessimistic;
                r.ExistingDbContext<PacerDbContext>();
            });
            bus.AddSagaStateMachine<CampaignStateMachine, Campaign>(typeof(CampaignStateMachineDefinition)).EntityFrameworkRepository(r =>
            {
                r.ConcurrencyMode = ConcurrencyMode.Pessimistic;   // pulses, people and advice meet here
                r.ExistingDbContext<PacerDbContext>();
            });
            bus.AddRequestClient<StartCampaign>();
            bus.AddRequestClient<PauseCampaign>();
            bus.AddRequestClient<ResumeCampaign>();
            bus.AddRequestClient<StopCampaign>();
        });
        return builder;
    }

    public static IEndpointRouteBuilder MapPacer(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapApi();
        api.MapCampaigns();
        api.MapCampaignChanges();
        api.MapHopper();
        api.MapLeads();
        api.MapWaiting();
        api.MapPeople();
        api.MapMissedCalls();
        api.MapLeadChanges();
        api.MapImports();
        api.MapCalls();
        api.MapCallExport();
        api.MapLeadExport();
        api.MapCallerIds();
        api.MapSuppressions();
        api.MapEventStream();
        return routes;
    }
}
