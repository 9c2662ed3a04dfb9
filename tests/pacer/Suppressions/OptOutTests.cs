using Outdial.Pacer.Suppressions;

namespace Outdial.Pacer.Tests.Suppressions;

public sealed class OptOutTests
{
    [Theory]
    [InlineData("9", "9"), InlineData("99", "9"), InlineData("9999999", "9"), InlineData("9 9", "9"), InlineData("9,9", "9")]
    [InlineData("\"99\"", "9")]
    [InlineData("9#", "9"), InlineData("99#", "9"), InlineData("9##", "9"), InlineData("#9", "9"), InlineData("*9", "9"), InlineData("9*", "9")]
    [InlineData("*9#", "9")]
    [InlineData("９", "9"), InlineData("٩٩", "9")]
    [InlineData("19", "9"), InlineData("1#9", "9")]     // she corrected herself
    [InlineData("91", "9"), InlineData("9 1", "9")]     // or did she: in doubt nobody is rung
    [InlineData("99", "99"), InlineData("9999", "99"), InlineData("999", "99"), InlineData("199", "99")]
    [InlineData("*9", "*9"), InlineData("*9#", "*9"), InlineData("*9*9", "*9"), InlineData("1*9", "*9")]
    [InlineData("9", "9#"), InlineData("9#", "9#"), InlineData("99", "9#")]    // the provider keeps the last # for itself
    [InlineData("#", "#"), InlineData("##", "#"), InlineData("*", "*"), InlineData("**", "*"), InlineData("1*", "*")]
    public void The_opt_out_pressed_once_or_again_or_with_one_slip_is_a_wish_for_peace(string pressed, string keys) =>
        Assert.True(OptOut.IsAsked(pressed, keys));

    [Theory]
    [InlineData("1", "9"), InlineData("11", "9"), InlineData("", "9"), InlineData("#", "9"), InlineData("*", "9"), InlineData("null", "9")]
    [InlineData("1990", "9"), InlineData("29051987", "9"), InlineData("123", "9"), InlineData("949", "9")]    // what a flow asks for
    [InlineData("9", "99"), InlineData("9", "*9"), InlineData("1", "#"), InlineData("9", null), InlineData("9", "")]
    public void Other_keys_and_numbers_that_a_flow_asks_for_are_none(string pressed, string? keys) => Assert.False(OptOut.IsAsked(pressed, keys));
}
