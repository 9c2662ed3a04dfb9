using Outdial.Contracts;
using Outdial.Pacer.Calls;
using Outdial.Pacer.Tests.Nodes;

namespace Outdial.Pacer.Tests.Calls;

/// <summary>Law 4 over instants: whatever a provider's clock says, any order of the same words gives the same row, and one that can be.</summary>
public sealed class HeldTimesProperties
{
    private static readonly DateTimeOffset Asked = PacerNode.Noon;

    [Fact]
    public void Any_order_of_words_with_any_instants_gives_the_same_times_and_none_that_cannot_be()
    {
        var random = new Random(20);
        for (var round = 0; round < 2_000; round++)
        {
            var words = Words(random);
            var end = words.OfType<CallTerminated>().Single();
            var expected = Told(words);
            for (var i = 0; i < 6; i++)
            {
                var shuffled = words.Concat(words.Where(w => w is not CallTerminated && random.Next(3) == 0)).ToArray();
                random.Shuffle(shuffled);
                Assert.Equal(expected, Told(shuffled));
            }

            Assert.All([expected.Ringing, expected.Answered, expected.Queued, expected.Connected, expected.Ended], at => Assert.False(at < Asked));
            Assert.False(expected.Ended < expected.Answered || expected.Ended < expected.Connected || expected.Ended < expected.Ringing
                || expected.Connected < expected.Answered);
            Assert.True(expected.Ended <= end.ReceivedAt);
        }
    }

    private sealed record Times(
        DateTimeOffset? Ringing, DateTimeOffset? Answered, DateTimeOffset? Queued, DateTimeOffset? Connected, DateTimeOffset? Ended);

    /// <summary>Folds the words as the saga does: what is learned, and one end.</summary>
    private static Times Told(IEnumerable<ICallEvent> words)
    {
        var call = new Attempt
        {
            Account = "default",
            Mode = CampaignModes.Notification,
            Number = "+919825012345",
            CallerId = "+918040000002",
            TimeZone = "Asia/Kolkata",
            Flow = "926",
            RequestedAt = Asked.AddSeconds(-1),
            SubmittedAt = Asked,
        };
        foreach (var word in words)
        {
            call.Learn(word);
            call.KeepOrder();
            if (word is CallTerminated && call.EndToldAt is null)
                call.EndsAt(Ending.Of(call, word));
        }
        return new(call.RingingAt, call.AnsweredAt, call.QueuedAt, call.ConnectedAt, call.EndedAt);
    }

    private static ICallEvent[] Words(Random random)
    {
        var call = new FakeProviders.Placed(new(Guid.NewGuid(), "+919825012345", "+918040000002", "926", new("http://127.0.0.1/"), default), "sid", Asked);
        return
        [
            .. Some(2, (said, heard) =>
                (ICallEvent)new CallRinging { EventId = Guid.NewGuid(), AttemptId = call.Request.AttemptId, Account = "default", OccurredAt = said,
                ReceivedAt = heard }),
            .. Some(3, (said, heard) => call.Answered(said) with { ReceivedAt = heard }),
            .. Some(2, (said, heard) => call.Queued(said) with { ReceivedAt = heard }),
            .. Some(2, (said, heard) =>
                call.Connected(said) with { ReceivedAt = heard, ReckonedBack = random.Next(2) == 0 ? TimeSpan.FromSeconds(random.Next(300)) : null }),
            .. new[] { Instants() }.Select(x => call.Ended(Outcomes.Completed, x.Said) with { ReceivedAt = x.Heard }),
        ];

        IEnumerable<ICallEvent> Some(int most, Func<DateTimeOffset, DateTimeOffset, ICallEvent> word) =>
            Enumerable.Range(0, random.Next(most + 1)).Select(_ => Instants()).Select(x => word(x.Said, x.Heard));

        // Right, late, slow, fast, of another zone, or of nowhere.
        (DateTimeOffset Said, DateTimeOffset Heard) Instants()
        {
            var truth = Asked.AddSeconds(random.Next(600));
            var heard = truth.AddSeconds(random.Next(4) == 0 ? random.Next(20_000) : random.Next(5));
            return (random.Next(6) switch
            {
                0 => truth.AddMinutes(-3),
                1 => truth.AddMinutes(3),
                2 => truth.AddHours(-5.5),
                3 => truth.AddHours(5.5),
                4 => Asked.AddSeconds(random.Next(-200_000, 200_000)),
                _ => truth,
            }, heard);
        }
    }
}
