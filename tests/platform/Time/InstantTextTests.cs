using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace Outdial.Platform.Tests.Time;

public sealed class InstantTextTests
{
    [Theory]
    [InlineData("2026-12-24T18:00:00Z", "2026-12-24T18:00:00.0000000Z")]
    [InlineData("2026-12-24T18:00:00+05:30", "2026-12-24T12:30:00.0000000Z")]
    [InlineData("2026-12-24T18:00:00-00:00", "2026-12-24T18:00:00.0000000Z")]         // where it was said is not known, when it is, is
    [InlineData("2026-12-24t18:00:00z", "2026-12-24T18:00:00.0000000Z")]
    [InlineData("2026-12-24 18:00:00Z", "2026-12-24T18:00:00.0000000Z")]
    [InlineData("2026-12-24 18:00:00 +0530", "2026-12-24T12:30:00.0000000Z")]         // Ruby, git, psql
    [InlineData("2026-12-24 18:00:00+05", "2026-12-24T13:00:00.0000000Z")]
    [InlineData("2026-12-24T18:00Z", "2026-12-24T18:00:00.0000000Z")]
    [InlineData("2026-12-24T18:00-08:00", "2026-12-25T02:00:00.0000000Z")]
    [InlineData("2026-12-24T18:00:00.5Z", "2026-12-24T18:00:00.5000000Z")]
    [InlineData("2026-12-24T18:00:00,25Z", "2026-12-24T18:00:00.2500000Z")]
    [InlineData("2026-12-24T18:00:00.123456789Z", "2026-12-24T18:00:00.1234567Z")]    // Go, Java
    [InlineData("2026-12-24T23:59:59.99999999999999999999Z", "2026-12-24T23:59:59.9999999Z")]
    [InlineData("  2026-12-24T18:00:00Z\r\n", "2026-12-24T18:00:00.0000000Z")]
    [InlineData("2016-12-31T23:59:60Z", "2017-01-01T00:00:00.0000000Z")]
    [InlineData("2017-01-01T05:29:60.7+05:30", "2017-01-01T00:00:00.0000000Z")]
    [InlineData("2024-02-29T00:00:00+14:00", "2024-02-28T10:00:00.0000000Z")]
    [InlineData("1970-01-01T00:00:00Z", "1970-01-01T00:00:00.0000000Z")]
    [InlineData("2199-12-31T23:59:59.9999999Z", "2199-12-31T23:59:59.9999999Z")]
    public void What_names_one_instant_is_taken_for_it(string text, string utc)
    {
        Assert.True(InstantText.TryRead(text, out var instant));
        Assert.Equal((utc, TimeSpan.Zero), (instant.UtcDateTime.ToString("O"), instant.Offset));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("2026-12-24T18:00:00")]
    [InlineData("2026-12-24T18:00")]
    [InlineData("2026-12-24 18:00:00")]
    [InlineData("2026-12-24T18:00:00.000")]
    [InlineData("2026-12-24")]                       // whose day?
    [InlineData("2026-12-24Z")]
    [InlineData("18:00:00Z")]
    [InlineData("2026-12-24T18:00:00 05:30")]        // minus or plus; only a query loses its plus
    [InlineData("2026-12-24T18:00:00 IST")]
    [InlineData("2026-12-24T18:00:00[Asia/Kolkata]")]
    [InlineData("2026-12-24T18:00:00+05:30[Asia/Kolkata]")]
    [InlineData("2026-12-24T18:00:00+5:30")]
    [InlineData("2026-12-24T18:00:00+05:60")]
    [InlineData("2026-12-24T18:00:00+15:00")]
    [InlineData("2026-12-24T18:00:00+24:00")]
    [InlineData("2026-12-24T18:00:00ZZ")]
    [InlineData("2026-12-24T24:00:00Z")]
    [InlineData("2026-12-24T25:00:00Z")]
    [InlineData("2026-12-24T18:60:00Z")]
    [InlineData("2026-12-24T18:00:60Z")]             // no leap second: those end a day of UTC
    [InlineData("2026-12-24T23:59:61Z")]
    [InlineData("2026-12-24T23:59:60+05:30")]
    [InlineData("2026-02-29T00:00:00Z")]
    [InlineData("2026-13-01T00:00:00Z")]
    [InlineData("2026-00-01T00:00:00Z")]
    [InlineData("24.12.2026 18:00:00+01:00")]
    [InlineData("12/24/2026 18:00:00Z")]
    [InlineData("24/12/2026T18:00:00Z")]
    [InlineData("26-12-24T18:00:00Z")]
    [InlineData("2026-12-24T6:00:00Z")]
    [InlineData("2026-12-24T06:00:00 PM Z")]
    [InlineData("20261224T180000Z")]
    [InlineData("2026-W52-4T18:00:00Z")]
    [InlineData("Thu, 24 Dec 2026 18:00:00 GMT")]
    [InlineData("1798135200")]
    [InlineData("tomorrow")]
    [InlineData("+002026-12-24T18:00:00Z")]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("0001-01-01T00:00:00+05:30")]
    [InlineData("1969-12-31T23:59:59Z")]
    [InlineData("1970-01-01T00:00:00+05:30")]
    [InlineData("2200-01-01T00:00:00Z")]
    [InlineData("9999-12-31T23:59:59Z")]
    [InlineData("9999-12-31T23:59:59-14:00")]
    [InlineData("२०२६-१२-२४T18:00:00Z")]
    [InlineData("2026-12-24T18:00:00.Z")]
    [InlineData("2026-12-24T18:00:00Z;2026-12-25T18:00:00Z")]
    public void What_leaves_something_to_guess_or_cannot_be_is_refused(string? text)
    {
        Assert.False(InstantText.TryRead(text, out _));
        Assert.False(QueryInstant.TryParse(text, null, out _) && text != "2026-12-24T18:00:00 05:30");
    }

    [Theory]
    [InlineData("2026-12-24T18:00:00 05:30", "2026-12-24T12:30:00.0000000Z")]
    [InlineData("2026-12-24T18:00 0530", "2026-12-24T12:30:00.0000000Z")]
    [InlineData("2026-12-24 18:00:00 05:30", "2026-12-24T12:30:00.0000000Z")]
    [InlineData("2026-12-24T18:00:00-05:00", "2026-12-24T23:00:00.0000000Z")]
    public void A_plus_that_became_a_blank_in_a_query_is_still_a_plus(string text, string utc)
    {
        Assert.True(QueryInstant.TryParse(text, null, out var instant));
        Assert.Equal(utc, instant.Value.UtcDateTime.ToString("O"));
    }

    [Fact]
    public void Any_instant_in_any_offset_and_spelling_is_read_back_and_none_without_its_offset() =>
        Prop.ForAll(Spelled(), x =>
        {
            var whole = InstantText.TryRead(x.Local + x.Offset, out var read);
            return whole && read == x.Instant && !InstantText.TryRead(x.Local, out _);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    [Fact]
    public void No_text_makes_it_throw_and_a_query_takes_what_a_body_takes() =>
        Prop.ForAll(Mutilated(), text => !InstantText.TryRead(text, out _) || QueryInstant.TryParse(text, null, out _))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    private sealed record Spelling(DateTimeOffset Instant, string Local, string Offset);

    private static Arbitrary<Spelling> Spelled() => (
        from seconds in Gen.Choose(0, int.MaxValue)
        from more in Gen.Choose(0, 3)
        from minutes in Gen.Choose(-14 * 60, 14 * 60)
        from digits in Gen.Choose(0, 9)
        from fraction in Gen.Choose(0, 999_999_999)
        from separator in Gen.Elements("T", "t", " ")
        from colon in Gen.Elements(":", "")
        from blank in Gen.Elements("", " ")
        let instant = DateTimeOffset.UnixEpoch.AddDays(1).AddSeconds((long)seconds + (long)more * int.MaxValue / 2)
        select Spell(instant, minutes, digits, fraction, separator, colon, blank))
        .ToArbitrary();

    private static Spelling Spell(DateTimeOffset instant, int minutes, int digits, int fraction, string separator, string colon, string blank)
    {
        var text = fraction.ToString("D9", CultureInfo.InvariantCulture)[..digits];
        var local = instant.UtcDateTime.AddMinutes(minutes).ToString($"yyyy-MM-dd'{separator}'HH:mm:ss", CultureInfo.InvariantCulture)
            + (digits > 0 ? $".{text}" : "");
        var offset = minutes == 0 ? "Z" : $"{(minutes < 0 ? '-' : '+')}{Math.Abs(minutes) / 60:00}{colon}{Math.Abs(minutes) % 60:00}";
        return new(instant.AddTicks(long.Parse(text.PadRight(7, '0').AsSpan(0, 7), CultureInfo.InvariantCulture)), local, blank + offset);
    }

    private static Arbitrary<string> Mutilated() => (
        from x in Spelled().Generator
        from at in Gen.Choose(0, 40)
        from with in Gen.Elements("", "9", "-", " ", "\0", "é", "99999999999999999999", ":", "Z", "+")
        select (x.Local + x.Offset) is var text && at < text.Length ? text[..at] + with + text[(at + 1)..] : with).ToArbitrary();
}
