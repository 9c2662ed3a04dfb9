using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Outdial.Pacer.Leads.Import;

namespace Outdial.Pacer.Tests.Leads.Import;

public class LeadReaderProperties
{
    private static readonly ImportLimits Roomy = new() { AttributeBytes = 1 << 20 };

    public sealed record Table(string Delimiter, string LineEnd, bool QuoteAll, bool LastLineEnds, int AtOnce, string[][] Rows)
    {
        public override string ToString() => JsonSerializer.Serialize(this);
    }

    [Fact]
    public void Rows_written_with_any_delimiter_quotes_and_line_breaks_are_read_back_equal() =>
        Prop.ForAll(Tables(), table =>
        {
            var bytes = Encoding.UTF8.GetBytes(Write(table));
            var rows = Uploads.ReadAll(new TricklingStream(bytes, table.AtOnce), limits: Roomy).GetAwaiter().GetResult().Rows;
            return rows.Count == table.Rows.Length && rows.Zip(table.Rows).All(pair => Same(pair.First, pair.Second));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(400));

    [Fact]
    public void Random_bytes_never_do_more_than_refuse_the_upload_or_report_rows() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), Gen.Elements(UploadFormats.Csv, UploadFormats.Ndjson).ToArbitrary(), (bytes, format) =>
        {
            ReadOrRefuse(bytes, format);
            ReadOrRefuse([.. "phone,a,b\n"u8, .. bytes], format);
            ReadOrRefuse([.. "{\"phone\":"u8, .. bytes], format);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Random_punctuation_never_loses_the_good_row_at_the_end() =>
        Prop.ForAll(Gen.Elements("\"\",;\r\n 9ax\0".ToCharArray()).ArrayOf().ToArbitrary(), characters =>
        {
            var rows = Uploads.Read($"phone,a\n{new string(characters)}\n9876543210,end\n", limits: new() { RowLength = 64 }).GetAwaiter().GetResult();
            return rows.Last() is GoodLead { Number: "+919876543210" }
                || characters.Count(c => c == '"') > 0 && rows.Last() is BadRow;   // a quote left open may take the last line with it
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    private static void ReadOrRefuse(byte[] bytes, string format)
    {
        try
        {
            var rows = Uploads.Read(bytes, format).GetAwaiter().GetResult();
            Assert.Equal(rows.Select(row => row.Row), rows.Select(row => row.Row).Distinct().Order());
        }
        catch (UploadRefusedException refusal)
        {
            Assert.EndsWith(".", refusal.Message);
        }
    }

    /// <summary>Row n has the phone 9876500000 + n; its cells are the attributes c0, c1, ….</summary>
    private static bool Same(ImportRow row, string[] cells)
    {
        if (row is not GoodLead lead || lead.Number != $"+9198765{lead.Row - 2:00000}")
            return false;
        var expected = cells.Select((cell, at) => (Name: $"c{at}", cell)).Where(pair => pair.cell.Length > 0)
            .ToDictionary(pair => pair.Name, pair => pair.cell);
        var found = JsonSerializer.Deserialize<Dictionary<string, string>>(lead.Attributes)!;
        return expected.Count == found.Count && expected.All(pair => found[pair.Key] == pair.Value);
    }

    private static string Write(Table table)
    {
        var width = table.Rows.Max(row => row.Length);
        var header = string.Join(table.Delimiter, Enumerable.Range(0, width).Select(at => $"c{at}").Prepend("phone"));
        var lines = table.Rows.Select((row, n) => string.Join(table.Delimiter, row.Prepend($"98765{n:00000}").Select(cell => Quoted(cell, table))));
        return string.Join(table.LineEnd, lines.Prepend(header)) + (table.LastLineEnds ? table.LineEnd : "");
    }

    private static string Quoted(string cell, Table table) =>
        table.QuoteAll || cell.IndexOfAny(['"', '\r', '\n']) >= 0 || cell.Contains(table.Delimiter, StringComparison.Ordinal)
            ? $"\"{cell.Replace("\"", "\"\"")}\"" : cell;

    private static Arbitrary<Table> Tables()
    {
        var cell = Gen.Elements("\",;|\t\r\n ab1é€😀न".EnumerateRunes().Select(rune => rune.ToString()).ToArray()).ArrayOf().Select(string.Concat);
        return (
            from width in Gen.Choose(1, 5)
            from rows in cell.ArrayOf(width).NonEmptyListOf()
            from delimiter in Gen.Elements(",", ";", "\t", "|")
            from lineEnd in Gen.Elements("\n", "\r\n", "\r")
            from quoteAll in Gen.Elements(true, false)
            from lastLineEnds in Gen.Elements(true, false)
            from atOnce in Gen.Elements(1, 7, 100_000)
            select new Table(delimiter, lineEnd, quoteAll, lastLineEnds, atOnce, [.. rows])).ToArbitrary();
    }
}
