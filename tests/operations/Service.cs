using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Outdial.AgentRouter;
using Outdial.Analytics;
using Outdial.Enrichment;
using Outdial.Ingress;
using Outdial.Pacer;
using Outdial.Platform;
using Outdial.Testing;

namespace Outdial.Operations.Tests;

/// <summary>One of the platform's services, composed in this process as its own program does it.</summary>
internal static class Service
{
    private static readonly Dictionary<string, Action<IHostApplicationBuilder>> s_registrations = new()
    {
        ["ingress"] = builder => builder.AddIngress(),
        ["pacer"] = builder => builder.AddPacer(),
        ["enrichment"] = builder => builder.AddEnrichment(),
        ["router"] = builder => builder.AddAgentRouter(),
        ["analytics"] = builder => builder.AddAnalytics(),
    };

    /// <summary>By the names of their databases.</summary>
    public static IReadOnlyCollection<string> Names => s_registrations.Keys;

    /// <summary>Composes it and does not start it.</summary>
    /// <param name="broker">The broker's address.</param>
    /// <param name="database">Connection string; without it, one that leads nowhere.</param>
    /// <param name="awaitTopology">Whether it waits for the queues in place of making them.</param>
    public static WebApplication Build(string name, string broker, string? database = null, bool awaitTopology = false)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            [$"ConnectionStrings:{name}"] = database ?? $"Host=127.0.0.1;Port=1;Database={name};Username=nobody",
            ["ConnectionStrings:rabbitmq"] = broker,
            ["Messaging:Transport"] = "rabbitmq",
            ["Messaging:AwaitTopology"] = awaitTopology ? "true" : "false",
            ["Webhooks:SigningKey"] = "operations-signing-key-0123456789abcdef",
            ["Accounts:default:BaseAddress"] = "http://127.0.0.1:1/",   // nobody is called
            ["Accounts:default:AccountSid"] = "operations",
            ["Accounts:default:ApiKey"] = "operations",
            ["Accounts:default:ApiToken"] = "operations",
            ["Accounts:default:CallbackBaseAddress"] = "http://127.0.0.1:1/",
            ["Accounts:default:AllowPrivateAddresses"] = "true",
            ["Ingress:SpoolFolder"] = TemporaryFolder.Make("spool"),
        });
        s_registrations[name](builder);
        builder.AddBus();
        return builder.Build();
    }

    /// <summary>Composes and starts it on a database of its own.</summary>
    public static async Task<WebApplication> StartAsync(string name, string broker, bool awaitTopology = false)
    {
        var service = Build(name, broker, await PostgresServer.CreateDatabaseAsync(name), awaitTopology);
        await service.StartAsync();
        return service;
    }
}
