using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;
using Outdial.Testing;

namespace Outdial.Platform.Tests.Storage;

public sealed class SnakeCaseTests
{
    [Theory]
    [InlineData("Id", "id")]
    [InlineData("CallerIds", "caller_ids")]
    [InlineData("LastUsedAt", "last_used_at")]
    [InlineData("SMSCount2", "sms_count2")]
    [InlineData("already_snake", "already_snake")]
    [InlineData("Window_FromHour", "window_from_hour")]
    public void A_name_becomes_snake_case(string name, string expected) => Assert.Equal(expected, SnakeCaseExtensions.SnakeCase(name));

    [Fact]
    public async Task Every_table_and_column_of_the_model_exists_under_its_name_in_the_migrated_database()
    {
        await using var service = await TestService.Start(_ => { });
        await using var source = NpgsqlDataSource.Create(service.Database);
        await using var columns = source.CreateCommand("SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'public'");
        var existing = new HashSet<string>();
        await using (var row = await columns.ExecuteReaderAsync())
            while (await row.ReadAsync())
                existing.Add(row.GetString(0));

        var mapped = await service.Query(db => Task.FromResult(db.Model.GetEntityTypes().SelectMany(Columns).ToList()));

        Assert.Contains("notes.text_value", mapped);
        Assert.Contains("outbox_messages.destination_address", mapped);
        Assert.Empty(mapped.Except(existing));
    }

    private static IEnumerable<string> Columns(IEntityType entity)
    {
        var table = StoreObjectIdentifier.Create(entity, StoreObjectType.Table)!.Value;
        return entity.GetProperties().Select(p => $"{table.Name}.{p.GetColumnName(table)}");
    }
}
