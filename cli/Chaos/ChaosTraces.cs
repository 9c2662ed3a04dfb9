using Npgsql;
using Outdial.Cli.Cluster;

namespace Outdial.Cli.Chaos;

/// <summary>What the protections had to do, read from the services' own rows: a run in which nothing had to be mended proves little.</summary>
/// <param name="Webhooks">Raw webhooks that were kept.</param>
/// <param name="LookedUp">Attempts whose fate was read from the provider's records.</param>
/// <param name="Uncertain">Attempts whose request for a call had no answer.</param>
/// <param name="Canceled">Attempts that were withdrawn undialed.</param>
public sealed record ChaosTraces(long Webhooks, long LookedUp, long Uncertain, long Canceled)
{
    internal static async Task<ChaosTraces> ReadAsync(LocalCluster cluster, CancellationToken cancel)
    {
        var pacer = await cluster.DatabaseAsync(ServiceKind.Pacer, cancel);
        var ingress = await cluster.DatabaseAsync(ServiceKind.Ingress, cancel);
        return new(
            await CountAsync(ingress, "select count(*) from webhooks", cancel),
            await CountAsync(pacer, "select count(*) from attempts where look_ups > 0", cancel),
            await CountAsync(pacer, "select count(*) from attempts where uncertain_reason is not null", cancel),
            await CountAsync(pacer, "select count(*) from attempts where outcome = 'Canceled'", cancel));
    }

    private static async Task<long> CountAsync(string database, string sql, CancellationToken cancel)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(cancel))!;
    }
}
