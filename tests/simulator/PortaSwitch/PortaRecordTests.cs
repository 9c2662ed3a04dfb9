using System.Text.Json.Nodes;

namespace Outdial.Simulator.Tests.PortaSwitch;

/// <summary>Calls of this dialect in the record and the summary.</summary>
public class PortaRecordTests
{
    [Fact]
    public async Task A_call_is_on_record_with_its_provider_its_times_and_the_address_of_its_events()
    {
        await using var porta = await PortaUnderTest.Start();
        await porta.Staff(new { count = 1 });
        await porta.Place("9825056601");
        porta.Simulator.Pass(TimeSpan.FromMinutes(5));
        await porta.Received(9);

        var record = Assert.Single(await porta.Simulator.Record())!;
        var summary = await porta.Simulator.Summary();

        Assert.Equal(("portaswitch", porta.CallbackUrl), (record["provider"]!.ToString(), record["customField"]!.ToString()));
        var call = record["call"]!;
        string[] times =
            [.. new[] { call["createdAt"], call["ringingAt"], call["answeredAt"], call["queue"]!["queuedAt"], call["queue"]!["connectedAt"], call["endedAt"] }
            .Select(t => t!.ToString())];
        Assert.Equal(times.Order(StringComparer.Ordinal), times);
        Assert.Equal((1, 1), ((int)summary["calls"]!["placed"]!, (int)summary["calls"]!["byOutcome"]!["completed"]!));
        Assert.Equal(9, (int)summary["callbacks"]!["due"]!);
    }

    [Fact]
    public async Task One_address_for_the_events_of_two_calls_and_two_calls_at_once_are_seen()
    {
        await using var porta = await PortaUnderTest.Start();
        await porta.Place("9825056601");
        await porta.Place("9825056601");

        var numbers = (await porta.Simulator.Summary())["numbers"]!;

        Assert.Equal(porta.CallbackUrl, Assert.Single(numbers["repeatedCustomFields"]!.AsArray())!["customField"]!.ToString());
        Assert.Equal("+919825056601", Assert.Single(numbers["overlapping"]!.AsArray())!["number"]!.ToString());
    }

    [Fact]
    public async Task Two_calls_in_different_dialects_at_once_to_one_person_overlap_too()
    {
        await using var porta = await PortaUnderTest.Start();
        await porta.Simulator.Place("9825056601");
        await porta.Place("9825056601");

        Assert.Single((await porta.Simulator.Summary())["numbers"]!["overlapping"]!.AsArray());
    }

    [Fact]
    public async Task A_reset_forgets_the_calls_and_frees_the_agents()
    {
        await using var porta = await PortaUnderTest.Start();
        await porta.Staff(new { count = 1 });
        var id = await porta.Place("9825056608");
        await porta.Until(id, "connected");
        porta.Seconds(20);

        await porta.Simulator.Http.DeleteAsync($"{porta.Simulator.Root}/simulator/record");

        Assert.Empty(await porta.Listed());
        Assert.Empty(await porta.Simulator.Record());
        Assert.Equal(1, (int)(await porta.Floor())["free"]!);
    }

    [Fact]
    public async Task The_same_seed_and_calls_give_the_same_ends()
    {
        var first = await Ends();
        var second = await Ends();

        Assert.Equal(first, second);
        Assert.True(first.Select(e => e.Split(' ')[1]).Distinct().Count() > 2);
    }

    private static async Task<IReadOnlyList<string>> Ends()
    {
        await using var porta = await PortaUnderTest.Start(("Simulator:Seed", "7"));
        await porta.Staff(new { count = 3, declines = 0.2 });
        for (var i = 0; i < 40; i++)
        {
            await porta.Place($"98250500{i:00}");
            porta.Seconds(2);
        }
        porta.Simulator.Pass(TimeSpan.FromMinutes(30));
        return [.. (await porta.Simulator.Record()).Select(r => r!["call"]!).Select(c =>
            $"{c["number"]} {c["outcome"]} {c["flow"]} {c["queue"]!["reason"]} {c["queue"]!["reasonCode"]} {c["queue"]!["agent"]} {c["endedAt"]}")];
    }
}
