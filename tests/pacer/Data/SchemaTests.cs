using Outdial.Pacer.Tests.Nodes;
using Outdial.Testing;

namespace Outdial.Pacer.Tests.Data;

public sealed class SchemaTests
{
    [Fact]
    public async Task The_model_and_the_migrated_schema_agree()
    {
        await using var node = await PacerNode.Start();

        Assert.Empty(await node.Ask(db => Schema.DifferencesAsync(db)));
    }
}
