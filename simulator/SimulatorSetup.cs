using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Outdial.Simulator.PortaSwitch;

namespace Outdial.Simulator;

/// <summary>The simulator as a part that any host can take in, such as a test on a free port.</summary>
public static class SimulatorSetup
{
    /// <summary>A <see cref="TimeProvider"/> that is already registered is used; otherwise the section <c>Clock</c> makes one.</summary>
    public static IHostApplicationBuilder AddSimulator(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        // Paths carry phone numbers; the framework's request logs would write them out whole.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        services.Configure<KestrelServerOptions>(kestrel => kestrel.AddServerHeader = false);
        services.AddOptions<SimulatorOptions>().BindConfiguration("Simulator").ValidateDataAnnotations()
            .Validate(o => o.CallbackTimeout > TimeSpan.Zero && o.DialWhomTimeout > TimeSpan.Zero && o.HungReply > TimeSpan.Zero
                && o.HeartbeatEvery > TimeSpan.Zero && o.DetailsDelay >= TimeSpan.Zero,
                "Simulator:CallbackTimeout, DialWhomTimeout, HungReply and HeartbeatEvery must be longer than nothing, DetailsDelay not negative.")
            .ValidateOnStart();
        services.TryAddSingleton(_ => AcceleratedClock.From(builder.Configuration));
        services.AddSingleton(_ => FaultRates.From(builder.Configuration.GetSection("Simulator:Faults")));

        services.AddSingleton<Agenda>().AddSingleton<NumberDirectory>().AddSingleton<ExoPhones>().AddSingleton<People>();
        services.AddSingleton<FaultPlan>().AddSingleton<Habits>().AddSingleton<CallBook>().AddSingleton<LookupCounter>().AddSingleton<Summary>();
        services.AddSingleton<RateWindows>().AddSingleton<ExotelGate>().AddSingleton<CallDocuments>().AddSingleton<Switchboard>();
        services.AddSingleton<FlowSettings>().AddSingleton<Courier>().AddSingleton<Postman>();
        services.AddSingleton<FlowBook>().AddSingleton<AgentRoster>().AddSingleton<Phones>().AddSingleton<CallbackFaults>();
        services.AddSingleton<FlowClient>().AddSingleton<FlowQueries>().AddSingleton<FlowCallbacks>().AddSingleton<Dialer>();
        services.AddSingleton<FlowTools>().AddSingleton<FlowFloor>();
        services.AddHostedService(provider => provider.GetRequiredService<Postman>());
        services.AddHostedService<Heartbeat>();
        services.AddPortaSwitch();
        return builder;
    }

    public static IEndpointRouteBuilder MapSimulator(this IEndpointRouteBuilder app)
    {
        // Read now, so that a wrong value stops the process and not the first call.
        app.ServiceProvider.GetRequiredService<FaultRates>();
        app.ServiceProvider.GetRequiredService<ExoPhones>();
        app.ServiceProvider.GetRequiredService<TimeProvider>();

        app.MapFrontPage();
        var account = app.MapGroup("/v1/Accounts/{account}");
        account.MapConnect();
        account.MapCallDetails();
        account.MapNumbers();
        app.MapExoPhones();
        app.MapPortaSwitch();

        var control = app.MapGroup("/simulator");
        control.MapRecord();
        control.MapControls();
        control.MapFlows();
        control.MapAgents();
        control.MapInbound();
        return app;
    }
}
