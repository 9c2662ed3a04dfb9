using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Outdial.AgentRouter.Tests.Nodes;

namespace Outdial.AgentRouter.Tests.Data;

public sealed class SchemaTests
{
    private sealed record Column(string Table, string Name, string Type, bool Nullable);

    [Fact]
    public async Task The_model_and_the_migrated_schema_agree()
    {
        await using var node = await RouterNode.Start();
        var columns = await node.Ask(db => db.Database.SqlQuery<Column>(
            $"""
            select c.relname as "Table", a.attname as "Name", format_type(a.atttypid, a.atttypmod) as "Type", not a.attnotnull as "Nullable"
            from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
            where n.nspname = 'public' and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
            """).ToDictionaryAsync(c => (c.Table, c.Name)));

        var wrong = await node.Ask(db => Task.FromResult(db.Model.GetEntityTypes().SelectMany(entity =>
        {
            var table = StoreObjectIdentifier.Create(entity, StoreObjectType.Table)!.Value;
            return entity.GetProperties().Select(property => (property, name: property.GetColumnName(table)!)).Select(x =>
                !columns.TryGetValue((table.Name, x.name), out var column) ? $"{table.Name}.{x.name}: not in the schema"
                : column.Type != x.property.GetColumnType() ? $"{table.Name}.{x.name}: {column.Type} in the schema, {x.property.GetColumnType()} in the model"
                : column.Nullable != x.property.IsNullable ? $"{table.Name}.{x.name}: nullable {column.Nullable} in the schema, {x.property.IsNullable} in the model"
                : null);
        }).OfType<string>().ToList()));

        Assert.Empty(wrong);
    }

}
