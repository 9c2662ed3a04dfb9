using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Options;

namespace Outdial.Simulator.Tests;

public class PeopleTests
{
    private static Simulator.People Population(long seed = 1, Action<SimulatorOptions>? change = null)
    {
        var options = new SimulatorOptions { Seed = seed };
        change?.Invoke(options);
        return new Simulator.People(Options.Create(options), new NumberDirectory(Options.Create(options)));
    }

    private static Ringing ACall(string number, int occasion = 1, bool local = false, int hour = 11, int ringLimit = 30) =>
        new(number, occasion, Circles.Of(number[3..])?.Circle, local, hour, ringLimit, 14400);

    private static IEnumerable<string> Crowd(int size = 2000) => Enumerable.Range(0, size).Select(i => $"+9198{i % 100:00}{i:000000}");

    private static double Answered(Simulator.People people, Func<string, Ringing> call) =>
        Crowd().Average(n => people.React(call(n)).Ending == Ending.Answered ? 1.0 : 0.0);

    [Fact]
    public void The_same_seed_and_call_give_the_same_reaction_and_another_seed_another_crowd()
    {
        var one = Crowd().Select(n => Population(5).React(ACall(n))).ToList();
        var again = Crowd().Reverse().Select(n => Population(5).React(ACall(n))).Reverse().ToList();
        var other = Crowd().Select(n => Population(6).React(ACall(n))).ToList();

        Assert.Equal(one, again);
        Assert.InRange(one.Zip(other).Count(p => p.First.Ending != p.Second.Ending), 400, 1600);
    }

    [Fact]
    public void A_caller_of_the_own_circle_a_good_hour_and_a_first_call_are_answered_more_often()
    {
        var people = Population();
        var plain = Answered(people, n => ACall(n));

        Assert.InRange(plain, 0.40, 0.55);
        Assert.InRange(Answered(people, n => ACall(n, local: true)) - plain, 0.10, 0.20);
        Assert.True(Answered(people, n => ACall(n, hour: 3)) < plain / 4);
        Assert.True(Answered(people, n => ACall(n, occasion: 4)) < plain - 0.08);
    }

    [Fact]
    public void Unanswered_calls_are_busy_ring_out_or_fail_in_the_configured_shares()
    {
        var people = Population(change: o => o.People.AnswerRate = 0);
        var endings = Crowd().Select(n => people.React(ACall(n, hour: 3)).Ending).CountBy(e => e).ToDictionary();

        Assert.InRange(endings[Ending.Busy] / 2000.0, 0.20, 0.29);
        Assert.InRange(endings[Ending.SwitchedOff] / 2000.0, 0.11, 0.18);
        Assert.InRange(endings[Ending.NonExistent] / 2000.0, 0.01, 0.03);
    }

    [Fact]
    public void A_number_that_does_not_exist_fails_every_time()
    {
        var people = Population();
        var dead = Crowd().Where(n => people.React(ACall(n)).Ending == Ending.NonExistent).ToList();

        Assert.NotEmpty(dead);
        Assert.All(dead, n => Assert.Equal(Ending.NonExistent, people.React(ACall(n, occasion: 3, local: true, hour: 18)).Ending));
    }

    [Fact]
    public void Whoever_takes_longer_than_the_ring_limit_has_not_answered()
    {
        var people = Population();

        Assert.All(Crowd(), n =>
        {
            var reaction = people.React(ACall(n, ringLimit: 5));
            Assert.True(reaction.Ring <= 6);
            Assert.True(reaction.Ending != Ending.Answered || reaction.Ring <= 5);
        });
    }

    [Fact]
    public void No_call_outlasts_its_time_limit()
    {
        var people = Population();

        Prop.ForAll(Gen.Choose(0, 9999).ToArbitrary(), Gen.Choose(1, 90).ToArbitrary(), (tail, limit) =>
            people.React(new Ringing($"+91982505{tail:0000}", 1, "GJ", true, 11, 60, limit)).OnCall <= limit).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Dice_fall_evenly_and_independently_for_each_aspect()
    {
        var first = Crowd(10_000).Select(n => Dice.Roll(1, n, 1, "a")).ToList();
        var second = Crowd(10_000).Select(n => Dice.Roll(1, n, 1, "b")).ToList();

        Assert.All(first, roll => Assert.InRange(roll, 0, 0.9999999999999999));
        Assert.All(Enumerable.Range(0, 10), tenth => Assert.InRange(first.Count(r => (int)(r * 10) == tenth), 880, 1120));
        var correlation = first.Zip(second).Average(p => (p.First - 0.5) * (p.Second - 0.5)) * 12;
        Assert.InRange(correlation, -0.04, 0.04);
    }

    [Theory]
    [InlineData("6601", Ending.Answered), InlineData("6602", Ending.Busy), InlineData("6603", Ending.NoAnswer)]
    [InlineData("6604", Ending.NonExistent), InlineData("6605", Ending.SwitchedOff)]
    public void A_fixed_number_ends_as_its_row_says_at_any_hour_and_time(string suffix, Ending ending) =>
        Assert.All(Enumerable.Range(0, 24), hour =>
            Assert.Equal(ending, Population(hour).React(ACall("+91982505" + suffix, occasion: hour + 1, hour: hour, ringLimit: 3)).Ending));

    [Fact]
    public void Fixed_numbers_press_talk_and_wait_as_their_rows_say()
    {
        Reaction React(string suffix, int occasion = 1) => Population().React(ACall("+91982505" + suffix, occasion));

        Assert.Equal("9", React("6607").Digits);
        Assert.Equal("99", React("6617").Digits);
        Assert.Equal(3600, React("6608").Talk);
        Assert.True(React("6609").Machine);
        Assert.Equal(2, React("6610").Talk);
        Assert.Equal(FlowEnd.ClientHangup, React("6611").FlowEnd);
        Assert.Equal(FlowEnd.Incomplete, React("6612").FlowEnd);
        Assert.Equal([Ending.NoAnswer, Ending.NoAnswer, Ending.Answered], [React("6606", 1).Ending, React("6606", 2).Ending, React("6606", 3).Ending]);
    }

    [Fact]
    public void Dnd_comes_from_the_suffix_or_in_the_configured_share()
    {
        var options = Options.Create(new SimulatorOptions());
        var numbers = new NumberDirectory(options);

        Assert.Equal(("Yes", "Unavailable", "No"), (numbers.Find("+919825056620")!.Dnd, numbers.Find("+919825056621")!.Dnd, numbers.Find("+919825056601")!.Dnd));
        Assert.InRange(Crowd().Count(n => numbers.Find(n)!.Dnd == "Yes") / 2000.0, 0.03, 0.07);
    }
}
