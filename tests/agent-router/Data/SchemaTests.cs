using Outdial.AgentRouter.Tests.Nodes;
using Outdial.Testing;

namespace Outdial.AgentRouter.Tests.Data;

public sealed class SchemaTests
{
    [Fact]
    public async Task The_model_and_the_migrated_schema_agree()
    {
        await using var node = await RouterNode.Start();

        Assert.Empty(await node.Ask(db => Schema.DifferencesAsync(db)));
    }
}
