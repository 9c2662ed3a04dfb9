using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Outdial.Platform.Storage;

namespace Outdial.Testing;

/// <summary>
/// Databases with a service's schema, each a copy of one to which this process has applied the scripts: a copy costs a third of what the scripts
/// cost, and most tests want a database of their own.
/// </summary>
public static class MigratedDatabase
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<string>>> s_templates = new(StringComparer.Ordinal);

    /// <summary>A new database with all scripts applied and no rows, another one at every call.</summary>
    /// <param name="service">Name of the service's connection string.</param>
    /// <param name="scripts">The assembly with its scripts.</param>
    /// <returns>Its connection string.</returns>
    public static async Task<string> CreateAsync(string service, Assembly scripts)
    {
        var template = s_templates.GetOrAdd(service, _ => new(() => MigrateAsync(service, scripts)));
        try
        {
            return await PostgresServer.CreateDatabaseAsync(service, await template.Value);
        }
        catch
        {
            s_templates.TryRemove(new(service, template));   // the next one tries anew
            throw;
        }
    }

    private static async Task<string> MigrateAsync(string service, Assembly scripts)
    {
        // No connection stays behind: a database in use is not copied.
        var template = new NpgsqlConnectionStringBuilder(await PostgresServer.CreateDatabaseAsync($"{service}_scripts")) { Pooling = false };
        await using var source = NpgsqlDataSource.Create(template);
        await new Migrator(NullLogger<Migrator>.Instance, TimeProvider.System).ApplyAsync(source, Migration.Of(service, scripts), default);
        return template.Database!;
    }
}
