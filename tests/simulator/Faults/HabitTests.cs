using System.Globalization;
using Outdial.Simulator.Tests.PortaSwitch;

namespace Outdial.Simulator.Tests.Faults;

/// <summary>What a provider does to the times and recordings of a call: by rate and by fixed number.</summary>
public class HabitTests
{
    [Theory, InlineData("9825056637", "0"), InlineData("9825050011", "1")]
    public async Task The_callbacks_of_a_call_tell_another_zone_or_a_slow_clock_and_the_records_the_right_time(string number, string rate)
    {
        await using var simulator = await SimulatorUnderTest.Start(("Simulator:Faults:ForeignClock", rate));
        var sid = await simulator.Place(number);

        simulator.Pass(TimeSpan.FromMinutes(10));

        await simulator.Delivered(1);
        var call = await simulator.OnlyCall();
        var told = DateTimeOffset.ParseExact(simulator.Receiver.Requests[0]["DateUpdated"]! + " +05:30", "yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture);
        var ended = DateTimeOffset.Parse(call["endedAt"]!.ToString(), CultureInfo.InvariantCulture);
        Assert.Contains(told - ended, new[] { -IndianTime.Offset, TimeSpan.FromMinutes(-3) });
        Assert.Equal(1, (int)(await simulator.Summary())["faults"]!["foreignClock"]!);
        var details = await simulator.Get($"Calls/{sid}.json");
        Assert.Equal(IndianTime.Text(ended), details["Call"]!["EndTime"]!.ToString());
    }

    [Fact]
    public async Task PortaSwitchs_events_tell_another_clock_too()
    {
        await using var porta = await PortaUnderTest.Start(("Simulator:Faults:ForeignClock", "1"));
        var now = porta.Simulator.Clock.GetUtcNow();

        await porta.Originate("9825050011");
        await porta.Received(1);

        var told = DateTimeOffset.ParseExact(porta.Events[0]["update_time"]! + "Z", "yyyy-MM-dd HH:mm:ssZ", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        Assert.Contains((told - now).TotalMinutes, new[] { 330.0, -3.0 });
    }

    [Fact]
    public async Task A_recording_may_be_in_the_records_minutes_after_everything_else_and_is_named_nowhere_else()
    {
        await using var simulator = await SimulatorUnderTest.Start(("Simulator:PassthruUrl", "{receiver}/passthru"));
        var sid = await simulator.Place("9825056653");

        simulator.Pass(TimeSpan.FromMinutes(5));

        await simulator.Delivered(3);
        Assert.All(simulator.Receiver.Requests, request => Assert.True(request["RecordingUrl"] is null or "null"));
        var settled = (await simulator.Get($"Calls/{sid}.json"))["Call"]!;
        Assert.NotNull(settled["Price"]);
        Assert.Null(settled["RecordingUrl"]);
        simulator.Pass(TimeSpan.FromMinutes(30));
        Assert.NotNull((await simulator.Get($"Calls/{sid}.json"))["Call"]!["RecordingUrl"]);
        Assert.Equal(1, (int)(await simulator.Summary())["faults"]!["lateRecording"]!);
    }
}
