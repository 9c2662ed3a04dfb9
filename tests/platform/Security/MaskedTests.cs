using FsCheck;
using FsCheck.Fluent;

namespace Outdial.Platform.Tests.Security;

public sealed class MaskedTests
{
    [Theory]
    [InlineData("+919876540240", "+91••••••0240")]
    [InlineData("+14155550100", "+1••••••0100")]
    [InlineData("+44 20 7946 0958", "+44••••••0958")]
    [InlineData("09876540240", "••••••0240")]
    [InlineData("12345", "••••••")]
    [InlineData(null, "")]
    public void A_number_keeps_its_country_and_its_last_four_digits(string? number, string masked) =>
        Assert.Equal(masked, Masked.Number(number));

    [Theory]
    [InlineData("dialing +919876540240 now", "dialing +91••••••0240 now")]
    [InlineData("GET /numbers/%2B919876540240?x=1", "GET /numbers/+91••••••0240?x=1")]
    [InlineData("to +91 98765 40240.", "to +91••••••0240.")]
    [InlineData("to 098765-40240, (415) 555-0100", "to ••••••0240, ••••••0100")]
    [InlineData("key (number)=(9876540240)x9876540240y", "key (number)=(••••••0240)x••••••0240y")]
    [InlineData("POST /webhooks/exotel/AQNqS4bAAAGXyZ_-0123456789abcd/status", "POST /webhooks/exotel/•••/status")]
    [InlineData("GET /dialwhom/exotel/AQNqS4bAAAGXyZ_-0123456789abcd/stay", "GET /dialwhom/exotel/•••/stay")]
    public void Numbers_and_tokens_are_taken_out_of_a_text(string text, string masked) =>
        Assert.Equal(masked, Masked.Text(text));

    [Theory]
    [InlineData("2026-11-21T08:15:31.1234567Z took 12.5 ms on 127.0.0.1:52345")]
    [InlineData("attempt 01981234-1234-7123-8123-123456789012 of trace 0af76519160000000000008448eb211c")]
    public void Times_addresses_and_ids_stay_readable(string text) => Assert.Equal(text, Masked.Text(text));

    [Fact]
    public void No_number_survives_whatever_stands_around_it() => Prop.ForAll(
        (from digits in Gen.ArrayOf(Gen.Elements("0123456789".ToCharArray()), 10)
         from before in ArbMap.Default.GeneratorFor<string?>()
         from after in ArbMap.Default.GeneratorFor<string?>()
         from plus in Gen.Elements("", "+", "%2B", "0", "+91", "91", "x", "\\u002B", "tel:")
         select (Number: new string(digits), Text: before + plus + new string(digits) + after)).ToArbitrary(),
        sample => !Masked.Text(sample.Text).Contains(sample.Number)).QuickCheckThrowOnFailure();
}
