using Outdial.Testing;

namespace Outdial.Analytics.Tests;

public class SchemaTests
{
    [Fact]
    public async Task The_model_and_the_migrated_tables_have_the_same_columns()
    {
        await using var app = await AnalyticsApp.StartAsync();

        Assert.Empty(await app.Rows(db => Schema.DifferencesAsync(db, everyColumn: true)));
    }
}
