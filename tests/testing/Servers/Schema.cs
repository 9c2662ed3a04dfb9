using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Outdial.Testing;

/// <summary>Holds a service's model and its migrated tables together.</summary>
public static class Schema
{
    private sealed record Column(string Table, string Name, string Type, bool Nullable);

    /// <summary>In words, where the two differ: columns that are missing, of another type, or nullable in one alone. Empty when they agree.</summary>
    /// <param name="everyColumn">Columns of the service's own tables that the model does not know are differences, too.</param>
    public static async Task<List<string>> DifferencesAsync(DbContext db, bool everyColumn = false)
    {
        var columns = await db.Database.SqlQuery<Column>(
            $"""
            select c.relname as "table", a.attname as name, format_type(a.atttypid, a.atttypmod) as type, not a.attnotnull as nullable
            from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
            where n.nspname = 'public' and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
            """).ToDictionaryAsync(c => (c.Table, c.Name));
        var mapped = db.Model.GetEntityTypes().SelectMany(Properties).ToList();
        var own = mapped.Where(m => m.Property.DeclaringType.ClrType.Assembly == db.GetType().Assembly).Select(m => m.Table).ToHashSet();
        var known = mapped.Select(m => (m.Table, m.Name)).ToHashSet();
        return
        [
            .. mapped.Select(m =>
                !columns.TryGetValue((m.Table, m.Name), out var column) ? $"{m.Table}.{m.Name}: not in the schema"
                : Plain(column.Type) != Plain(m.Property.GetColumnType()) ? $"{m.Table}.{m.Name}: {column.Type} in the schema, {m.Property.GetColumnType()} in the model"
                : column.Nullable != m.Property.IsNullable ? $"{m.Table}.{m.Name}: nullable {column.Nullable} in the schema, {m.Property.IsNullable} in the model"
                : null).OfType<string>(),
            .. columns.Keys.Where(c => everyColumn && own.Contains(c.Table) && !known.Contains(c)).Select(c => $"{c.Table}.{c.Name}: not in the model"),
        ];
    }

    private static IEnumerable<(string Table, string Name, IProperty Property)> Properties(IEntityType entity)
    {
        var table = StoreObjectIdentifier.Create(entity, StoreObjectType.Table)!.Value;
        return entity.GetProperties().Select(property => (table.Name, property.GetColumnName(table)!, property));
    }

    /// <summary>Without the precision, which the model does not name.</summary>
    private static string Plain(string type) => type.StartsWith("numeric(", StringComparison.Ordinal) ? "numeric" : type;
}
