using System.Globalization;
using Outdial.Cli.Demo;
using Outdial.Cli.Processes;

namespace Outdial.Cli.Cluster;

/// <summary>Starts a cluster and minds it until it is told to stop: what dies is started again, after a pause that grows.</summary>
public sealed class ClusterSupervisor(ClusterPlan plan, DemoOptions options, TimeProvider time)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private readonly Dictionary<string, (DateTimeOffset At, int Deaths)> _restarts = [];
    private DateTimeOffset _started;

    public async Task<int> RunAsync(CancellationToken cancel)
    {
        try
        {
            await using var cluster = await LocalCluster.StartAsync(plan, Say, cancel);
            _started = time.GetUtcNow();
            ClusterWish.Remove();   // of an earlier run
            Say($"up: {cluster.Gateway}");
            try
            {
                while (true)
                {
                    Mind(cluster);
                    await ScaleAsync(cluster, cancel);
                    State(cluster, _started).Write();
                    await Task.Delay(BetweenLooks, time, cancel);
                }
            }
            catch (OperationCanceledException)
            {
                Say("stopping: services first, then provider and servers");
            }
        }
        finally
        {
            ClusterState.Remove();
        }
        Say("down");
        return 0;
    }

    // While it goes on, nothing is minded: what dies meanwhile is started again a little later.
    private async Task ScaleAsync(LocalCluster cluster, CancellationToken cancel)
    {
        IReadOnlyDictionary<string, int>? wanted = null;
        try
        {
            wanted = ClusterWish.TryRead();
            if (wanted is null)
                return;
            Say($"scaling: {string.Join(", ", wanted.Select(of => $"{of.Key}={of.Value}"))}");
            await cluster.ScaleAsync(wanted, cancel);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // The platform runs on, whatever of the wish could not be done.
            Say(failure is CommandFailure ? failure.Message : $"scaling failed: {failure.GetType().Name}: {failure.Message}");
        }
        State(cluster, _started).Write();
        ClusterWish.Remove();
    }

    private void Mind(LocalCluster cluster)
    {
        foreach (var node in cluster.Nodes.Where(node => !node.IsRunning))
        {
            var (at, deaths) = _restarts.GetValueOrDefault(node.Name);
            if (at == default)
            {
                var pause = TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, Math.Pow(2, deaths)));
                _restarts[node.Name] = (time.GetUtcNow() + pause, deaths + 1);
                Say(string.Create(CultureInfo.InvariantCulture, $"{node.Name} has ended by itself; it is started again in {pause.TotalSeconds:0} s. {node.LastWords(3)}"));
            }
            else if (at <= time.GetUtcNow())
            {
                _restarts[node.Name] = (default, deaths);
                node.Start();
            }
        }
    }

    private ClusterState State(LocalCluster cluster, DateTimeOffset started) => new(
        Environment.ProcessId, started, cluster.Gateway, cluster.SimulatorAddress, cluster.ApiKeyFile, cluster.Rabbit.Address,
        cluster.Postgres.ConnectionString, plan.Clock.Speed, plan.Clock.Origin, plan.Clock.RealOrigin, options.Mode, options.Dialect,
        [.. cluster.Nodes.Select(node => new NodeState(node.Name, node.Address, node.ProcessId, node.Starts, node.LogFile))]);

    private void Say(string line) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():HH:mm:ss} {line}"));
}
