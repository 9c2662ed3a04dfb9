using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Outdial.Platform;

public static class SnakeCaseExtensions
{
    /// <summary>
    /// Names every table and column of the model in snake_case: <c>CallerIds.LastUsedAt</c> becomes
    /// <c>caller_ids.last_used_at</c>. Call it last in <c>OnModelCreating</c>: it renames what is mapped by then.
    /// </summary>
    /// <remarks>A table is named by its <c>DbSet</c>. A name that was given by hand is converted too, which leaves snake_case as it is.</remarks>
    public static ModelBuilder UseSnakeCase(this ModelBuilder model)
    {
        foreach (var entity in model.Model.GetEntityTypes())
            Name(entity);
        return model;
    }

    internal static void Name(IMutableEntityType entity)
    {
        // What lives inside a JSON column is named by its serialiser.
        if (entity.IsMappedToJson())
            return;

        if (entity.GetTableName() is { } table)
            entity.SetTableName(SnakeCase(table));
        foreach (var property in entity.GetProperties())
            property.SetColumnName(SnakeCase(property.GetColumnName()));
    }

    /// <summary><c>LastUsedAt</c> → <c>last_used_at</c>, <c>SMSCount2</c> → <c>sms_count2</c>.</summary>
    internal static string SnakeCase(string name)
    {
        var result = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            var c = name[i];
            var startsWord = char.IsUpper(c) && i > 0 && name[i - 1] != '_'
                && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])));
            if (startsWord)
                result.Append('_');
            result.Append(char.ToLowerInvariant(c));
        }

        return result.ToString();
    }
}
