using Outdial.Cli.Cluster;

namespace Outdial.Cli.Chaos;

/// <summary>What is done, and in which order. Pure: the same seed gives the same script.</summary>
public static class ChaosScript
{
    private static readonly string[] Workers = [.. ServiceKind.Services.Select(kind => kind.Name)];

    /// <summary>Without end. The first stretch holds every act once; after that chance decides.</summary>
    public static IEnumerable<ChaosAct> Of(long seed)
    {
        var chance = new Random(unchecked((int)(seed ^ (seed >> 32))));
        var all = Each().ToArray();
        while (true)
        {
            chance.Shuffle(all);
            foreach (var (kind, service) in all)
                yield return Act(kind, service, chance);
        }
    }

    /// <summary>One act of each kind that matters most, for a run of a minute.</summary>
    public static IEnumerable<ChaosAct> Short(long seed)
    {
        var chance = new Random(unchecked((int)(seed ^ (seed >> 32))));
        (string, string?)[] acts =
        [
            (ChaosKinds.Kill, "pacer"), (ChaosKinds.Kill, "agent-router"), (ChaosKinds.KillBroker, null), (ChaosKinds.Freeze, "pacer"),
            (ChaosKinds.Kill, "ingress"), (ChaosKinds.KillDatabase, null), (ChaosKinds.CutBroker, "analytics"), (ChaosKinds.Roll, "pacer"),
        ];
        chance.Shuffle(acts);
        return acts.Select(act => Act(act.Item1, act.Item2, chance));
    }

    private static IEnumerable<(string Kind, string? Service)> Each()
    {
        foreach (var service in Workers)
        {
            yield return (ChaosKinds.Kill, service);
            yield return (ChaosKinds.CutBroker, service);
            yield return (ChaosKinds.Roll, service);
        }
        yield return (ChaosKinds.Kill, ServiceKind.Gateway.Name);
        foreach (var service in new[] { "pacer", "agent-router", "ingress" })
            yield return (ChaosKinds.Freeze, service);
        foreach (var service in new[] { "pacer", "analytics", "enrichment" })
            yield return (ChaosKinds.CutAll, service);
        yield return (ChaosKinds.SkewClock, "pacer");
        yield return (ChaosKinds.SkewClock, "ingress");
        foreach (var kind in new[] { ChaosKinds.RestartBroker, ChaosKinds.KillBroker, ChaosKinds.RestartDatabase, ChaosKinds.KillDatabase,
            ChaosKinds.FillSpool })
            yield return (kind, null);
    }

    private static ChaosAct Act(string kind, string? service, Random chance) => new(
        kind, service, chance.Next(0, 1000),
        kind switch
        {
            ChaosKinds.Freeze => Seconds(chance, 8, 14),
            ChaosKinds.CutBroker or ChaosKinds.CutAll => Seconds(chance, 3, 9),
            ChaosKinds.RestartBroker or ChaosKinds.KillBroker or ChaosKinds.RestartDatabase or ChaosKinds.KillDatabase => Seconds(chance, 0, 4),
            ChaosKinds.FillSpool => TimeSpan.FromSeconds(15),
            ChaosKinds.SkewClock => Seconds(chance, 10, 15),
            _ => TimeSpan.Zero,
        },
        Seconds(chance, 1, 5));

    private static TimeSpan Seconds(Random chance, double least, double most) => TimeSpan.FromSeconds(least + (most - least) * chance.NextDouble());
}
