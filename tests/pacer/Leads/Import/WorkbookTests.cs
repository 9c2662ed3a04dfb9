using Outdial.Pacer.Leads.Import;
using static Outdial.Pacer.Tests.Leads.Import.Uploads;

namespace Outdial.Pacer.Tests.Leads.Import;

public class WorkbookTests
{
    [Fact]
    public async Task The_rows_of_a_sheet_are_leads_with_what_a_person_sees_in_its_cells()
    {
        var rows = await Read(Workbooks.Of(
            ["phone", "name", "due", "amount", "vip", "pin", "share", "External ID"],
            [9876543210d, "Zoë", new Shown(46380, "dd.mm.yyyy"), new Shown(1234.5, "#,##0.00"), true, new Shown(42, "00000"), new Shown(0.15, "0%"), 17d],
            null,
            ["+91 98765 43211", " a\nb ", new Shown(46380.75, "yyyy-mm-dd hh:mm"), 0.1 + 0.2, false, null, new Shown(0.5, "hh:mm"), "C-2"]));

        Assert.Equal(
            [
                new GoodLead(2, "+919876543210", 0, "Asia/Kolkata", "17",
                    """{"name":"Zoë","due":"2026-12-24","amount":"1234.50","vip":"TRUE","pin":"00042","share":"15%"}"""),
                new GoodLead(4, "+919876543211", 0, "Asia/Kolkata", "C-2",
                    """{"name":" a\nb ","due":"2026-12-24 18:00","amount":"0.3","vip":"FALSE","share":"12:00"}"""),
            ],
            rows);
    }

    [Theory]
    [InlineData(9876543210, null, "9876543210")]
    [InlineData(919876543210, "0.00E+00", "919876543210")]   // shown as 9.20E+11, and every digit is there
    [InlineData(919876543210, "General", "919876543210")]
    [InlineData(9876543210, "#,##0", "9876543210")]
    [InlineData(9876543210, "(###) ###-####", "9876543210")]
    [InlineData(9876543210, "0", "9876543210")]
    [InlineData(-12.5, "0.00;[Red]-0.00", "-12.50")]
    [InlineData(2.5, "0.##", "2.5")]
    [InlineData(2.5, "# ?/?", "2.5")]
    [InlineData(0.07, "0.0%", "7.0%")]
    [InlineData(0.00001, null, "0.00001")]
    [InlineData(1.0 / 3, "General", "0.333333333333333")]
    [InlineData(12345678901234567, null, "1.23456789012346E+16")]   // no cell holds so many digits
    public void A_number_is_written_with_all_its_digits_and_the_decimals_of_its_format(double value, string? format, string text) =>
        Assert.Equal(text, SheetCell.Text(value, format));

    [Fact]
    public async Task An_old_workbook_is_read_too()
    {
        var rows = await Read(Workbooks.Old());

        Assert.Equal(
            [
                new GoodLead(3, "+919876543210", 0, "Asia/Kolkata", null, """{"name":"Zoë","due":"2026-12-24"}"""),
                new GoodLead(4, "+919876543211", 0, "Asia/Kolkata", null, "{}"),
            ],
            rows);
    }

    [Fact]
    public async Task The_first_sheet_that_a_person_sees_with_something_in_it_is_read_unless_another_is_named()
    {
        var workbook = Workbooks.Of(
            new TestSheet("Hidden", ["phone"], [9876543219d]) { State = "hidden" },
            new TestSheet("Empty", ["", " "], null),
            new TestSheet("Leads", ["phone"], [9876543210d]),
            new TestSheet("Old leads", ["phone"], [9876543211d]));

        await using var first = await LeadReader.Open(new MemoryStream(workbook), UploadFormats.Csv, India, new(), default);
        Assert.Equal("Leads", first.Sheet?.Name);
        Assert.Equal(["Empty", "Old leads"], first.Sheet?.Others);
        Assert.Equal((null, "xlsx"), (first.Encoding, first.Format));
        var (named, _) = await ReadAll(new MemoryStream(workbook), sheet: "old LEADS");
        Assert.Equal("+919876543211", Good(Assert.Single(named)).Number);
        var refusal = await Assert.ThrowsAsync<UploadRefusedException>(() => ReadAll(new MemoryStream(workbook), sheet: "Leeds"));
        Assert.Equal("The workbook has no sheet 'Leeds': expected one of 'Hidden', 'Empty', 'Leads', 'Old leads'.", refusal.Message);
    }

    [Fact]
    public async Task A_sheet_named_for_a_text_is_a_mistake() =>
        Assert.Contains("has no sheet 'Leads': it is a text", (await Assert.ThrowsAsync<UploadRefusedException>(
            () => ReadAll(new MemoryStream("phone\n9876543210\n"u8.ToArray()), sheet: "Leads"))).Message);

    [Fact]
    public async Task Rows_are_as_wide_as_the_first_one_and_what_is_written_beyond_it_is_no_column()
    {
        var rows = await Read(Workbooks.Of(
            [null, null],
            [null, "phone", "name"],
            [null, 9876543210d],
            [null, 9876543211d, "Asha", " "],
            [null, 9876543212d, "Asha", null, "x"]));

        Assert.Equal([3, 4], rows.Take(2).Select(row => Good(row).Row));
        Assert.Equal("""{"name":"Asha"}""", Good(rows[1]).Attributes);
        Assert.Equal((5, "3 columns as in the first line; found 5"), (rows[2].Row, Error(rows[2]).Expected));
    }

    [Fact]
    public async Task A_workbook_is_known_by_its_first_bytes_whatever_it_is_called_and_however_slowly_it_comes()
    {
        var workbook = Workbooks.Of(["phone"], [9876543210d]);

        foreach (var format in new[] { UploadFormats.Csv, UploadFormats.Ndjson, UploadFormats.Any })
            Assert.Equal("+919876543210", Good(Assert.Single((await ReadAll(new TricklingStream(workbook, 1), format)).Rows)).Number);
        Assert.Equal("+919876543210", Good(Assert.Single(await Read(Workbooks.Packed(workbook)))).Number);
    }

    public static TheoryData<byte[], string> Unreadable => new()
    {
        { Workbooks.Zip(("content.xml", "<office/>")), "is a workbook of another kind (.ods, .xlsb) or another zip file" },
        { Workbooks.Zip(("xl/workbook.bin", "")), "is a workbook of another kind (.ods, .xlsb) or another zip file" },
        { Workbooks.Zip(("xl/workbook.xml", "<workbook>")), "The workbook has nothing in its sheets" },
        { Workbooks.Of(["phone"], [9876543210d])[..300], "begins as a workbook and cannot be read as one" },
        { [0x50, 0x4B, 0x03, 0x04], "begins as a workbook and cannot be read as one" },
        { [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0], "begins as a workbook and cannot be read as one" },
        { Workbooks.Old()[..2000], "begins as a workbook and cannot be read as one" },
        { Workbooks.Of(new TestSheet("Leads"), new TestSheet("More", [" "])), "has nothing in its sheets ('Leads', 'More')" },
        { Workbooks.Of(["name"], ["Asha"]), "has no column for the phone number: found 'name'" },
    };

    [Theory, MemberData(nameof(Unreadable))]
    public async Task What_is_no_workbook_is_refused_with_what_to_do_and_leaves_no_file_behind(byte[] bytes, string sentence)
    {
        var refusal = await Assert.ThrowsAsync<UploadRefusedException>(() => Read(bytes));

        Assert.Contains(sentence, refusal.Message);
        Assert.Empty(Directory.EnumerateFiles(Path.GetTempPath(), "outdial-*.workbook"));
    }

    [Fact]
    public async Task Cuts_and_changes_of_a_workbook_s_bytes_never_do_more_than_refuse_it_or_break_it_off()
    {
        var random = new Random(20260302);
        foreach (var workbook in new[] { Workbooks.Of(["phone", "name"], [9876543210d, "Asha"]), Workbooks.Old() })
        {
            for (var at = 0; at < 300; at++)
            {
                var bytes = workbook.ToArray();
                for (var changes = random.Next(1, 8); changes > 0; changes--)
                    bytes[random.Next(4, bytes.Length)] = (byte)random.Next(256);
                try
                {
                    await Read(bytes);
                }
                catch (Exception e) when (e is UploadRefusedException or UploadBrokenException)
                {
                    Assert.EndsWith(".", e.Message);
                }
            }
        }
    }

    [Fact]
    public async Task A_workbook_that_is_unpacked_to_more_than_it_may_be_is_refused_before_it_is_read()
    {
        var leads = Enumerable.Range(0, 2_000).Select(row => new object?[] { $"98765{row:00000}" }).Prepend(["phone"]).ToArray();
        var large = Workbooks.Of(new TestSheet("Leads", leads));

        foreach (var (limits, sentence) in new (ImportLimits, string)[]
        {
            (new() { UnpackedBytes = 50_000 }, "larger than 50000 bytes once it is unpacked (Imports:MaxBytes)"),
            (new() { WorkbookBytes = 5_000 }, "larger than 5000 bytes (Imports:MaxWorkbookBytes)"),
            (new() { WorkbookTextBytes = 50_000 }, "more than 50000 bytes of texts that its sheets share (Imports:MaxWorkbookTextBytes)"),
        })
        {
            var refusal = await Assert.ThrowsAsync<UploadRefusedException>(() => Read(large, limits: limits));
            Assert.Equal(413, refusal.Status);
            Assert.Contains(sentence, refusal.Message);
        }
        Assert.Equal(2_000, (await Read(large)).Count);
    }

    [Theory]
    [InlineData("<row><c t=\"inlineStr\"><is><t>", "x", 2_000_000, "a cell with more letters than a sheet's can have")]
    [InlineData("<row>", "<c><v>1</v></c>", 200_000, "a row with more cells than a sheet has")]
    [InlineData("<row><c t=\"inlineStr\"><is>", "<r><t>a</t></r>", 80_000, "a cell with more pieces of text than a sheet's can have")]
    [InlineData("</sheetData><mergeCells>", "<mergeCell ref=\"A1:B1\"/>", 1_200_000, "more around its rows than a sheet has")]
    public async Task A_sheet_that_would_have_to_be_held_at_once_is_refused(string before, string repeated, int times, string sentence)
    {
        var parts = Workbooks.Of(["phone"], [9876543210d]);
        using var zip = new System.IO.Compression.ZipArchive(new MemoryStream(parts));
        var texts = zip.Entries.Select(entry => (entry.FullName, new StreamReader(entry.Open()).ReadToEnd())).ToList();
        var bomb = Workbooks.Zip(texts.Select(part => part.FullName.EndsWith("sheet1.xml", StringComparison.Ordinal)
            ? (part.FullName, $"<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{before}"
                + string.Concat(Enumerable.Repeat(repeated, times))) : part));

        Assert.Contains(sentence, (await Assert.ThrowsAsync<UploadRefusedException>(() => Read(bomb))).Message);
    }

    [Theory]
    [InlineData("sharedStrings.xml", "<si><r><t>a</t></r>", "<r><t>a</t></r>", "a cell with more pieces of text than a sheet's can have")]
    [InlineData("styles.xml", "<cellXfs>", "<xf numFmtId=\"0\"/>          ", "more around its sheets than a workbook has")]
    public async Task What_its_sheets_share_is_looked_at_too_whatever_the_part_is_called(string part, string before, string repeated, string sentence)
    {
        using var zip = new System.IO.Compression.ZipArchive(new MemoryStream(Workbooks.Of(["phone"], [9876543210d])));
        var bomb = Workbooks.Zip(zip.Entries.Select(entry => (entry.FullName.Replace(part, "part.dat"), new StreamReader(entry.Open()).ReadToEnd()))
            .Select(entry => (entry.Item1, entry.Item1.EndsWith("part.dat", StringComparison.Ordinal)
                ? $"<{(part == "styles.xml" ? "styleSheet" : "sst")} xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">"
                    + before + string.Concat(Enumerable.Repeat(repeated, 400_000))
                : entry.Item2.Replace(part, "part.dat"))));

        Assert.Contains(sentence, (await Assert.ThrowsAsync<UploadRefusedException>(() => Read(bomb))).Message);
    }

    [Fact]
    public async Task A_row_far_down_a_sheet_ends_the_reading_and_the_rows_before_are_good()
    {
        var texts = Workbooks.Of(["phone"], [9876543210d]);
        using var zip = new System.IO.Compression.ZipArchive(new MemoryStream(texts));
        var far = Workbooks.Zip(zip.Entries.Select(entry =>
            (entry.FullName, new StreamReader(entry.Open()).ReadToEnd().Replace("</sheetData>", "<row r=\"2000000000\"><c><v>1</v></c></row></sheetData>"))));
        List<ImportRow> rows = [];

        var broken = await Assert.ThrowsAsync<UploadBrokenException>(async () =>
        {
            await using var reader = await LeadReader.Open(new MemoryStream(far), UploadFormats.Csv, India, new(), default);
            await foreach (var row in reader.Read())
                rows.Add(row);
        });

        Assert.Contains("more than 1048576 rows", broken.Message);
        Assert.Equal("+919876543210", Good(Assert.Single(rows)).Number);
    }
}
