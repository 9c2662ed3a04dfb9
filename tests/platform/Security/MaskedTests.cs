using System.Globalization;
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
    [InlineData("the body has 104857600 bytes, 10000000 characters", "the body has 104857600 bytes, 10000000 characters")]
    [InlineData("98765402400 Ms Rao, 98765402400 rows", "••••••2400 Ms Rao, ••••••2400 rows")]
    [InlineData("+919876540240 rows", "+91••••••0240 rows")]
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
    [InlineData("2026-11-21 08:15:31.123456789 +05:30, 20261121T081531Z, 00:00:10.123456789, 3.11:02:59.1234567")]
    [InlineData("attempt 01981234-1234-7123-8123-123456789012 of trace 0af76519160000000000008448eb211c")]
    [InlineData("traceparent 00-12345678901234567890123456789012-1234567890123456-01")]
    [InlineData("CallSid=80bfbec2d78bbbf10fb851f4fa165211&Sid=12345678901234567890123456789012")]
    [InlineData("sha256:9834876dcfb05cb167a5c24953eba58c4ac89b1adf57f28f2f9d09af107ee8f0, 192.168.100.200:52345 → 10.244.131.117")]
    [InlineData("12 345 of 67 890 leads, 45.25 %, port 15672, +5 more, 8.5.12 beside 10.0.14")]
    public void Times_addresses_and_ids_stay_readable(string text) => Assert.Equal(text, Masked.Text(text));

    private static readonly Gen<string> Digits = Gen.Elements("0123456789".ToCharArray()).ArrayOf(10).Select(digits => new string(digits));

    private static readonly Gen<string> Hex = Gen.Elements("0123456789abcdef".ToCharArray()).ArrayOf(32).Select(digits => new string(digits));

    private static readonly Gen<DateTimeOffset> Instant =
        from ticks in Gen.Choose(0, int.MaxValue)
        from more in Gen.Choose(0, int.MaxValue)
        select new DateTimeOffset(2001, 2, 3, 4, 5, 6, TimeSpan.Zero).AddSeconds(ticks).AddTicks(more);

    /// <summary>What stands in our logs and looks like a number.</summary>
    private static readonly Gen<string> Id = Gen.OneOf(
        ArbMap.Default.GeneratorFor<Guid>().Select(id => id.ToString()),
        Hex.Select(hex => new Guid(hex).ToString().ToUpperInvariant()),
        Hex,
        Hex.Select(hex => $"00-{hex}-{hex[..16]}-01"),
        Digits.ArrayOf(4).Select(digits => string.Concat(digits)[..32]),
        Instant.Select(at => at.ToString("O", CultureInfo.InvariantCulture)),
        Instant.Select(at => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)),
        Instant.Select(at => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)),
        Instant.Select(at => at.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)),
        Instant.Select(at => at.TimeOfDay.ToString("c", CultureInfo.InvariantCulture)));

    /// <summary>How people, programs and spreadsheets write the ten digits of a number.</summary>
    private static readonly Gen<Func<string, string>> Form = Gen.Elements<Func<string, string>>(
        n => "+91" + n, n => "%2B91" + n, n => "+91 " + n[..5] + " " + n[5..], n => "+91-" + n[..5] + "-" + n[5..], n => "+91%20" + n[..5] + "%20" + n[5..],
        n => "(+91) " + n, n => "+91 (0) " + n[..3] + "." + n[3..6] + "." + n[6..], n => "0" + n, n => "0091" + n, n => "00 91 " + n[..5] + " " + n[5..],
        n => n[..5] + " " + n[5..], n => n[..5] + "-" + n[5..], n => "0" + n[..5] + "-" + n[5..], n => "0" + n[..2] + "-" + n[2..6] + "-" + n[6..],
        n => "(" + n[..3] + ") " + n[3..6] + "-" + n[6..], n => n[..3] + "." + n[3..6] + "." + n[6..], n => n[..3] + "-" + n[3..6] + "-" + n[6..],
        n => "(0" + n[..2] + ") " + n[2..6] + " " + n[6..], n => string.Join(' ', n.Chunk(2).Select(two => new string(two))),
        n => string.Join('.', n.Chunk(2).Select(two => new string(two))),
        n => string.Join(' ', n.ToCharArray()), n => n[..5] + "\u00A0" + n[5..], n => "+91\u202F" + n[..5] + "\u2011" + n[5..], n => "tel:+91" + n,
        n => "sip:91" + n + "@x");

    [Fact]
    public void No_form_of_a_number_survives_and_no_id_beside_it_turns_into_dots() => Prop.ForAll(
        (from before in Id
         from number in Digits
         from form in Form
         from after in Id
         from words in Gen.Elements(("call ", " to ", " at "), ("", " ", " "), ("{\"id\":\"", "\",\"to\":\"", "\",\"at\":\""), ("?CallSid=", "&To=", "&At="),
             ("(id)=(", ") (number)=(", ") "))
         select (Before: before, After: after, Number: number, Text: words.Item1 + before + words.Item2 + form(number) + words.Item3
             + after)).ToArbitrary(),
        sample =>
        {
            var masked = Masked.Text(sample.Text);
            var (first, last) = (masked.IndexOf(sample.Before, StringComparison.Ordinal), masked.LastIndexOf(sample.After, StringComparison.Ordinal));
            if (first < 0 || last < first + sample.Before.Length)
                return false;
            var rest = string.Concat(masked[(first + sample.Before.Length)..last].Where(char.IsAsciiDigit));
            return rest.Length <= 6 && !rest.Contains(sample.Number[..6], StringComparison.Ordinal);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3_000));

    [Fact]
    public void No_number_survives_whatever_stands_around_it() => Prop.ForAll(
        (from digits in Gen.ArrayOf(Gen.Elements("0123456789".ToCharArray()), 10)
         from before in ArbMap.Default.GeneratorFor<string?>()
         from after in ArbMap.Default.GeneratorFor<string?>()
         from plus in Gen.Elements("", "+", "%2B", "0", "+91", "91", "x", "\\u002B", "tel:")
         select (Number: new string(digits), Text: before + plus + new string(digits) + after)).ToArbitrary(),
        sample => !Masked.Text(sample.Text).Contains(sample.Number)).QuickCheckThrowOnFailure();
}
