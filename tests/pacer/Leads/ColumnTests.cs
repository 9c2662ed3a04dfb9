using System.Text;
using Outdial.Pacer.Leads.Import;
using static Outdial.Pacer.Tests.Leads.Uploads;

namespace Outdial.Pacer.Tests.Leads;

public sealed class ColumnTests
{
    [Theory]
    [InlineData("country", "US"), InlineData("Country", "USA"), InlineData("COUNTRY", "United States"), InlineData("Country Name", "U.S.")]
    [InlineData("country_code", "US")]
    [InlineData("country_code", "1"), InlineData("Country Code", "+1"), InlineData("CountryCode", "001")]
    [InlineData("Country/Region", "United States of America")]
    [InlineData("phone_code", "1"), InlineData("Calling Code", "+1"), InlineData("Country calling code", "1"), InlineData("dial_code", "1")]
    [InlineData("Dialing Code", "1")]
    [InlineData("ISD Code", "1"), InlineData("isd", "1"), InlineData("Phone Country Code", "1"), InlineData("phoneCountry", "US")]
    [InlineData("region", "US"), InlineData("Intl. Code", "1")]
    [InlineData("Mailing Country", "USA"), InlineData("MailingCountry", "United States"), InlineData("BillingCountryCode", "US")]
    [InlineData("Home Country/Region", "United States of America")]
    [InlineData("Address 1 - Country", "US"), InlineData("Business Country/Region", "USA"), InlineData("Other Country", "US")]
    [InlineData("Country of residence", "US")]
    public async Task A_number_is_read_in_the_country_of_its_row_whatever_the_column_is_called(string column, string country)
    {
        var rows = await Read($"name,{column},phone\nAda,{country},(212) 555-0177\nAsha,,9876543210\n");

        Assert.Equal(["+12125550177", "+919876543210"], rows.Select(row => Good(row).Number));
        Assert.Equal(["America/New_York", "Asia/Kolkata"], rows.Select(row => Good(row).TimeZone));
    }

    [Theory]
    [InlineData("country", "US", "+91 98765 43210")]
    [InlineData("country", "India", "+1 212 555 0177")]
    [InlineData("country_code", "91", "+44 7700 900123")]
    [InlineData("phone_code", "1", "+447700900123")]
    [InlineData("phone_code", "1", "0044 7700 900123")]
    [InlineData("region", "GB", "+919876543210")]
    [InlineData("Phone country", "United Kingdom", "011 91 98765 43210")]
    public async Task A_row_whose_column_contradicts_its_number_is_bad_and_says_so(string column, string country, string number)
    {
        var error = Error(Assert.Single(await Read($"phone,{column}\n{number},{country}\n")));

        Assert.Equal(("phone", number), (error.Field, error.Value));
        Assert.Contains($", which the column '{column}' names", error.Expected);
    }

    [Theory]
    [InlineData("country", "US", "+1 416 555 0123")]              // one calling code
    [InlineData("country", "GB", "+44 1534 123456")]
    [InlineData("Mailing Country", "US", "+91 98765 43210")]      // people move, and keep their number
    [InlineData("Home Country/Region", "Narnia", "+91 98765 43210")]
    [InlineData("country", "Deutschland (West)", "+91 98765 43210")]    // not understood, and not needed
    public async Task A_column_that_says_nothing_against_a_number_leaves_it_alone(string column, string country, string number) =>
        Assert.Equal(string.Concat(number.Where(c => char.IsDigit(c) || c == '+')),
            Good(Assert.Single(await Read($"phone,{column}\n{number},{country}\n"))).Number);

    [Theory]
    [InlineData("country", "Narnia"), InlineData("phone_code", "999"), InlineData("region", "Gujarat"), InlineData("Mailing Country", "Narnia")]
    [InlineData("country", "840")]
    public async Task A_country_that_is_not_understood_is_never_taken_for_the_campaign_s(string column, string country)
    {
        var error = Error(Assert.Single(await Read($"phone,{column}\n9876543210,{country}\n")));

        Assert.Equal((column, country), (error.Field, error.Value));
        Assert.Contains("a country", error.Expected);
    }

    [Theory]
    [InlineData("-"), InlineData("n/a"), InlineData("null"), InlineData("Unknown"), InlineData("#N/A")]
    public async Task A_column_that_says_nothing_in_words_says_nothing(string nothing) =>
        Assert.Equal("+919876543210", Good(Assert.Single(await Read($"phone,country\n9876543210,{nothing}\n"))).Number);

    [Theory]
    [InlineData("country,phone_code", "US,91", "9876543210", "+919876543210")]             // the telephone's own column counts
    [InlineData("Mailing Country,country", "US,GB", "07700 900123", "+447700900123")]      // the person's before that of an address
    [InlineData("Home Country/Region,Business Country/Region", "GB,GB", "07700 900123", "+447700900123")]
    [InlineData("Mailing Country,x", "US,", "07700 900123", "+917700900123")]              // no number of America: the campaign's country is left
    public async Task Of_several_columns_the_one_that_is_nearest_to_the_number_counts(string columns, string cells, string number, string expected) =>
        Assert.Equal(expected, Good(Assert.Single(await Read($"{columns},phone\n{cells},{number}\n"))).Number);

    [Theory]
    [InlineData("country,country_code", "US,91", "country_code")]
    [InlineData("Home Country/Region,Business Country/Region", "US,IN", "phone")]
    public async Task Columns_that_contradict_each_other_make_a_row_bad_unless_the_number_is_clear(string columns, string cells, string field) =>
        Assert.Equal(field, Error(Assert.Single(await Read($"{columns},phone\n{cells},2125550177\n"))).Field);

    [Fact]
    public async Task A_country_is_an_attribute_as_well_and_a_calling_code_is_not()
    {
        Assert.Equal("""{"country":"US"}""", Good(Assert.Single(await Read("phone,country\n2125550177,US\n"))).Attributes);
        Assert.Equal("{}", Good(Assert.Single(await Read("phone,phone_code\n2125550177,1\n"))).Attributes);
    }

    [Theory]
    [InlineData("Mobile No."), InlineData("Mobile Number:"), InlineData("Phone 1 - Value"), InlineData("MobilePhone"), InlineData("Business Phone")]
    [InlineData("Cell"), InlineData("Tel.")]
    [InlineData("Contact No"), InlineData("Contact Number"), InlineData("PHONE NO."), InlineData("phone#"), InlineData("Primary Phone")]
    [InlineData("WhatsApp Number"), InlineData("number1")]
    [InlineData("Customer_Mobile"), InlineData("Phone (mobile)"), InlineData("Phone Number E.164"), InlineData("Handphone")]
    [InlineData("Home Phone 2")]
    public async Task A_phone_column_is_known_by_its_words(string name) =>
        Assert.Equal("+919876543210", Good(Assert.Single(await Read($"name,{name}\nAsha,9876543210\n"))).Number);

    [Theory]
    [InlineData("Phone 1 - Type"), InlineData("Phone model"), InlineData("Home Fax"), InlineData("Assistant's Phone"), InlineData("Phone verified")]
    [InlineData("Account number")]
    [InlineData("phone_ext"), InlineData("House number"), InlineData("Telecaller"), InlineData("Country of birth"), InlineData("Area code")]
    [InlineData("E-mail")]
    public async Task What_only_speaks_of_phones_and_countries_is_an_attribute(string name) =>
        Assert.Equal($$"""{"{{name}}":"9811111111"}""", Good(Assert.Single(await Read($"phone,{name}\n9876543210,9811111111\n"))).Attributes);

    [Theory]
    [InlineData("Phone,Mobile", ",9876543210"), InlineData("Mobile,Phone", "9876543210,"), InlineData("Phone,Mobile", "n/a,9876543210")]
    [InlineData("Phone,Mobile", " - ,9876543210")]
    [InlineData("Home Phone,Mobile Phone", "9811111111,9876543210")]                  // the one she carries first
    [InlineData("Business Phone,Home Phone,Mobile Phone", "9811111111,9876543210,")]
    [InlineData("Company Main Phone,Other Phone,Primary Phone", "9811111111,9822222222,9876543210")]
    [InlineData("number,Phone 2 - Value", "9811111111,9876543210")]
    [InlineData("Phone 1 - Value,Phone 2 - Value", "9876543210 ::: 9811111111,9822222222")]
    public async Task Of_several_phone_columns_the_first_with_a_number_is_taken(string columns, string cells) =>
        Assert.Equal("+919876543210", Good(Assert.Single(await Read($"{columns}\n{cells}\n"))).Number);

    [Fact]
    public async Task The_other_numbers_of_a_row_stay_with_it_as_attributes() =>
        Assert.Equal("""{"Mobile Phone":"9811111111"}""", Good(Assert.Single(await Read("Mobile Phone,Phone\n9811111111,9876543210\n"))).Attributes);

    [Fact]
    public async Task A_number_that_cannot_be_read_makes_the_row_bad_though_another_could_be_and_says_how_that_one_is_taken()
    {
        var error = Error(Assert.Single(await Read("Phone,Mobile\n12345,9876543210\n")));

        Assert.Equal(("Phone", "12345"), (error.Field, error.Value));
        Assert.EndsWith("; left empty, 'Mobile' is called", error.Expected);
    }

    [Fact]
    public async Task A_delimiter_behind_every_row_and_not_behind_the_header_is_no_column()
    {
        var rows = await Read("name,phone,city\nAsha,9876543210,Surat,\n\nBina,9876543211,,\n"
            + "\"Shah, Ravi\",9876543212,Pune,\nShah, Ravi,9876543213,Pune,\n");

        Assert.Equal(["+919876543210", "+919876543211", "+919876543212"], rows.Take(3).Select(row => Good(row).Number));
        Assert.Equal("3 columns as in the first line and 1 empty; found 5", Error(rows[3]).Expected);
    }

    [Theory]
    [InlineData("Asha,9876543210,Surat\nBina,9876543211,Pune,\n", 1), InlineData("Bina,9876543211,Pune,\nAsha,9876543210,Surat\n", 0)]
    public async Task A_delimiter_behind_some_rows_only_is_a_shifted_row(string lines, int shifted)
    {
        var rows = await Read("name,phone,city\n" + lines);

        Assert.Equal("3 columns as in the first line; found 4", Error(rows[shifted]).Expected);
        Assert.Equal("+919876543210", Good(rows[1 - shifted]).Number);
    }

    [Theory]
    [InlineData("Asha,9876543210,Surat,"), InlineData("Asha,9876543210,Surat,,,\nBina,9876543211,,,,\n")]
    public async Task The_first_row_with_a_delimiter_behind_it_is_kept_where_all_have_it(string lines) =>
        Assert.Equal((1, "+919876543210"), ((await Read("name,phone,city\n" + lines))[0].Row,
            Good((await Read("name,phone,city\n" + lines))[0]).Number));

    [Fact]
    public async Task A_delimiter_behind_the_header_and_not_behind_the_rows_is_no_column()
    {
        var rows = await Read("name,phone,\nAsha,9876543210\nBina,9876543211\nBina,9876543211,x\n");

        Assert.Equal("""{"name":"Asha"}""", Good(rows[0]).Attributes);
        Assert.Equal("+919876543211", Good(rows[1]).Number);
        Assert.Equal("""{"name":"Bina","column_3":"x"}""", Good(rows[2]).Attributes);
    }

    public static TheoryData<byte[]> Marks => new()
    {
        { [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.Preamble, .. "phone,name\n9876543210,Zoë"u8] },
        { [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("phone,name\n9876543210,Zoë")] },
        { [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.Preamble, .. "\"phone\",\"name\"\n9876543210,Zoë"u8] },
        { [.. "ï»¿phone,name\n9876543210,Zoë"u8] },
        { [.. Encoding.UTF8.Preamble, .. "ï»¿\"phone\",name\n9876543210,Zoë"u8] },
        { [.. Encoding.UTF8.Preamble, .. "phone,name\n9876543210,Zoë\n"u8, .. Encoding.UTF8.Preamble, .. "phone,name\n"u8] },
    };

    [Theory, MemberData(nameof(Marks))]
    public async Task Byte_order_marks_are_no_text_wherever_they_stand(byte[] bytes)
    {
        foreach (var atOnce in new[] { 1, 2, 1000 })
            Assert.Equal("""{"name":"Zoë"}""", Good(Assert.Single((await ReadAll(new TricklingStream(bytes, atOnce))).Rows)).Attributes);
    }

    [Fact]
    public async Task Of_files_put_behind_each_other_every_row_is_read_and_no_header()
    {
        byte[] one = [.. Encoding.UTF8.Preamble, .. "phone,name\n9876543210,a\n"u8],
            two = [.. Encoding.UTF8.Preamble, .. "phone,name\n9876543211,b\n"u8];

        Assert.Equal(["+919876543210", "+919876543211"], (await Read([.. one, .. two])).Select(row => Good(row).Number));
    }

    [Theory]
    [InlineData("sep=;"), InlineData("SEP=;"), InlineData("\"sep=;\""), InlineData("sep=;;;;")]
    public async Task A_spreadsheet_s_delimiter_line_is_obeyed_however_it_was_saved(string line) =>
        Assert.Equal("""{"a,b":"1"}""", Good(Assert.Single(await Read($"{line}\r\na,b;phone\r\n1;9876543210\r\n"))).Attributes);

    [Fact]
    public async Task Properties_of_ndjson_are_known_by_the_same_names() =>
        Assert.Equal(
            ["+12125550177", "+447700900123"],
            (await Read("{\"phoneNumber\":\"2125550177\",\"countryCode\":1}\n{\"mobile\":\"07700 900123\",\"country\":\"UK\"}\n",
                UploadFormats.Ndjson)).Select(row => Good(row).Number));

    [Fact]
    public async Task The_upload_says_how_its_columns_were_understood()
    {
        var reader = await LeadReader.OpenAsync(
            new MemoryStream(Encoding.UTF8.GetBytes("Name,Phone,Mobile No.,Country,phone_code,Mailing Country,Time Zone,Priority,ID,\n")),
            UploadFormats.Csv, India, new(), default);

        var columns = reader.Columns.ToDictionary(column => column.Name, column => column.Meaning);

        Assert.Equal("attribute", columns["Name"]);
        Assert.Equal("phone number", columns["Phone"]);
        Assert.StartsWith("phone number of a row with none in 'Phone'", columns["Mobile No."]);
        Assert.StartsWith("country of the phone number, where no other", columns["Country"]);
        Assert.StartsWith("country of the phone number; a row", columns["phone_code"]);
        Assert.StartsWith("country of an address", columns["Mailing Country"]);
        Assert.Equal(("time zone", "priority", "external id", "attribute"),
            (columns["Time Zone"], columns["Priority"], columns["ID"], columns["column_10"]));
    }
}
