using System.Collections;
using System.Net;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Outdial.AgentRouter;
using Outdial.Analytics;
using Outdial.Enrichment;
using Outdial.Gateway.Keys;
using Outdial.Ingress;
using Outdial.Pacer;
using Outdial.Platform;
using Outdial.Testing;

namespace Outdial.Gateway.Tests.Routing;

/// <summary>One endpoint of a service, as the service itself has it.</summary>
/// <param name="Path">From the root, parameters in braces without their constraints.</param>
/// <param name="Roles">Who may use it, in alphabetical order; <c>token</c> where the address itself carries the right.</param>
public sealed record OwnedEndpoint(string Service, string Method, string Path, string Roles);

/// <summary>The services' endpoints, read from the services themselves, which are built and not started.</summary>
public static partial class ServicesAsBuilt
{
    private static readonly (string Name, Action<IHostApplicationBuilder> Add, Action<IEndpointRouteBuilder> Map)[] Services =
    [
        ("pacer", builder => builder.AddPacer(), routes => routes.MapPacer()),
        ("agent-router", builder => builder.AddAgentRouter(), routes => routes.MapAgentRouter()),
        ("analytics", builder => builder.AddAnalytics(), routes => routes.MapAnalytics()),
        ("ingress", builder => builder.AddIngress(), routes => routes.MapIngress()),
        ("enrichment", builder => builder.AddEnrichment(), routes => routes.MapEnrichment()),
    ];

    public static async Task<List<OwnedEndpoint>> Endpoints()
    {
        var all = new List<OwnedEndpoint>();
        foreach (var service in Services)
        {
            await Visit(service, async (endpoint, policies) =>
            {
                var roles = await RolesOf(endpoint, policies);
                foreach (var method in MethodsOf(endpoint))
                    all.Add(new(service.Name, method, PathOf(endpoint), roles));
            });
        }
        return all;
    }

    /// <summary>The addresses that answer with a list, the gateway's own among them, with the names of their handlers' parameters.</summary>
    public static async Task<List<(string Path, string[] Parameters)>> Lists()
    {
        var all = new List<(string, string[])>();
        foreach (var service in Services.Append(("gateway", builder => builder.AddApiKeyStore(), routes => routes.MapApiKeyStore())))
        {
            await Visit(service, (endpoint, _) =>
            {
                if (MethodsOf(endpoint).Contains("GET") && IsList(endpoint))
                    all.Add(
                        (PathOf(endpoint), [.. endpoint.Metadata.GetMetadata<MethodInfo>()!.GetParameters().Select(parameter => parameter.Name!)]));
                return Task.CompletedTask;
            });
        }
        return all;
    }

    /// <summary>The addresses of the API, the gateway's own among them, that pass over what they do not know in a request.</summary>
    public static async Task<List<string>> Careless()
    {
        var (all, looked) = (new List<string>(), 0);
        foreach (var service in Services.Append(("gateway", builder => builder.AddApiKeyStore(), routes => routes.MapApiKeyStore())))
        {
            await Visit(service, (endpoint, _) =>
            {
                if (PathOf(endpoint).StartsWith("/api/", StringComparison.Ordinal))
                {
                    looked++;
                    if (!endpoint.IsStrict())
                        all.Add($"{string.Join('/', MethodsOf(endpoint))} {PathOf(endpoint)}");
                }
                return Task.CompletedTask;
            });
        }
        Assert.True(looked > 60, $"{looked} addresses are found");
        return all;
    }

    /// <summary>What each service says of itself. It answers for that alone: nothing else of it runs.</summary>
    public static async Task<List<(string Service, string Document)>> Documents()
    {
        var all = new List<(string, string)>();
        foreach (var (name, add, map) in Services)
        {
            var builder = Builder((name, add, map));
            builder.Services.RemoveAll<IHostedService>();
            builder.Services.RemoveAll<IStartupValidator>();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
            builder.Logging.ClearProviders();
            await using var app = builder.Build();
            map(app);
            await app.StartAsync();
            all.Add((name, Encoding.UTF8.GetString(await app.Services.GetRequiredService<ApiDescription>().GetAsync())));
        }
        return all;
    }

    private static async Task Visit(
        (string Name, Action<IHostApplicationBuilder> Add, Action<IEndpointRouteBuilder> Map) service,
        Func<RouteEndpoint, IAuthorizationPolicyProvider, Task> look)
    {
        await using var app = Builder(service).Build();
        service.Map(app);
        var policies = app.Services.GetRequiredService<IAuthorizationPolicyProvider>();
        foreach (var endpoint in ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>())
            await look(endpoint, policies);
    }

    private static WebApplicationBuilder Builder((string Name, Action<IHostApplicationBuilder> Add, Action<IEndpointRouteBuilder> Map) service)
    {
        var (name, add, _) = service;
        var builder = WebApplication.CreateBuilder(Unwatched.Options);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            [$"ConnectionStrings:{(name == "agent-router" ? "router" : name)}"] = "Host=127.0.0.1;Port=1;Database=none;Username=nobody",
            ["Messaging:Transport"] = "memory",
            ["Webhooks:SigningKey"] = "a-signing-key-for-tests-0123456789abcdef",
            ["Accounts:default:AccountSid"] = "acme1",
            ["Accounts:default:ApiKey"] = "key",
            ["Accounts:default:ApiToken"] = "token",
            ["Accounts:default:CallbackBaseAddress"] = "https://calls.example.org",
        });
        builder.AddServiceDefaults(name);
        add(builder);
        builder.AddBus();
        return builder;
    }

    private static IReadOnlyList<string> MethodsOf(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"];

    private static bool IsList(RouteEndpoint endpoint) => endpoint.Metadata.OfType<IProducesResponseTypeMetadata>()
        .Any(answer => answer is { StatusCode: 200, Type: { } type } && type != typeof(string) && type.IsAssignableTo(typeof(IEnumerable)));

    private static string PathOf(RouteEndpoint endpoint) =>
        "/" + Constraint().Replace(endpoint.RoutePattern.RawText!, "").Trim('/');

    private static async Task<string> RolesOf(Endpoint endpoint, IAuthorizationPolicyProvider policies)
    {
        if (endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            return "token";
        var policy = await AuthorizationPolicy.CombineAsync(
            policies, endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>(), endpoint.Metadata.GetOrderedMetadata<AuthorizationPolicy>());
        if (policy is null)
            return "anyone";
        var allowed = policy.Requirements.OfType<RolesAuthorizationRequirement>().Select(requirement => requirement.AllowedRoles);
        return string.Join(", ", allowed.Aggregate(ApiRoles.All.AsEnumerable(), (left, right) => left.Intersect(right)).Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"(?<=\{[^}:]+):[^}]+(?=\})")]
    private static partial Regex Constraint();
}
