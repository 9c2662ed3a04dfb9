using Outdial.Cli.Chaos;
using Outdial.Cli.Cluster;

namespace Outdial.Chaos.Tests;

public class ChaosScriptTests
{
    [Fact]
    public void The_same_seed_gives_the_same_script_and_another_seed_another()
    {
        Assert.Equal(ChaosScript.Of(7).Take(100), ChaosScript.Of(7).Take(100));
        Assert.NotEqual(ChaosScript.Of(7).Take(100), ChaosScript.Of(8).Take(100));
    }

    [Fact]
    public void The_first_stretch_of_any_script_kills_every_service_and_holds_every_kind_of_act()
    {
        var kinds = typeof(ChaosKinds).GetFields().Select(field => (string)field.GetRawConstantValue()!).ToHashSet();
        for (var seed = 0; seed < 20; seed++)
        {
            var first = ChaosScript.Of(seed).Take(31).ToList();
            Assert.Equal(kinds, first.Select(act => act.Kind).ToHashSet());
            Assert.All(ServiceKind.All, kind => Assert.Contains(first, act => act.Kind == ChaosKinds.Kill && act.Service == kind.Name));
        }
    }

    [Fact]
    public void No_two_people_of_a_run_have_the_same_number()
    {
        var numbers = (ChaosLeads.Csv(3, 0, 20_000) + ChaosLeads.Csv(3, 20_000, 20_000)).Split('\n')
            .Where(line => line.StartsWith("98", StringComparison.Ordinal))
            .Select(line => line.Split(',')[0]).ToList();

        Assert.Equal(40_000, numbers.Count);
        Assert.Equal(40_000, numbers.Distinct().Count());
        Assert.All(numbers, number => Assert.Equal(10, number.Length));
    }
}
