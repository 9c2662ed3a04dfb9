using System.Text.Json.Nodes;
using Outdial.Testing;

namespace Outdial.Simulator.Tests.Flows;

/// <summary>Each callback of the loop dropped, doubled or delayed, by order and by the dice.</summary>
public class FlowFaultTests
{
    private static readonly string[] Leads = ["09825056601", "09825056602", "09825056601"];
    private static readonly string[] Ends = ["+919825056601 completed", "+919825056602 busy", "+919825056601 completed"];

    public static TheoryData<string, string, int> Struck()
    {
        var data = new TheoryData<string, string, int>();
        foreach (var (callback, usual) in ((string, int)[])[("popup-dial", 3), ("popup-answered", 2), ("popup-terminal", 3), ("dialed", 3), ("status", 1)])
        {
            data.Add(callback, "drop", usual - 1);
            data.Add(callback, "double", usual + 1);
            data.Add(callback, "delay", usual);
        }
        return data;
    }

    [Theory, MemberData(nameof(Struck))]
    public async Task A_chosen_callback_is_struck_and_the_line_goes_on(string callback, string what, int expected)
    {
        await using var rig = await AWaitingRig();
        await Order(rig, new { callback, nth = 1, what });
        rig.Offer(Leads);
        await rig.OpenLine();

        await rig.Until(() => rig.Of("/stay").Count > 0 && Idle(rig));
        await rig.Until(() => Matching(rig, callback).Count >= expected);

        Assert.Equal(expected, Matching(rig, callback).Count);
        Assert.Equal(Ends, await rig.Legs());
        Assert.Equal(1, (int)(await rig.Simulator.Summary())["faults"]![what == "double" ? "duplicate" : what]!);
    }

    [Fact]
    public async Task A_delayed_popup_arrives_late_and_speaks_of_its_own_moment()
    {
        await using var rig = await AWaitingRig();
        await Order(rig, new { callback = "popup-answered", nth = 2, what = "delay", seconds = 40 });
        rig.Offer(Leads);
        await rig.OpenLine();

        await rig.LineEnds();
        rig.Simulator.Pass(TimeSpan.FromMinutes(2));
        await Eventually.Async(() => Matching(rig, "popup-answered").Count == 2);

        var late = rig.Of("/popup")[^1];
        Assert.Equal("Answered", late["EventType"]);
        Assert.True(string.CompareOrdinal(late["CurrentTime"], rig.Of("/popup")[^2]["CurrentTime"]) < 0);
    }

    [Theory]
    [InlineData("drop", 3)]
    [InlineData("delay", 2)]
    public async Task A_question_that_is_lost_is_asked_again_and_one_that_is_late_wastes_its_answer(string what, int dialed)
    {
        await using var rig = await AWaitingRig();
        await Order(rig, new { callback = "dialwhom", nth = 2, what, seconds = 7 });
        rig.Offer(Leads);
        await rig.OpenLine();

        await rig.LineEnds();

        Assert.Equal(dialed, (await rig.Legs()).Count);
        Assert.Equal(1, (int)(await rig.Counts())["dialWhom"]!["late"]!);
    }

    [Fact]
    public async Task A_question_that_comes_twice_has_the_same_words_and_its_first_answer_counts()
    {
        await using var rig = await AWaitingRig();
        await Order(rig, new { callback = "dialwhom", nth = 1, what = "double", seconds = 1 });
        rig.Answers = r => r["DialWhomNumber"] == "" ? "09825056602" : "";
        await rig.OpenLine();

        await rig.LineEnds();

        Assert.Equal(rig.Of("/dialwhom")[0].Fields, rig.Of("/dialwhom")[1].Fields);
        Assert.Single(await rig.Legs());
    }

    [Fact]
    public async Task A_stay_request_that_is_lost_hangs_up_and_one_that_is_late_does_not()
    {
        await using var rig = await FlowRig.Start(new { stayUrl = "/stay" });
        await rig.Put($"{FlowRig.FlowPath}/mischief", new JsonArray(
            new JsonObject { ["callback"] = "stay", ["nth"] = 1, ["what"] = "delay" },
            new JsonObject { ["callback"] = "stay", ["nth"] = 2, ["what"] = "drop" }));
        await rig.OpenLine();

        await rig.LineEnds();

        Assert.Equal((2, 1), (rig.Of("/dialwhom").Count, rig.Of("/stay").Count));
    }

    [Theory]
    [InlineData("09825056630", 0, 0)]
    [InlineData("09825056631", 6, 2)]
    public async Task The_numbers_with_fixed_faults_show_them_in_the_loop(string lead, int popups, int passthrus)
    {
        await using var rig = await AWaitingRig();
        rig.Offer(lead);
        await rig.OpenLine();

        await rig.Until(() => rig.Of("/status").Count > 0 && rig.Of("/popup").Count == popups && rig.Of("/dialed").Count == passthrus);

        Assert.Equal([$"+91{lead[1..]} completed"], await rig.Legs());
    }

    [Fact]
    public async Task The_rates_strike_the_loop_too_and_every_lead_is_dialed_at_most_once()
    {
        await using var rig = await FlowRig.Start(new { stayUrl = "/stay" }, null, ("Simulator:Faults:Drop", "0.2"), ("Simulator:Faults:Duplicate", "0.2"));
        rig.StayWhileOffered();
        var leads = Enumerable.Range(0, 12).Select(i => $"098250500{i:00}").ToArray();
        rig.Offer(leads);
        while (rig.Left > 0)
        {
            var lines = rig.Of("/status").Count;
            await rig.OpenLine();
            await rig.Until(() => rig.Left == 0 || rig.Of("/status").Count > lines || rig.Requests.Count > 0 && Idle(rig));
        }

        await rig.Until(() => Idle(rig));

        var dialed = (await rig.Simulator.Record()).SelectMany(r => r!["call"]!["legs"]!.AsArray()).Select(l => l!["number"]!.ToString()).ToList();
        Assert.Equal(dialed.Distinct(), dialed);
        var faults = (await rig.Simulator.Summary())["faults"]!;
        Assert.True((int)faults["drop"]! > 0 && (int)faults["duplicate"]! > 0);
    }

    private static bool Idle(FlowRig rig) => rig.Agents().GetAwaiter().GetResult()[0]!["state"]!.ToString() == "idle";

    private static async Task<FlowRig> AWaitingRig()
    {
        var rig = await FlowRig.Start(new { stayUrl = "/stay" });
        rig.StayWhileOffered();
        return rig;
    }

    private static Task Order(FlowRig rig, object mischief) =>
        rig.Put($"{FlowRig.FlowPath}/mischief", new JsonArray(System.Text.Json.JsonSerializer.SerializeToNode(mischief)));

    private static IReadOnlyList<ReceivedRequest> Matching(FlowRig rig, string callback) => callback switch
    {
        "popup-dial" => [.. rig.Of("/popup").Where(r => r["EventType"] == " Dial")],
        "popup-answered" => [.. rig.Of("/popup").Where(r => r["EventType"] == "Answered")],
        "popup-terminal" => [.. rig.Of("/popup").Where(r => r["EventType"] == "Terminal")],
        _ => rig.Of("/" + callback),
    };
}
