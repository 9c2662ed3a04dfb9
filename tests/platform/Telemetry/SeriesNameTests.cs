namespace Outdial.Platform.Tests.Telemetry;

public sealed class SeriesNameTests
{
    [Theory]
    [InlineData("Diwali|Holi", "Diwali|Holi")]
    [InlineData("Diwali|Diwali|Diwali", "Diwali|Diwali (2)|Diwali (3)")]
    [InlineData("Diwali|Diwali (2)|Diwali", "Diwali|Diwali (2)|Diwali (3)")]
    [InlineData("call +919876540240|call +919876550240", "call +91••••••0240|call +91••••••0240 (2)")]
    public void Each_has_a_name_that_no_other_of_its_account_has_and_no_number(string given, string expected)
    {
        var things = given.Split('|').Select(name => new NamedThing(Guid.CreateVersion7(), "main", name)).ToList();

        var names = SeriesNames.Of(things);

        Assert.Equal(expected.Split('|'), things.Select(thing => names[thing.Id]));
    }

    [Fact]
    public void Two_accounts_may_have_campaigns_of_one_name() =>
        Assert.Equal(["Diwali", "Diwali"], SeriesNames.Of([new(Guid.NewGuid(), "main", "Diwali"), new(Guid.NewGuid(), "spare", "Diwali")]).Values);

    [Fact]
    public void A_long_name_is_cut() => Assert.Equal(80, SeriesNames.Of([new(Guid.NewGuid(), "main", new string('x', 300))]).Single().Value.Length);
}
