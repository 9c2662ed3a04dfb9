using System.Text;
using Outdial.Pacer.Leads.Import;
using Outdial.Pacer.Tests.CallingHours;
using static Outdial.Pacer.Tests.Leads.Import.Uploads;

namespace Outdial.Pacer.Tests.Leads.Import;

public class LeadReaderTests
{
    [Fact]
    public async Task A_row_becomes_a_lead_and_its_other_columns_become_attributes()
    {
        var rows = await Read("Phone,Priority,TimeZone,External_ID,name,note\n098765 43210,7,asia/kolkata,C-17,Asha,\n");

        Assert.Equal(
            new GoodLead(2, "+919876543210", 7, "Asia/Kolkata", "C-17", """{"name":"Asha"}""") { OwnZone = "Asia/Kolkata" }, Assert.Single(rows));
    }

    [Theory]
    [InlineData("phone"), InlineData("Number"), InlineData("MOBILE"), InlineData("msisdn"), InlineData("Phone Number"), InlineData("phone-number")]
    public async Task The_phone_column_goes_by_several_names(string name) =>
        Assert.Equal("+919876543210", Good(Assert.Single(await Read($"name;{name}\nAsha;9876543210"))).Number);

    [Fact]
    public async Task Where_a_list_has_a_phone_and_a_number_the_number_is_an_attribute() =>
        Assert.Equal("""{"number":"12b"}""", Good(Assert.Single(await Read("number,phone\n12b,9876543210"))).Attributes);

    [Theory]
    [InlineData(","), InlineData(";"), InlineData("\t"), InlineData("|")]
    public async Task The_delimiter_is_found_in_the_header(string delimiter) =>
        Assert.Equal("""{"a, b; c":"1"}""", Good(Assert.Single(await Read($"\"a, b; c\"{delimiter}phone\n1{delimiter}9876543210"))).Attributes);

    [Fact]
    public async Task A_spreadsheet_s_own_delimiter_line_is_obeyed() =>
        Assert.Equal("""{"a,b":"1"}""", Good(Assert.Single(await Read("sep=;\r\na,b;phone\r\n1;9876543210\r\n"))).Attributes);

    [Fact]
    public async Task Quotes_doubled_quotes_and_line_breaks_in_quotes_are_kept()
    {
        var rows = await Read("phone,note\n9876543210,\"said \"\"yes\"\",\r\ncall later\"\n9876543211,5\" pipe\n");

        Assert.Equal("{\"note\":\"said \\\"yes\\\",\\r\\ncall later\"}", Good(rows[0]).Attributes);
        Assert.Equal("{\"note\":\"5\\\" pipe\"}", Good(rows[1]).Attributes);
    }

    public static TheoryData<byte[], string> Encodings => new()
    {
        { Encoding.UTF8.GetBytes("phone,name\n9876543210,Zoë"), "utf-8" },
        { [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes("phone,name\n9876543210,Zoë")], "utf-8" },
        { [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("phone,name\n9876543210,Zoë")], "utf-16le" },
        { Encoding.Unicode.GetBytes("phone,name\n9876543210,Zoë"), "utf-16le" },
        { [.. Encoding.BigEndianUnicode.Preamble, .. Encoding.BigEndianUnicode.GetBytes("phone,name\n9876543210,Zoë")], "utf-16be" },
        { Encoding.Latin1.GetBytes("phone,name\n9876543210,Zoë"), "windows-1252" },
    };

    [Theory, MemberData(nameof(Encodings))]
    public async Task An_upload_is_read_in_its_own_encoding_and_says_which(byte[] bytes, string encoding)
    {
        foreach (var atOnce in new[] { 1, 2, 3, 1000 })
        {
            var (rows, found) = await ReadAll(new TricklingStream(bytes, atOnce));

            Assert.Equal("""{"name":"Zoë"}""", Good(Assert.Single(rows)).Attributes);
            Assert.Equal(encoding, found);
        }
    }

    [Fact]
    public async Task The_middle_bytes_of_windows_1252_are_quotes_dashes_and_the_euro()
    {
        byte[] bytes = [.. "phone,name\n9876543210,"u8, 0x80, 0x20, 0x93, 0x61, 0x94, 0x20, 0x97];

        Assert.Equal("""{"name":"€ “a” —"}""", Good(Assert.Single(await Read(bytes))).Attributes);
    }

    [Theory]
    [InlineData("name,amount\nAsha,10\n", "no column for the phone number: found 'name', 'amount'; expected a column named phone, number, mobile")]
    [InlineData("9876543210,Asha\n", "found '••••••3210', 'Asha'")]
    [InlineData("", "The upload is empty")]
    [InlineData("\n\n", "The upload is empty")]
    [InlineData("phone,name,Name\n9876543210,a,b", "names the column 'name' more than once")]
    [InlineData("phone,\"name\n9876543210,a", "The first line cannot be read: expected a closing quote")]
    public async Task An_upload_that_makes_no_sense_is_refused_as_a_whole(string text, string sentence)
    {
        var refusal = await Assert.ThrowsAsync<UploadRefusedException>(() => Read(text));

        Assert.Contains(sentence, refusal.Message);
    }

    [Fact]
    public async Task More_columns_than_the_limit_are_refused() =>
        Assert.Contains("101 columns", (await Assert.ThrowsAsync<UploadRefusedException>(
            () => Read("phone," + string.Join(',', Enumerable.Range(0, 100).Select(n => $"c{n}"))))).Message);

    [Theory]
    [InlineData("12345,1,,", "phone", "12345", "of IN, such as 081234 56789 or +918123456789; this one is too short")]
    [InlineData(",1,,", "phone", null, "a telephone number of IN")]
    [InlineData("9876543210,soon,,", "priority", "soon", "a whole number")]
    [InlineData("9876543210,1001,,", "priority", "1001", "a whole number")]
    [InlineData("9876543210,1,IST,", "timezone", "IST", "an IANA time zone")]
    [InlineData("9876543210,1,,XX", "phone_country", "XX", "a country as ISO 3166 writes it, such as IN")]
    [InlineData("0909 8790123,1,,GB", "phone", "0909 8790123", "this one is a premium-rate number")]
    [InlineData("876-555-0123,1,,US", "phone", "876-555-0123", "this one is of JM and billed as international")]
    [InlineData("9876543210,1", "row", "9876543210,1", "4 columns as in the first line; found 2")]
    [InlineData("9876543210,1,,,x", "row", "9876543210,1,,,x", "4 columns as in the first line; found 5")]
    [InlineData("\"9876543210\"x,1,,", "row", "\"9876543210\"x,1,,", "after a closing quote")]
    [InlineData("\"9876543210,1,,", "row", "\"9876543210,1,,", "a closing quote")]
    public async Task A_wrong_row_is_reported_and_the_rows_around_it_are_kept(string row, string field, string? value, string expected)
    {
        var rows = await Read($"phone,priority,timezone,phone_country\n9876543210,,,\n{row}\n9876543211,,,\n");

        Assert.Equal(3, rows.Count);
        Assert.Equal("+919876543210", Good(rows[0]).Number);
        Assert.Equal((3, field, value), (Error(rows[1]).Row, Error(rows[1]).Field, Error(rows[1]).Value));
        Assert.Contains(expected, Error(rows[1]).Expected);
        Assert.Equal((4, "+919876543211"), (rows[2].Row, Good(rows[2]).Number));
    }

    [Fact]
    public async Task Everything_that_is_wrong_with_a_row_is_reported_at_once()
    {
        var bad = Assert.IsType<BadRow>(Assert.Single(await Read("phone,priority,timezone\nnobody,soon,Mars/Base\n")));

        Assert.Equal(["phone", "priority", "timezone"], bad.Errors.Select(error => error.Field));
    }

    [Fact]
    public async Task Blank_rows_are_counted_and_not_reported()
    {
        var rows = await Read("\r\nphone,name\r\n\r\n9876543210,a\r\n , \r\n,,\r\n9876543211,b\r\n\u001a");

        Assert.Equal([4, 7], rows.Select(row => Good(row).Row));
    }

    [Fact]
    public async Task The_row_s_region_tells_how_its_number_is_read_and_its_number_tells_its_zone()
    {
        var rows = await Read("phone,region\n07700900123,UK\n2125550123,US\n9876543210,\n");

        Assert.Equal(["+447700900123", "+12125550123", "+919876543210"], rows.Select(row => Good(row).Number));
        Assert.Equal(["Europe/London", "America/New_York", "Asia/Kolkata"], rows.Select(row => Good(row).TimeZone));
    }

    [Fact]
    public async Task A_number_that_may_be_in_several_zones_has_all_of_them_unless_the_row_says_in_which_it_is()
    {
        var rows = await Read("phone,timezone,region\n+1 308 555 0123,,\n+1 308 555 0124,America/Denver,\n+1 555 555 0123,America/Denver,\n0412 345 678,,AU\n");

        Assert.Equal(
            [
                "America/Chicago, America/Denver", "America/Denver", "America/Denver",
                "Australia/Adelaide, Australia/Brisbane, Australia/Darwin, Australia/Eucla, Australia/Lord_Howe, Australia/Perth, Australia/Sydney, Indian/Christmas, Indian/Cocos",
            ],
            rows.Select(row => Good(row).TimeZone));
    }

    [Fact]
    public async Task A_number_whose_zones_have_no_calling_hour_in_common_waits_for_its_own()
    {
        var afternoons = India with { Window = CallingWindowTests.Window("14:00", "20:00") };

        var rows = await Read("phone,timezone\n+79161234567,\n+79161234568,Europe/Moscow\n", defaults: afternoons);

        Assert.True(Good(rows[0]).ZoneUnknown);
        Assert.Contains("Asia/Anadyr, ", Good(rows[0]).TimeZone, StringComparison.Ordinal);
        Assert.Equal(("Europe/Moscow", "Europe/Moscow", false), (Good(rows[1]).TimeZone, Good(rows[1]).OwnZone, Good(rows[1]).ZoneUnknown));
    }

    [Fact]
    public async Task A_zone_where_the_number_cannot_be_is_minded_beside_its_own_and_makes_a_bad_row_where_both_leave_no_hour()
    {
        var rows = await Read(
            "phone,timezone\n9876543210,America/New_York\n9876543211,America/Denver\n9876543212,Mars\n",
            defaults: India with { Window = CallingWindowTests.Window("09:00", "20:00") });

        Assert.Equal(("America/New_York, Asia/Kolkata", "America/New_York"), (Good(rows[0]).TimeZone, Good(rows[0]).OwnZone));
        Assert.Equal(
            (
                "timezone", "America/Denver",
                "a time zone that goes with the number, which may be in Asia/Kolkata: the campaign's hours are never there and here at once"
            ),
            (Error(rows[1]).Field, Error(rows[1]).Value, Error(rows[1]).Expected));
        Assert.Equal("an IANA time zone, such as Asia/Kolkata or Europe/London", Error(rows[2]).Expected);
    }

    [Fact]
    public async Task A_quote_that_is_never_closed_costs_one_row_of_a_long_upload()
    {
        var lines = Enumerable.Range(0, 5_000).Select(n => n == 10 ? "\"98765,oops" : $"98765{n:00000},name {n}");

        var rows = await Read("phone,name\n" + string.Join('\n', lines));

        Assert.Equal(5_000, rows.Count);
        Assert.Equal((12, "row"), (Error(rows[10]).Row, Error(rows[10]).Field));
        Assert.Equal(4_999, rows.OfType<GoodLead>().Count());
    }

    [Fact]
    public async Task A_row_longer_than_the_limit_is_reported_and_skipped()
    {
        var rows = await Read($"phone,note\n9876543210,{new string('x', 300_000)}\n9876543211,ok\n");

        Assert.Equal("a row of at most 65536 characters", Error(rows[0]).Expected);
        Assert.Equal("+919876543211", Good(rows[1]).Number);
    }

    [Fact]
    public async Task Attributes_above_their_limit_are_reported() =>
        Assert.Equal("attributes", Error(Assert.Single(await Read($"phone,note\n9876543210,{new string('x', 5_000)}\n"))).Field);

    [Fact]
    public async Task Nul_characters_are_reported_and_shown_as_something_that_can_be_stored()
    {
        var error = Error(Assert.Single(await Read("phone,note\n9876543210,a\0b\n")));

        Assert.Equal(("note", "a\uFFFDb"), (error.Field, error.Value));
    }

    [Fact]
    public async Task A_value_is_shown_cut() =>
        Assert.Equal(ShownText.Longest, Error(Assert.Single(await Read($"phone,note\n{new string('9', 500)},\n"))).Value!.Length);

    [Fact]
    public async Task An_upload_that_stops_in_the_middle_of_a_row_keeps_the_rows_before_it()
    {
        var rows = await Read("phone,name\n9876543210,a\n98765");

        Assert.Equal("+919876543210", Good(rows[0]).Number);
        Assert.Contains("found 1", Error(rows[1]).Expected);
    }
}
