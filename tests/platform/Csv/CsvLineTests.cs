using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Outdial.Platform.Tests.Csv;

public class CsvLineTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("a;b", "\"a;b\"")]
    [InlineData("say \"yes\"", "\"say \"\"yes\"\"\"")]
    [InlineData("two\r\nlines", "\"two\r\nlines\"")]
    [InlineData(" blank", "\" blank\"")]
    [InlineData("", "")]
    public void A_field_is_quoted_when_it_must_be(string field, string written) => Assert.Equal($"x,{written}\r\n", CsvLine.Of("x", field).ToString());

    [Fact]
    public void Values_are_written_the_same_everywhere() => Assert.Equal(
        "1.5,0.3333,90.25,1.50,-12.5,true,2026-01-14T12:00:00Z,\r\n",
        CsvLine.Of(1.5, 1.0 / 3, TimeSpan.FromSeconds(90.25), 1.5m, -12.5, true, new DateTimeOffset(
            2026, 1, 14, 17, 30, 0, TimeSpan.FromHours(5.5)), null).ToString());

    [Fact]
    public void Whatever_is_written_is_read_back()
    {
        var field = Gen.ArrayOf(Gen.Elements('a', ',', ';', '"', '\'', '=', '+', '1', '\r', '\n', '\t', ' ', 'ж')).Select(chars => new string(chars));
        var lines = Gen.NonEmptyListOf(Gen.NonEmptyListOf(field)).Select(all => all.Select(line => line.ToArray()).ToArray());

        Prop.ForAll(lines.ToArbitrary(), written =>
        {
            var read = Read(string.Concat(written.Select(line => CsvLine.Of([.. line.Cast<object?>()]))));
            return read.Count == written.Length && read.Zip(written).All(pair => pair.First.Select(SafeCell.Read).SequenceEqual(pair.Second));
        }).QuickCheckThrowOnFailure();
    }

    // A reader straight from the grammar of RFC 4180.
    private static List<List<string>> Read(string text)
    {
        var (lines, line, field, quoted) = (new List<List<string>>(), new List<string>(), new StringBuilder(), false);
        for (var i = 0; i < text.Length; i++)
        {
            if (quoted && text[i] == '"' && i + 1 < text.Length && text[i + 1] == '"')
                field.Append(text[++i]);
            else if (text[i] == '"')
                quoted = !quoted;
            else if (!quoted && text[i] == ',')
                EndField();
            else if (!quoted && text[i] == '\r' && text[i + 1] == '\n')
            {
                EndField();
                lines.Add(line);
                line = [];
                i++;
            }
            else
                field.Append(text[i]);
        }
        return lines;

        void EndField()
        {
            line.Add(field.ToString());
            field.Clear();
        }
    }
}
