using System.Collections.Concurrent;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace Outdial.Platform.Sagas;

/// <summary>The statement that reads one instance and locks its row until the transaction ends.</summary>
internal static class SagaLock<TSaga>
    where TSaga : class, ISaga
{
    private static readonly ConcurrentDictionary<Type, string> s_statements = new();

    public static string Statement(DbContext db) =>
        s_statements.GetOrAdd(db.GetType(), static (_, context) => Build(context), db);

    private static string Build(DbContext db)
    {
        var entity = db.Model.FindEntityType(typeof(TSaga))
            ?? throw new ConfigurationException($"{db.GetType().Name} does not map the saga {typeof(TSaga).Name}.");
        var sql = db.GetService<ISqlGenerationHelper>();
        var table = StoreObjectIdentifier.Create(entity, StoreObjectType.Table)!.Value;
        var id = entity.FindProperty(nameof(ISaga.CorrelationId))!.GetColumnName(table)!;

        // By name, not *: a column that a newer version adds would break the statements that older processes have prepared.
        var columns = entity.GetProperties().Select(p => p.GetColumnName(table)).OfType<string>().Select(sql.DelimitIdentifier);
        return $"select {string.Join(", ", columns)} from {sql.DelimitIdentifier(table.Name, table.Schema)} where {sql.DelimitIdentifier(id)} = {{0}} for update";
    }
}
