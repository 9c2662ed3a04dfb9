using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Outdial.Gateway.Tests.Nodes;
using Outdial.Gateway.Tests.Routing;

namespace Outdial.Gateway.Tests.Client;

/// <summary>The description of the whole API, as a gateway puts it together from those of the services. Made once for all tests.</summary>
public sealed class WholeDocument : IAsyncLifetime
{
    public JsonObject Root { get; private set; } = [];

    public async Task InitializeAsync()
    {
        await using var fakes = new Fakes();
        foreach (var (service, document) in await ServicesAsBuilt.Documents())
        {
            await fakes.Add(service, context => context.Response.WriteAsync(
                context.Request.Path == "/openapi/v1.json" ? document : throw new InvalidOperationException($"{context.Request.Path} is not asked for here.")));
        }
        await using var gateway = await GatewayNode.Start(fakes.Settings());
        using var answer = await gateway.Get("/openapi/v1.json", key: null);
        Root = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsObject();
        Root["info"]!["version"] = "1";   // tells of the build, not of the API
    }

    public Task DisposeAsync() => Task.CompletedTask;
}
