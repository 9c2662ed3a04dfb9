using Microsoft.EntityFrameworkCore;
using Outdial.Gateway.Data;

namespace Outdial.Gateway.Keys;

internal static class KeyStatements
{
    /// <summary>Two rotations at once would each leave the other's secret without an end.</summary>
    public static IQueryable<KeyRow> Locked(this DbSet<KeyRow> keys, Guid id) => keys.FromSql($"select * from api_keys where id = {id} for update");
}
