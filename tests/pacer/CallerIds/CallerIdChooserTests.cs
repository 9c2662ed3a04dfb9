using Outdial.Pacer.CallerIds;

namespace Outdial.Pacer.Tests.CallerIds;

public sealed class CallerIdChooserTests
{
    private static CallerId Number(string number, string? circle, bool isDefault = false, int? perDay = null, int? concurrent = null,
        bool enabled = true, string purpose = "service") => new()
        {
            Number = number,
            Account = "default",
            Circle = circle,
            IsDefault = isDefault,
            MaxPerDay = perDay,
            MaxConcurrent = concurrent,
            Enabled = enabled,
            Purposes = [purpose],
        };

    private static CallerIdChooser Among(params CallerId[] numbers) => new(numbers, new Dictionary<string, CallerIdUse>(), "service", null);

    [Fact]
    public void The_number_of_the_leads_circle_is_shown() =>
        Assert.Equal("+1", Among(Number("+1", "GJ"), Number("+2", "DL"), Number("+3", null, true)).Take("GJ")?.Number);

    [Theory, InlineData("TN"), InlineData(null)]
    public void A_circle_without_a_number_gets_the_default_one(string? circle) =>
        Assert.Equal("+3", Among(Number("+1", "GJ"), Number("+3", null, true)).Take(circle)?.Number);

    [Fact]
    public void A_number_at_its_daily_limit_gives_way_to_the_default_and_then_to_nobody()
    {
        var chooser = Among(Number("+1", "GJ", perDay: 1), Number("+3", null, true, perDay: 1));

        Assert.Equal("+1", chooser.Take("GJ")?.Number);
        Assert.Equal("+3", chooser.Take("GJ")?.Number);
        Assert.Null(chooser.Take("GJ"));
    }

    [Fact]
    public void A_number_is_shown_only_for_the_purposes_that_its_series_allows() =>
        Assert.Null(Among(Number("+1", "GJ", purpose: "promotional"), Number("+2", null, true, purpose: "transactional")).Take("GJ"));

    [Fact]
    public void Concurrent_calls_and_switched_off_numbers_are_respected() =>
        Assert.Null(new CallerIdChooser([Number("+1", "GJ", concurrent: 2), Number("+2", "GJ", enabled: false)],
            new Dictionary<string, CallerIdUse> { ["+1"] = new(5, 2) }, "service", null).Take("GJ"));

    [Fact]
    public void Numbers_of_one_circle_take_turns()
    {
        var chooser = Among(Number("+1", "GJ"), Number("+2", "GJ"));

        Assert.Equal(["+1", "+2", "+1", "+2"], Enumerable.Range(0, 4).Select(_ => chooser.Take("GJ")!.Number));
    }

    [Fact]
    public void The_campaigns_own_selection_narrows_the_choice() =>
        Assert.Equal(
            "+2", new CallerIdChooser([Number("+1", "GJ"), Number("+2", "GJ")], new Dictionary<string, CallerIdUse>(), "service", ["+2"]).Take("GJ")?.Number);

    [Theory, InlineData("TN"), InlineData(null)]
    public void Where_there_is_no_default_any_number_is_better_than_no_call(string? circle)
    {
        var chooser = Among(Number("+1", "GJ"), Number("+2", "DL"));

        Assert.Equal(["+1", "+2", "+1"], Enumerable.Range(0, 3).Select(_ => chooser.Take(circle)!.Number));
    }

    [Fact]
    public void Why_there_is_none_is_told_as_it_is()
    {
        var none = new Dictionary<string, CallerIdUse>();
        var full = Among(Number("+1", "GJ", perDay: 1));
        full.Take("GJ");

        Assert.Equal(("The one number of ours that may be shown had all its calls of today.", true), full.WhyNone());
        Assert.StartsWith("The account has no caller IDs", Among().WhyNone().Text, StringComparison.Ordinal);
        Assert.Equal(("All caller IDs of the account are switched off.", false), Among(Number("+1", "GJ", enabled: false)).WhyNone());
        Assert.Equal(
            ("No caller ID of the account may be shown for the purpose service.", false), Among(Number("+1", "GJ", purpose: "promotional")).WhyNone());
        var selected = new CallerIdChooser([Number("+1", "GJ")], none, "service", ["+2"]);
        Assert.StartsWith("None of the campaign's own selection", selected.WhyNone().Text, StringComparison.Ordinal);
    }
}
