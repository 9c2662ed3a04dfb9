using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Outdial.Testing;

namespace Outdial.Platform.Tests.Http;

/// <summary>A small service with the defaults of all services, on a real Kestrel and a free port.</summary>
public sealed class ServiceUnderTest : IAsyncDisposable
{
    public const string AdminKey = "an-admin-key-of-the-test", CrmKey = "a-crm-key-of-the-test--";

    private readonly WebApplication _app;

    private ServiceUnderTest(WebApplication app, HttpClient client) =>
        (_app, Client, Plain) = (app, client, new() { BaseAddress = client.BaseAddress });

    public HttpClient Client { get; }

    /// <summary>Sends no key of its own.</summary>
    public HttpClient Plain { get; }

    public IServiceProvider Services => _app.Services;

    public sealed record Order(string Name, int MaxAttempts, TimeSpan RingTimeout, Window Window);

    public sealed record Window(string From, DayOfWeek[] Days);

    public static async Task<ServiceUnderTest> Start(Action<WebApplicationBuilder>? configure = null, Action<WebApplication>? map = null)
    {
        var builder = WebApplication.CreateBuilder(Unwatched.Options);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ApiKeys:0:Name"] = "root",
            ["ApiKeys:0:Key"] = AdminKey,
            ["ApiKeys:0:Role"] = "admin",
            ["ApiKeys:1:Name"] = "mirror",
            ["ApiKeys:1:Key"] = CrmKey,
            ["ApiKeys:1:Role"] = "crm",
        });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        configure?.Invoke(builder);
        builder.AddServiceDefaults("first");
        builder.AddServiceDefaults("second");
        var app = builder.Build();
        app.MapPost("/api/v1/orders", (Order order) => TypedResults.Ok(order)).RequireAuthorization(ApiPolicies.Operate);
        app.MapGet("/api/v1/orders/{id:guid}", (Guid id, int limit) => TypedResults.Ok(id)).RequireAuthorization(ApiPolicies.Read);
        app.MapGet("/api/v1/broken", string () => throw new InvalidOperationException("secret of the inside +919876540240"));
        map?.Invoke(app);
        app.MapServiceDefaults();
        app.MapServiceDefaults();
        await app.StartAsync();
        var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        client.DefaultRequestHeaders.Add("X-Api-Key", AdminKey);
        return new ServiceUnderTest(app, client);
    }

    /// <summary>Sends, and reads the problem the answer must be.</summary>
    public async Task<(int Status, JsonElement Problem, string? Correlation)> Problem(HttpMethod method, string path, string? json = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (json is not null)
            request.Content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        using var answer = await Client.SendAsync(request);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        return ((int)answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>(), answer.Headers.GetValues("X-Correlation-Id").Single());
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Plain.Dispose();
        await _app.DisposeAsync();
    }
}
