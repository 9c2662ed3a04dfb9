using System.Text.Json.Nodes;

namespace Outdial.Simulator.Tests.Callbacks;

/// <summary>Flows that go on after nobody picked up, and facts that stand where they are not looked for.</summary>
public class GoesOnTests
{
    private const string Anybody = "9825050011";

    [Fact]
    public async Task After_a_Connect_in_vain_a_second_one_talks_and_each_is_told_by_a_Passthru_of_its_own()
    {
        await using var simulator = await AFlow(("Simulator:Faults:SecondConnect", "1"));

        var (passthrus, status, call) = await ACall(simulator, passthrus: 3);

        Assert.Equal(["call-attempt", "incomplete", "completed"], passthrus.Select(p => p["CallType"]));
        Assert.Equal(("no-answer", "0", "RING_TIMEOUT"), (passthrus[1]["DialCallStatus"], passthrus[1]["Legs[0][OnCallDuration]"], passthrus[1]["Legs[0][CauseCode]"]));
        Assert.True(int.Parse(passthrus[2]["Legs[0][OnCallDuration]"]!) >= 5);
        Assert.NotNull(passthrus[2]["RecordingUrl"]);
        Assert.Equal(("completed", "Completed", passthrus[2]["Legs[0][OnCallDuration]"]), (status["Status"], (string)call["flow"]!, call["talkSeconds"]!.ToString()));
    }

    [Fact]
    public async Task After_a_Connect_in_vain_the_person_leaves_a_message()
    {
        await using var simulator = await AFlow(("Simulator:Faults:Voicemail", "1"));

        var (passthrus, status, call) = await ACall(simulator, passthrus: 3);

        Assert.Equal(["call-attempt", "incomplete", "voicemail"], passthrus.Select(p => p["CallType"]));
        Assert.Equal((null, status["RecordingUrl"]), (passthrus[1]["RecordingUrl"], passthrus[2]["RecordingUrl"]));
        Assert.Equal(("completed", "Voicemail", "0"), (status["Status"], (string)call["flow"]!, call["talkSeconds"]!.ToString()));
    }

    [Theory, InlineData(1), InlineData(2)]
    public async Task A_conversation_with_a_bot_is_told_as_a_stream_in_brackets_or_as_JSON(int occasion)
    {
        await using var simulator = await AFlow(("Simulator:Faults:Stream", "1"));
        for (var before = 1; before < occasion; before++)
            await ACall(simulator, passthrus: 2);

        var (passthrus, _, call) = await ACall(simulator, passthrus: 2 * occasion);

        var last = passthrus[^1];
        Assert.Equal((null, null), (last["RecordingUrl"], last["Legs[0][OnCallDuration]"]));
        var stream = occasion == 1
            ? (last["Stream[Duration]"], last["Stream[RecordingUrl]"])
            : JsonNode.Parse(last["Stream"]!) is var json ? ((string?)json!["Duration"], (string?)json["RecordingUrl"]) : default;
        Assert.Equal(call["talkSeconds"]!.ToString(), stream.Item1);
        Assert.StartsWith("https://", stream.Item2);
    }

    [Fact]
    public async Task A_recording_may_be_named_by_the_Passthru_alone()
    {
        await using var simulator = await AFlow(("Simulator:Faults:PassthruRecording", "1"));

        var (passthrus, status, call) = await ACall(simulator, passthrus: 2);

        Assert.StartsWith("https://", passthrus[^1]["RecordingUrl"]);
        Assert.Null(status["RecordingUrl"]);
        simulator.Pass(TimeSpan.FromMinutes(10));
        var details = await SimulatorUnderTest.Json(await simulator.Http.GetAsync($"Calls/{call["sid"]}.json"));
        Assert.NotNull(details["Call"]!["Duration"]);
        Assert.Null(details["Call"]!["RecordingUrl"]);
    }

    /// <summary>Everybody picks up, and nobody is a machine.</summary>
    private static Task<SimulatorUnderTest> AFlow(params (string, string)[] settings) => SimulatorUnderTest.Start(
    [
        ("Simulator:PassthruUrl", "{receiver}/passthru"), ("Simulator:People:AnswerRate", "1"), ("Simulator:People:MachineShare", "0"),
        ("Simulator:People:NonExistentShare", "0"), ("Simulator:People:AttemptFatigue", "1"), .. settings,
    ]);

    private static async Task<(List<ReceivedRequest> Passthrus, ReceivedRequest Status, JsonNode Call)> ACall(
        SimulatorUnderTest simulator, int passthrus)
    {
        await simulator.Place(Anybody);
        simulator.Pass(TimeSpan.FromHours(1));
        var calls = (await simulator.Record()).Count;
        await simulator.Delivered(passthrus + calls);
        var requests = simulator.Receiver.Requests;
        return ([.. requests.Where(r => r.Method == "GET")], requests.Last(r => r.Method == "POST"), (await simulator.Record())[^1]!["call"]!);
    }
}
