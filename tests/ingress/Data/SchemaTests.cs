using Outdial.Testing;

namespace Outdial.Ingress.Tests.Data;

public sealed class SchemaTests
{
    [Fact]
    public async Task The_model_and_the_migrated_tables_have_the_same_columns()
    {
        await using var ingress = await IngressService.StartAsync(
            await PostgresServer.CreateDatabaseAsync("ingress"), rabbit: null, TemporaryFolder.Make("spool"));

        Assert.Empty(await ingress.WithDb(db => Schema.DifferencesAsync(db, everyColumn: true)));
    }
}
