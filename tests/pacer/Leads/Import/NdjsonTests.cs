using Outdial.Pacer.Leads.Import;
using static Outdial.Pacer.Tests.Leads.Import.Uploads;

namespace Outdial.Pacer.Tests.Leads.Import;

public class NdjsonTests
{
    [Fact]
    public async Task Each_line_is_a_lead_and_may_have_properties_of_its_own()
    {
        var rows = await Read(
            """
            {"phone":"098765 43210","priority":3,"name":"Asha","amount":12.50,"vip":true,"note":null}

            {"MSISDN":9876543211,"id":"C-2"}
            """, UploadFormats.Ndjson);

        Assert.Equal(new GoodLead(1, "+919876543210", 3, "Asia/Kolkata", null, """{"name":"Asha","amount":12.50,"vip":true}"""), rows[0]);
        Assert.Equal(new GoodLead(3, "+919876543211", 0, "Asia/Kolkata", "C-2", "{}"), rows[1]);
    }

    [Fact]
    public async Task An_upload_that_does_not_say_what_it_is_is_known_by_its_first_letter()
    {
        Assert.Equal("+919876543210", Good(Assert.Single(await Read("\uFEFF\n {\"phone\":9876543210}\n", UploadFormats.Any))).Number);
        Assert.Equal("+919876543210", Good(Assert.Single(await Read("phone\n9876543210\n", UploadFormats.Any))).Number);
    }

    [Theory]
    [InlineData("""{"name":"Asha"}""", "phone", null, "a telephone number of IN")]
    [InlineData("""{"phone":"98""", "row", """{"phone":"98""", "one JSON object")]
    [InlineData("""["9876543210"]""", "row", """["9876543210"]""", "one JSON object")]
    [InlineData("9876543210", "row", "9876543210", "one JSON object")]
    [InlineData("""{"phone":9876543210,"tags":["a"]}""", "tags", """["a"]""", "text, a number, true or false")]
    [InlineData("""{"phone":9876543210,"name":"Asha","name":"Ravi"}""", "name", "\"Ravi\"", "each name once")]
    [InlineData("""{"phone":9876543210,"name":"\ud800"}""", "row", """{"phone":9876543210,"name":"\ud800"}""", "one JSON object")]
    [InlineData("""{"phone":9876543210,"name":"a\u0000"}""", "name", "a\uFFFD", "text without NUL")]
    [InlineData("""{"phone":9.8e9}""", "phone", "9.8e9", "in scientific notation, 9.8e9, its last digits are lost")]
    [InlineData("""{"phone":9876543210.5}""", "phone", "9876543210.5", "a telephone number of IN")]
    public async Task A_wrong_line_is_reported_and_the_lines_around_it_are_kept(string line, string field, string? value, string expected)
    {
        var rows = await Read($"{{\"phone\":9876543210}}\n{line}\n{{\"phone\":9876543211}}", UploadFormats.Ndjson);

        Assert.Equal((2L, field, value), (Error(rows[1]).Row, Error(rows[1]).Field, Error(rows[1]).Value));
        Assert.Contains(expected, Error(rows[1]).Expected);
        Assert.Equal("+919876543211", Good(rows[2]).Number);
    }

    [Theory]
    [InlineData("1e-20000"), InlineData("1E5"), InlineData("-1e1000"), InlineData("0e-99999")]
    public async Task A_number_with_an_exponent_is_kept_as_text(string number) =>
        Assert.Equal($$"""{"score":"{{number}}"}""", Good(Assert.Single(await Read($$"""{"phone":9876543210,"score":{{number}}}""", UploadFormats.Ndjson))).Attributes);

    [Fact]
    public async Task A_column_s_other_lines_tell_what_it_means_here_too()
    {
        var rows = await Read(
            """
            {"phone":"(317) 555-0123","country":"US","region":"IN","priority":"Normal"}
            {"phone":"9876543210","dnc":true}
            {"phone":"9876543211","dnc":false}
            """, UploadFormats.Ndjson);

        Assert.Equal(("+13175550123", 0), (Good(rows[0]).Number, Good(rows[0]).Priority));
        Assert.Equal(("dnc", "true"), (Error(rows[1]).Field, Error(rows[1]).Value));
        Assert.Equal("+919876543211", Good(rows[2]).Number);
    }

    [Fact]
    public async Task A_number_that_the_database_could_not_hold_is_kept_as_text() =>
        Assert.Equal("""{"big":"1e999999"}""", Good(Assert.Single(await Read("""{"phone":9876543210,"big":1e999999}""", UploadFormats.Ndjson))).Attributes);
}
