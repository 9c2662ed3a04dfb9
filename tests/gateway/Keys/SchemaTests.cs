using Microsoft.Extensions.DependencyInjection;
using Outdial.Gateway.Data;
using Outdial.Gateway.Tests.Nodes;
using Outdial.Testing;

namespace Outdial.Gateway.Tests.Keys;

public sealed class SchemaTests
{
    [Fact]
    public async Task The_model_and_the_migrated_schema_agree()
    {
        await using var gateway = await GatewayNode.Start([], await PostgresServer.CreateDatabaseAsync("gateway"));
        await using var scope = gateway.Services.CreateAsyncScope();

        Assert.Empty(await Schema.DifferencesAsync(scope.ServiceProvider.GetRequiredService<GatewayDbContext>(), everyColumn: true));
    }
}
