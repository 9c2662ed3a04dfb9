using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Outdial.Enrichment.Tests;

public class SchemaTests
{
    [Fact]
    public async Task The_model_and_the_migrated_tables_have_the_same_columns()
    {
        await using var app = await EnrichmentApp.StartAsync();

        var (model, tables) = await app.Rows(async db =>
        {
            var mapped = db.Model.GetEntityTypes().Where(e => e.ClrType.Namespace!.StartsWith("Outdial.Enrichment", StringComparison.Ordinal)).ToList();
            var names = mapped.Select(e => e.GetTableName()!).ToArray();
            var columns = await db.Database.SqlQuery<string>($"""
                select table_name || '.' || column_name || case when is_nullable = 'YES' then '?' else '' end as "Value"
                from information_schema.columns where table_name = any({names})
                """).ToListAsync();
            return (mapped.SelectMany(e => e.GetProperties().Select(p => Column(e, p))).Order().ToList(), columns.Order().ToList());
        });

        Assert.Equal(tables, model);
    }

    private static string Column(IEntityType entity, IProperty property) =>
        $"{entity.GetTableName()}.{property.GetColumnName()}{(property.IsNullable ? "?" : "")}";
}
