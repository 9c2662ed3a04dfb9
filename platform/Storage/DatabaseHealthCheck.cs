using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Outdial.Platform.Storage;

/// <summary>Healthy when the database answers one statement.</summary>
public sealed class DatabaseHealthCheck<TDb>(ServiceDatabase<TDb> database) : IHealthCheck
    where TDb : DbContext
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var ping = database.Source.CreateCommand("select 1");
            await ping.ExecuteScalarAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (NpgsqlException e)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, $"The {database.Name} database does not answer.", e);
        }
    }
}
