using System.Globalization;
using System.Text.RegularExpressions;
using Outdial.Cli.Cluster;
using Outdial.Cli.Views;

namespace Outdial.Cli.Chaos;

/// <summary>Does what the script says to a running cluster, and leaves everything running behind it.</summary>
public sealed partial class ChaosActs(LocalCluster cluster, TimeProvider time)
{
    /// <summary>Virtual time by which a wrong clock is wrong.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(40);

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);
    private readonly Dictionary<string, int> _done = [];

    /// <summary>How often each kind was done.</summary>
    public IReadOnlyDictionary<string, int> Done => _done;

    /// <summary>The deepest spool that was seen, in webhooks.</summary>
    public int DeepestSpool { get; private set; }

    /// <returns>What was done, in words.</returns>
    public async Task<string> DoAsync(ChaosAct act, CancellationToken cancel)
    {
        _done[act.Kind] = _done.GetValueOrDefault(act.Kind) + 1;
        var node = act.Service is null ? null : Pick(act);
        switch (act.Kind)
        {
            case ChaosKinds.Kill:
                await node!.KillAsync();
                node.Start();
                return $"killed {node.Name}";
            case ChaosKinds.Freeze:
                node!.Freeze();
                await WaitAsync(act.Length, cancel);
                node.Wake();
                return Lasting($"froze {node.Name} for", act);
            case ChaosKinds.CutBroker or ChaosKinds.CutAll:
                cluster.Cut(node!, database: act.Kind == ChaosKinds.CutAll);
                await WaitAsync(act.Length, cancel);
                cluster.Mend(node!);
                return Lasting($"cut {node!.Name} off {(act.Kind == ChaosKinds.CutAll ? "broker and database" : "the broker")} for", act);
            case ChaosKinds.RestartBroker:
                await cluster.Rabbit.StopNodeAsync();
                return await BrokerBackAsync("stopped RabbitMQ for", act, cancel);
            case ChaosKinds.KillBroker:
                await cluster.Rabbit.KillNodeAsync();
                return await BrokerBackAsync("killed RabbitMQ for", act, cancel);
            case ChaosKinds.RestartDatabase:
                await cluster.Postgres.StopServerAsync();
                return await DatabaseBackAsync("stopped PostgreSQL for", act, cancel);
            case ChaosKinds.KillDatabase:
                await cluster.Postgres.KillServerAsync();
                return await DatabaseBackAsync("killed PostgreSQL for", act, cancel);
            case ChaosKinds.FillSpool:
                return await FillSpoolAsync(act, cancel);
            case ChaosKinds.SkewClock:
                return await SkewAsync(node!, act, cancel);
            case ChaosKinds.Roll:
                return await RollAsync(act, cancel);
            default:
                throw new ArgumentOutOfRangeException(nameof(act), act.Kind, "no such act");
        }
    }

    /// <summary>Everything runs again and nothing is cut: what is wrong from now on stays wrong.</summary>
    public async Task CalmAsync(CancellationToken cancel)
    {
        await cluster.Rabbit.StartNodeAsync(cancel);
        await cluster.Postgres.StartServerAsync(cancel);
        foreach (var node in cluster.Nodes)
        {
            node.Wake();
            cluster.Mend(node);
            node.Start();
        }
        await LocalCluster.ReadyAsync(cluster.Nodes, cancel);
    }

    private ClusterNode Pick(ChaosAct act)
    {
        var nodes = cluster.Of(ServiceKind.Of(act.Service!)).ToList();
        return nodes[act.Pick % nodes.Count];
    }

    private async Task<string> BrokerBackAsync(string what, ChaosAct act, CancellationToken cancel)
    {
        await WaitAsync(act.Length, cancel);
        await cluster.Rabbit.StartNodeAsync(cancel);
        return Lasting(what, act);
    }

    private async Task<string> DatabaseBackAsync(string what, ChaosAct act, CancellationToken cancel)
    {
        await WaitAsync(act.Length, cancel);
        await cluster.Postgres.StartServerAsync(cancel);
        return Lasting(what, act);
    }

    private async Task<string> FillSpoolAsync(ChaosAct act, CancellationToken cancel)
    {
        const int wanted = 20;
        await cluster.Rabbit.StopNodeAsync();
        var (started, depth) = (time.GetTimestamp(), 0);
        while (depth < wanted && time.GetElapsedTime(started) < act.Length)
        {
            await WaitAsync(BetweenLooks, cancel);
            depth = Math.Max(depth, await SpooledAsync(cancel));
        }
        DeepestSpool = Math.Max(DeepestSpool, depth);
        await cluster.Rabbit.StartNodeAsync(cancel);
        return $"kept RabbitMQ away until {Words.Count(depth, "webhook")} lay in the spool";
    }

    private async Task<string> SkewAsync(ClusterNode node, ChaosAct act, CancellationToken cancel)
    {
        var skew = act.Pick % 2 == 0 ? Skew : -Skew;
        var clock = cluster.Plan.Clock with { Origin = cluster.Plan.Clock.Origin + skew };
        await node.StopAsync();
        node.Start(clock.Environment());
        await WaitAsync(act.Length, cancel);
        await node.StopAsync();
        node.Start();
        return string.Create(CultureInfo.InvariantCulture, $"ran {node.Name} with a clock {Math.Abs(skew.TotalSeconds):0} s {(skew > TimeSpan.Zero ? "fast" : "slow")}");
    }

    private async Task<string> RollAsync(ChaosAct act, CancellationToken cancel)
    {
        var nodes = cluster.Of(ServiceKind.Of(act.Service!)).ToList();
        foreach (var node in nodes)
        {
            await node.StopAsync();
            node.Start();
            await LocalCluster.ReadyAsync([node], cancel);
        }
        return $"replaced {string.Join(", ", nodes.Select(node => node.Name))} one by one";
    }

    private async Task<int> SpooledAsync(CancellationToken cancel)
    {
        var sum = 0;
        foreach (var node in cluster.Of(ServiceKind.Ingress))
        {
            using var client = new HttpClient { BaseAddress = node.Address, Timeout = TimeSpan.FromSeconds(2) };
            try
            {
                var metrics = await client.GetStringAsync("metrics", cancel);
                sum += SpoolDepth().Matches(metrics).Sum(match => (int)double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));
            }
            catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !cancel.IsCancellationRequested))
            {
                // Looked at again in a moment.
            }
        }
        return sum;
    }

    private static string Lasting(string what, ChaosAct act) => string.Create(CultureInfo.InvariantCulture, $"{what} {act.Length.TotalSeconds:0.0} s");

    private Task WaitAsync(TimeSpan length, CancellationToken cancel) => Task.Delay(length, time, cancel);

    [GeneratedRegex(@"^outdial_spool_depth\S* (\S+)$", RegexOptions.Multiline)]
    private static partial Regex SpoolDepth();
}
