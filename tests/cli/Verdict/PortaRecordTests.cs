using System.Buffers.Text;
using Outdial.Cli.Api;

namespace Outdial.Cli.Tests.Verdicts;

public class PortaRecordTests
{
    private static readonly DateTimeOffset Ten = new(2026, 1, 5, 4, 30, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("completed", "Answered", 487, true, "trying,ringing,connected,queued,dequeued,agent-connected,terminated", "Completed")]
    [InlineData("completed", "Answered", 487, false, "trying,ringing,connected,queued,terminated", "Abandoned")]
    [InlineData("busy", "Busy", 486, false, "trying,ringing,terminated", "Busy")]
    [InlineData("no-answer", "NoAnswer", 480, false, "trying,ringing,terminated", "NoAnswer,Unreachable")]
    [InlineData("failed", "SwitchedOff", 480, false, "trying,terminated", "Unreachable,NoAnswer")]
    [InlineData("failed", "NonExistent", 404, false, "trying,terminated", "InvalidNumber")]
    [InlineData("failed", "NonExistent", 403, false, "trying,terminated", "Rejected,Barred,InvalidNumber")]
    [InlineData(null, null, null, false, "trying", "")]
    public void When_every_event_came_the_ledger_must_show_what_happened(
        string? outcome, string? cause, int? code, bool connected, string events, string expected) =>
        Assert.Equal(expected, Outcomes(outcome, cause, code, connected, [.. events.Split(',').Select(e => new PortaLineEvent(e, null, true))]));

    [Theory]
    [InlineData("agent-connected", "Completed,Abandoned"), InlineData("connected", "Completed,Unknown"), InlineData("queued", "Completed"), InlineData(
        "terminated", "Completed")]
    public void Only_an_event_that_was_lost_excuses_a_ledger_that_does_not_know_it(string lost, string expected)
    {
        string[] names = ["trying", "ringing", "connected", "queued", "dequeued", "agent-connected", "terminated"];

        Assert.Equal(
            expected, Outcomes("completed", "Answered", 487, true, [.. names.Select(n => new PortaLineEvent(n, n == lost ? "drop" : null, n != lost))]));
        Assert.Equal(expected, Outcomes("completed", "Answered", 487, true, [.. names.Select(n => new PortaLineEvent(n, n == lost ? "delay" : null, true))]));
    }

    [Fact]
    public void An_unanswered_call_whose_end_was_lost_may_stay_unknown() => Assert.Equal(
        "Busy,Unknown", Outcomes("busy", "Busy", 486, false, [new("trying", null, true), new("terminated", "drop", false)]));

    [Fact]
    public void The_attempt_is_read_from_the_address_of_its_events()
    {
        var attempt = Guid.NewGuid();
        var token = new byte[55];
        (token[0], token[1], token[2]) = (2, 1, 1);
        attempt.TryWriteBytes(token.AsSpan(8), bigEndian: true, out _);

        Assert.Equal(attempt, PortaRecord.Attempt($"http://127.0.0.1:5080/webhooks/portaswitch/{Base64Url.EncodeToString(token)}/events"));
        Assert.Null(PortaRecord.Attempt("http://127.0.0.1:5080/webhooks/portaswitch/nonsense!/events"));
        Assert.Null(PortaRecord.Attempt(null));
    }

    private static string Outcomes(string? outcome, string? cause, int? code, bool connected, IReadOnlyList<PortaLineEvent> events)
    {
        var call = new PortaLineCall(
            "sid", "+919800000001", outcome, cause, Ten, outcome == "completed" ? Ten.AddSeconds(5) : null, outcome is null ? null : Ten.AddSeconds(60),
            new PortaLineQueue(connected ? Ten.AddSeconds(12) : null, null, code), events);
        return string.Join(',', Assert.Single(PortaRecord.Read([new PortaLine(Ten, null, call)], 200).Calls).Outcomes);
    }
}
