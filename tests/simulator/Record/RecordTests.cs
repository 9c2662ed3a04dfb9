using System.Text.Json.Nodes;
using Outdial.LocalServers;

namespace Outdial.Simulator.Tests;

public class RecordTests
{
    [Fact]
    public async Task Two_runs_of_a_seed_have_the_same_outcomes_although_order_and_pace_differ()
    {
        var numbers = Enumerable.Range(0, 60).Select(i => $"98{i:00}0500{i:00}").ToList();

        var straight = await Outcomes(numbers, seconds: 1, seed: 7);
        var backwards = await Outcomes([.. numbers.AsEnumerable().Reverse()], seconds: 7, seed: 7);
        var other = await Outcomes(numbers, seconds: 1, seed: 8);

        Assert.Equal(straight, backwards);
        Assert.NotEqual(straight, other);
    }

    [Fact]
    public async Task A_person_called_twice_at_once_and_an_attempt_dialed_twice_are_found()
    {
        await using var simulator = await SimulatorUnderTest.Start();
        var first = await simulator.Place("9825056601", ("CustomField", "attempt-1"));
        simulator.Pass(TimeSpan.FromSeconds(10));
        var second = await simulator.Place("+919825056601", ("CustomField", "attempt-1"));
        simulator.Pass(TimeSpan.FromMinutes(10));
        await simulator.Place("9825056601", ("CustomField", "attempt-2"));

        var summary = await simulator.Summary();

        var overlap = Assert.Single(summary["numbers"]!["overlapping"]!.AsArray())!;
        Assert.Equal(("+919825056601", first, second), (overlap["number"]!.ToString(), overlap["firstSid"]!.ToString(), overlap["secondSid"]!.ToString()));
        Assert.Equal("attempt-1", Assert.Single(summary["numbers"]!["repeatedCustomFields"]!.AsArray())!["customField"]!.ToString());
        Assert.Equal(2, (int)summary["calls"]!["peakConcurrent"]!);
        Assert.Equal((3, 1, 2), ((int)summary["calls"]!["placed"]!, (int)summary["calls"]!["open"]!, (int)summary["calls"]!["ended"]!));
    }

    [Fact]
    public async Task An_open_call_does_not_tell_its_end_and_an_ended_one_tells_all()
    {
        await using var simulator = await SimulatorUnderTest.Start();
        await simulator.Place("9825056607");

        var open = await simulator.OnlyCall();
        simulator.Pass(TimeSpan.FromMinutes(5));
        await simulator.Delivered(1);
        var ended = await simulator.OnlyCall();

        Assert.Equal("open", open["state"]!.ToString());
        Assert.Null(open["outcome"]);
        Assert.Equal(("completed", "Answered", "Completed", "9", 20), (
            ended["outcome"]!.ToString(), ended["cause"]!.ToString(), ended["flow"]!.ToString(), ended["digits"]!.ToString(), (int)ended["talkSeconds"]!));
        Assert.True((bool)ended["localCaller"]!);
    }

    [Fact]
    public async Task The_record_is_read_in_pages_as_json_or_line_by_line()
    {
        await using var simulator = await SimulatorUnderTest.Start();
        for (var i = 0; i < 5; i++)
            await simulator.Connect($"982505001{i}");

        var page = await simulator.Get($"{simulator.Root}/simulator/record?limit=3");
        var rest = await simulator.Get($"{simulator.Root}/simulator/record?limit=3&after={page["next"]}");
        var lines = (await simulator.Http.GetStringAsync($"{simulator.Root}/simulator/record?format=ndjson")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal([1, 2, 3], page["items"]!.AsArray().Select(i => (int)i!["sequence"]!));
        Assert.Equal([4, 5], rest["items"]!.AsArray().Select(i => (int)i!["sequence"]!));
        Assert.Null(rest["next"]);
        Assert.Equal(["+919825050010", "+919825050014"], new[] { lines[0], lines[^1] }.Select(l => JsonNode.Parse(l)!["from"]!.ToString()));
        Assert.Equal(5, lines.Length);
    }

    [Fact]
    public async Task A_reset_forgets_the_calls_and_what_was_still_to_be_sent()
    {
        await using var simulator = await SimulatorUnderTest.Start();
        var before = await simulator.Place("9825056602");

        await simulator.Http.DeleteAsync($"{simulator.Root}/simulator/record");
        simulator.Pass(TimeSpan.FromMinutes(1));
        var after = await simulator.Place("9825056602");
        simulator.Pass(TimeSpan.FromMinutes(10));
        await simulator.Delivered(1);

        Assert.NotEqual(before, after);
        Assert.Equal(after, Assert.Single(simulator.Receiver.Requests)["CallSid"]);
        Assert.Equal(1, (int)(await simulator.OnlyCall())["occasion"]!);
    }

    [Fact]
    public async Task The_front_page_lists_every_fixed_number()
    {
        await using var simulator = await SimulatorUnderTest.Start();

        var page = await simulator.Http.GetStringAsync(simulator.Root);

        Assert.All(Suffixes.All, suffix => Assert.Contains(suffix.Digits, page, StringComparison.Ordinal));
    }

    [Fact]
    public void The_documentation_lists_every_fixed_number_in_the_same_words()
    {
        var lines = File.ReadAllLines(Checkout.At("docs", "simulator.md"));

        Assert.All(Suffixes.All, suffix => Assert.Contains($"| {suffix.Digits} | {suffix.Meaning} |", lines));
    }

    private static async Task<IReadOnlyList<string>> Outcomes(IReadOnlyList<string> numbers, int seconds, long seed)
    {
        await using var simulator = await SimulatorUnderTest.Start(
            ("Simulator:Seed", $"{seed}"), ("Simulator:Faults", "many"), ("Simulator:Faults:HungReply", "0"), ("Simulator:Faults:CutConnection", "0"),
            ("Simulator:Faults:CallbackBeforeReply", "0"));
        foreach (var number in numbers)
        {
            await simulator.Connect(number, ("StatusCallback", $"{simulator.Receiver.Url}/status"));
            simulator.Pass(TimeSpan.FromSeconds(seconds));
        }
        simulator.Pass(TimeSpan.FromMinutes(30));
        var lines = (await simulator.Record()).Select(r =>
        {
            var call = r!["call"];
            var callbacks = call?["callbacks"]!.AsArray().Select(c => $"{c!["event"]} {c["copy"]} {c["fault"]}") ?? [];
            return $"{r["from"]} {r["status"]} {call?["outcome"]} {call?["talkSeconds"]} {call?["digits"]} {string.Join(',', callbacks)}";
        });
        return [.. lines.Order(StringComparer.Ordinal)];
    }
}
