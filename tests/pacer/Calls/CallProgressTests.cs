using FsCheck;
using FsCheck.Fluent;
using Outdial.Contracts;
using Outdial.Pacer.Calls;

namespace Outdial.Pacer.Tests.Calls;

/// <summary>Law 4: any order, any number of times.</summary>
public sealed class CallProgressTests
{
    private static readonly string[] States =
    [
        CallStates.Requested, Attempt.Submitting, CallStates.Submitted, CallStates.Ringing, CallStates.Answered, CallStates.Connected,
        CallStates.Ended,
    ];

    private static readonly DateTimeOffset Start = new(2026, 1, 14, 6, 30, 0, TimeSpan.Zero);

    [Fact]
    public void Law_4_the_later_of_states_is_a_lattice() => Prop.ForAll(
        Gen.Elements(States).Three().ToArbitrary(),
        x =>
        {
            var (a, b, c) = x;
            return CallProgress.Later(a, b) == CallProgress.Later(b, a)
                && CallProgress.Later(a, a) == a
                && CallProgress.Later(a, CallProgress.Later(b, c)) == CallProgress.Later(CallProgress.Later(a, b), c)
                && CallProgress.Rank(CallProgress.Later(a, b)) >= CallProgress.Rank(a);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Law_4_facts_are_the_same_whatever_the_order_and_repetition_of_their_telling() => Prop.ForAll(
        ArbMap.Default.ArbFor<int[]>(),
        order =>
        {
            var inOrder = Learned(Said);
            // Each event at least once, then as often and in whatever order the generator likes.
            var shuffled = order.Select(i => Said[(i & int.MaxValue) % Said.Length]).Concat(Said.OrderBy(e => (e.GetHashCode() ^ order.Length) % 7));
            return Learned(shuffled) == inOrder;
        }).QuickCheckThrowOnFailure();

    private static readonly object[] Said =
    [
        new CallRinging { EventId = Guid.NewGuid(), AttemptId = Guid.Empty, Account = "a", ProviderCallId = "s", OccurredAt = Start.AddSeconds(
            2), ReceivedAt = Start },
        new CallAnswered { EventId = Guid.NewGuid(), AttemptId = Guid.Empty, Account = "a", ProviderCallId = "s", OccurredAt = Start.AddSeconds(
            9), ReceivedAt = Start },
        new CallAnswered { EventId = Guid.NewGuid(), AttemptId = Guid.Empty, Account = "a", ProviderCallId = "s", OccurredAt = Start.AddSeconds(
            8), ReceivedAt = Start },
        new CallDigitsPressed { EventId = Guid.NewGuid(), AttemptId = Guid.Empty, Account = "a", ProviderCallId = "s", OccurredAt = Start.AddSeconds(
            12), ReceivedAt = Start, Digits = "1" },
        new CallTerminated { EventId = Guid.NewGuid(), AttemptId = Guid.Empty, Account = "a", ProviderCallId = "s", OccurredAt = Start.AddSeconds(
            30), ReceivedAt = Start, Outcome = Outcomes.Completed, RawStatus = "completed" },
    ];

    private static (string?, DateTimeOffset?, DateTimeOffset?, string?, string?, bool) Learned(IEnumerable<object> said)
    {
        var call = new Attempt { Account = "a", Mode = "notification", Number = "n", CallerId = "c", TimeZone = "UTC", Flow = "f" };
        foreach (var one in said)
            call.Learn(one);
        return (call.ProviderCallId, call.RingingAt, call.AnsweredAt, call.Digits, call.RawStatus, call.Dialed);
    }
}
