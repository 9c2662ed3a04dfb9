using Outdial.Testing;

namespace Outdial.Enrichment.Tests;

public class SchemaTests
{
    [Fact]
    public async Task The_model_and_the_migrated_tables_have_the_same_columns()
    {
        await using var app = await EnrichmentApp.StartAsync();

        Assert.Empty(await app.Rows(db => Schema.DifferencesAsync(db, everyColumn: true)));
    }
}
