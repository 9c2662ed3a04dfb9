using System.Globalization;
using Outdial.Contracts;

namespace Outdial.Analytics.Tests.Reports;

/// <summary>An attempt as the test knows it, apart from the service.</summary>
internal sealed record Known(
    Guid Id, Guid Lead, int Number, string CallerId, string? CallerIdCircle, string? Circle, string? Outcome, bool Dialed, TimeSpan? Talk,
    decimal? Price, DateTimeOffset At)
{
    /// <summary>India is five and a half hours ahead all year: reckoned here without any table of zones.</summary>
    public string? Hour => Outcome is null ? null : ((At.UtcDateTime.AddMinutes(330)).Hour).ToString(CultureInfo.InvariantCulture);

    public string Match => CallerIdCircle is null ? "none" : Circle is null ? "unknown" : Circle == CallerIdCircle ? "yes" : "no";
}

/// <summary>Seeded attempts and the events that tell of them, shuffled and some of them twice.</summary>
internal sealed class Ledger
{
    private static readonly string?[] Circles = ["GJ", "KA", "DL", "MH", null];

    public Ledger(int seed, Guid campaign, int count)
    {
        var random = new Random(seed);
        var leads = Enumerable.Range(0, count / 2).Select(_ => Guid.NewGuid()).ToArray();
        Attempts = [.. Enumerable.Range(0, count).Select(_ => One(random, leads))];
        var events = Attempts.SelectMany(a => EventsOf(a, campaign)).ToList();
        events.AddRange(events.Where(_ => random.Next(4) == 0).ToList());
        var shuffled = events.ToArray();
        random.Shuffle(shuffled);
        Events = shuffled;
    }

    public IReadOnlyList<Known> Attempts { get; }

    public IReadOnlyList<object> Events { get; }

    private static Known One(Random random, Guid[] leads)
    {
        var ended = random.Next(10) > 0;
        var callerIdCircle = Circles[random.Next(Circles.Length)];
        var answered = ended && random.Next(3) == 0;
        return new Known(
            Guid.NewGuid(), leads[random.Next(leads.Length)], random.Next(1, 5), $"+9180400000{random.Next(10, 14)}", callerIdCircle,
            Circles[random.Next(Circles.Length)], ended ? answered ? Outcomes.Completed : Outcomes.All[random.Next(1, Outcomes.All.Count)] : null,
            answered || random.Next(5) > 0, answered ? TimeSpan.FromMilliseconds(random.Next(1_000, 90_000)) : null,
            ended && random.Next(3) > 0 ? random.Next(1, 30_000) / 10_000m : null, Told.Noon.AddMinutes(random.Next(0, 3_000)));
    }

    private static IEnumerable<object> EventsOf(Known a, Guid campaign)
    {
        yield return Told.Started(campaign, a.Id, a.At) with
        {
            LeadId = a.Lead,
            AttemptNumber = a.Number,
            CallerId = a.CallerId,
            CallerIdCircle = a.CallerIdCircle,
            Circle = a.Circle,
        };
        if (a.Outcome is not null)
            yield return Told.Ended(campaign, a.Id, a.Outcome, a.At) with
            {
                LeadId = a.Lead,
                AttemptNumber = a.Number,
                CallerId = a.CallerId,
                CallerIdCircle = a.CallerIdCircle,
                Circle = a.Circle,
                Dialed = a.Dialed,
                TalkTime = a.Talk,
            };
        if (a.Price is not null)
            yield return Told.Detailed(campaign, a.Id, a.At.AddMinutes(2), a.Talk, a.Price);
    }
}

/// <summary>The report's figures, counted in the plainest way.</summary>
internal static class Recount
{
    public static Dictionary<string, string> By(IEnumerable<Known> attempts, Func<Known, string> key) =>
        attempts.GroupBy(key).ToDictionary(group => group.Key, All);

    public static string All(IEnumerable<Known> attempts)
    {
        long all = 0, open = 0, refused = 0, dialed = 0, completed = 0, withoutPrice = 0;
        var (talk, cost) = (TimeSpan.Zero, (decimal?)null);
        foreach (var a in attempts)
        {
            all++;
            cost = a.Price is null ? cost : (cost ?? 0) + a.Price;
            talk += a.Talk ?? TimeSpan.Zero;
            if (a.Outcome is null)
                open++;
            else if (!a.Dialed)
                refused++;
            else
            {
                dialed++;
                completed += a.Outcome == "Completed" ? 1 : 0;
                withoutPrice += a.Price is null ? 1 : 0;
            }
        }
        return Line(all, open, refused, dialed, completed, talk, dialed == 0 ? cost ?? 0 : cost, withoutPrice);
    }

    public static string Line(long all, long open, long refused, long dialed, long completed, TimeSpan talk, decimal? cost, long withoutPrice) =>
        string.Create(CultureInfo.InvariantCulture, $"{all} open {open} refused {refused} dialed {dialed} completed {completed} talk {talk} cost {cost:0.0000} unpriced {withoutPrice}");
}
