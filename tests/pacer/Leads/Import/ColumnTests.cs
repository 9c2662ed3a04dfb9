using System.Text;
using Outdial.Pacer.Leads.Import;
using static Outdial.Pacer.Tests.Leads.Import.Uploads;

namespace Outdial.Pacer.Tests.Leads.Import;

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
    [InlineData("phone_prefix", "44", "+919876543210")]
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
    [InlineData("country", "Narnia"), InlineData("phone_code", "999"), InlineData("Mailing Country", "Narnia")]
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
    [InlineData("Home Country/Region,Business Country/Region", "GB,GB", "020 7183 8750", "+442071838750")]
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
    public async Task A_delimiter_behind_some_rows_only_may_be_a_shifted_row_where_a_column_says_who_may_be_called(string lines, int shifted)
    {
        var careful = await Read("name,phone,do not call\n" + lines.Replace("Surat", "no").Replace("Pune", "no"));
        var plain = await Read("name,phone,city\n" + lines);

        Assert.Equal("3 columns as in the first line; found 4", Error(careful[shifted]).Expected);
        Assert.Equal("+919876543210", Good(careful[1 - shifted]).Number);
        Assert.Equal("""{"name":"Bina","city":"Pune"}""", Good(plain[shifted]).Attributes);
    }

    [Theory]
    [InlineData("Asha,9876543210"), InlineData("Asha,9876543210,"), InlineData("Asha,9876543210,,,,,"), InlineData("Asha,9876543210,,")]
    public async Task Empty_columns_at_the_end_may_be_more_or_fewer_in_each_row(string row) =>
        Assert.Equal("""{"name":"Asha"}""", Good(Assert.Single(await Read($"name,phone,,,\n{row}\n"))).Attributes);

    [Fact]
    public async Task A_column_too_many_with_something_in_it_is_a_shifted_row_whatever_the_columns_are() =>
        Assert.Equal("3 columns as in the first line; found 5", Error(Assert.Single(await Read("name,phone,city\nShah, Ravi,9876543210,Pune,\n"))).Expected);

    [Theory]
    [InlineData("Asha,9876543210,Surat,"), InlineData("Asha,9876543210,Surat,,,\nBina,9876543211,,,,\n")]
    public async Task The_first_row_with_a_delimiter_behind_it_is_kept_where_all_have_it(string lines) =>
        Assert.Equal((2, "+919876543210"), ((await Read("name,phone,city\n" + lines))[0].Row,
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

    [Theory]
    [InlineData("DoNotCall"), InlineData("Do Not Call"), InlineData("DNC"), InlineData("DND"), InlineData("Phone Opt Out"), InlineData("Opted out")]
    [InlineData("Unsubscribed from calls"), InlineData("HasOptedOutOfCall"), InlineData("do_not_call"), InlineData("DONOTCALL"), InlineData("donotcall")]
    [InlineData("Don't call"), InlineData("DoNotCall__c"), InlineData("Do not allow phone calls"), InlineData("DND Status"), InlineData("Opt-out date")]
    [InlineData("DoNotPhone"), InlineData("PHONEOPTOUT")]
    public async Task Whoever_is_not_to_be_called_by_a_column_of_the_list_is_not(string column)
    {
        var rows = await Read($"Phone,{column}\n9876543210,TRUE\n9876543211,\n9876543212,0\n9876543213,No\n9876543214,false\n9876543215,N\n"
            + "9876543216,-\n9876543217,2026-01-02\n");

        Assert.Equal((column, "TRUE"), (Error(rows[0]).Field, Error(rows[0]).Value));
        Assert.StartsWith("nothing, 0, no, false or n: whoever is not to be called", Error(rows[0]).Expected);
        Assert.All(rows.Skip(1).Take(6), row => Good(row));
        Assert.Equal((column, "2026-01-02"), (Error(rows[7]).Field, Error(rows[7]).Value));
    }

    [Theory]
    [InlineData("Email Opt Out"), InlineData("HasOptedOutOfEmail"), InlineData("Do not mail"), InlineData("WhatsApp opt out"), InlineData("Called")]
    [InlineData("Fax opt out"), InlineData("Do not call before")]
    public async Task What_is_not_to_be_written_to_somebody_keeps_nobody_from_a_call(string column) =>
        Assert.Equal($$"""{"{{column}}":"TRUE"}""", Good(Assert.Single(await Read($"Phone,{column}\n9876543210,TRUE\n"))).Attributes);

    [Theory]
    [InlineData("phone_prefix"), InlineData("Mobile Prefix"), InlineData("Tel Prefix"), InlineData("Phone ISD"), InlineData("phone_cc")]
    [InlineData("countrycode"), InlineData("COUNTRYCODE"), InlineData("phonecode"), InlineData("dialcode"), InlineData("isdcode"), InlineData("BILLINGCOUNTRYCODE")]
    [InlineData("Indicatif"), InlineData("Indicatif pays"), InlineData("Ländervorwahl"), InlineData("Landesvorwahl"), InlineData("Código de país")]
    [InlineData("Prefijo país"), InlineData("COUNTRYCALLINGCODE"), InlineData("Intl prefix")]
    public async Task A_calling_code_is_known_by_its_column_s_name_in_other_languages_and_glued(string column) =>
        Assert.Equal("+12125550177", Good(Assert.Single(await Read($"{column},phone\n1,(212) 555-0177\n"))).Number);

    [Theory]
    [InlineData("countryname"), InlineData("MAILINGCOUNTRY"), InlineData("Land"), InlineData("País"), InlineData("Pays"), InlineData("PAIS")]
    public async Task A_country_is_known_by_its_column_s_name_in_other_languages_and_glued(string column) =>
        Assert.Equal("+12125550177", Good(Assert.Single(await Read($"{column},phone\nUSA,(212) 555-0177\n"))).Number);

    [Theory]
    [InlineData("OTHERPHONE"), InlineData("WORKPHONE"), InlineData("BUSINESSPHONE"), InlineData("primarymobileno"), InlineData("customerphonenumber")]
    public async Task A_phone_column_is_known_by_its_words_though_they_are_glued(string name) =>
        Assert.Equal("+919876543210", Good(Assert.Single(await Read($"name,{name}\nAsha,9876543210\n"))).Number);

    [Fact]
    public async Task Of_glued_phone_columns_the_same_is_tried_first_as_of_parted_ones() =>
        Assert.Equal("+919876543210", Good(Assert.Single(await Read("OTHERPHONE,WORKPHONE,HOMEPHONE\n9811111111,9822222222,9876543210\n"))).Number);

    [Theory]
    [InlineData("phone,country,region", "3175550123,US,IN", "+13175550123")]              // Indiana
    [InlineData("phone,Mailing Country,Region", "(317) 555-0123,USA,IN", "+13175550123")]
    [InlineData("phone,region", "+1 317 555 0123,IN", "+13175550123")]                    // clear by itself
    [InlineData("phone,region", "9876543210,Gujarat", "+919876543210")]
    [InlineData("phone,Land", "9876543210,2 acres", "+919876543210")]
    [InlineData("phone,region", "(212) 555-0177,US", "+12125550177")]
    public async Task A_region_that_is_a_state_is_no_country(string columns, string cells, string number)
    {
        var read = Good(Assert.Single(await Read($"{columns}\n{cells}\n")));

        Assert.Equal(number, read.Number);
    }

    [Fact]
    public async Task A_state_that_may_be_the_country_of_a_number_makes_its_row_bad_with_both_readings()
    {
        var rows = await Read("phone,region\n9876543210,Gujarat\n020 7183 8750,GB\n+44 20 7183 8750,GB\n9876543211,IN\n");

        Assert.Equal(["+919876543210", "+442071838750", "+919876543211"], new[] { rows[0], rows[2], rows[3] }.Select(row => Good(row).Number));
        Assert.Contains("+912071838750 (IN) or +442071838750 (GB)", Error(rows[1]).Expected);
    }

    [Fact]
    public async Task A_column_that_speaks_of_countries_and_was_not_understood_is_in_the_upload_s_notice()
    {
        var reader = await LeadReader.Open(
            new MemoryStream(Encoding.UTF8.GetBytes("phone,Country of birth,Region,Name prefix\n9876543210,France,Gujarat,Dr\n")), UploadFormats.Csv, India, new(), default);
        await foreach (var _ in reader.Read())
        {
        }

        var result = new ImportResult
        {
            ImportId = default,
            CampaignId = default,
            State = "Completed",
            FileName = null,
            Format = "csv",
            Encoding = null,
            Rows = 1,
            Accepted = 1,
            Rejected = 0,
            Duplicates = 0,
            Failure = null,
            Errors = [],
            ErrorsUrl = "",
            Region = "IN",
            Columns = reader.Columns,
        };

        Assert.StartsWith("By their names the columns 'Country of birth', 'Region' may tell countries or calling codes; they were taken for attributes", result.Notice);
        Assert.Null((result with { Columns = [.. reader.Columns.Take(1)] }).Notice);
        Assert.Equal("The upload has the line that names the columns, and no row after it.", (result with { Columns = [], Rows = 0 }).Notice);
    }

    [Theory]
    [InlineData("Mailing Country,Mobile Phone", "USA,8123456789", "+918123456789 (IN) or +18123456789 (US)")]    // both valid, and a mobile here
    [InlineData("Mailing Country,Mobile Phone", "United Kingdom,07700 900123", "+917700900123 (IN) or +447700900123 (GB)")]    // possible there, valid here
    public async Task The_country_of_an_address_is_no_word_against_a_mobile_of_the_campaign_s_country(string columns, string cells, string both)
    {
        var error = Error(Assert.Single(await Read($"{columns}\n{cells}\n")));

        Assert.Equal("Mobile Phone", error.Field);
        Assert.Contains(both, error.Expected);
    }

    [Theory]
    [InlineData("Vorwahl", "DE", "030", "901820", "+4930901820"), InlineData("Area code", "US", "212", "555-0177", "+12125550177")]
    [InlineData("STD Code", "IN", "022", "23456789", "+912223456789"), InlineData("std_code", "IN", "22", "2345 6789", "+912223456789")]
    [InlineData("Area code", "IT", "06", "69812345", "+390669812345")]
    [InlineData("STD Code", "IN", "022", "9876543210", "+919876543210")]            // a whole number beside the code of another
    [InlineData("Area code", "US", "212", "(212) 555-0177", "+12125550177")]
    [InlineData("Area code", "US", "212", "+91 98765 43210", "+919876543210")]
    [InlineData("STD Code", "IN", "022", "079 2345 6789", "+917923456789")]
    [InlineData("Area code", "IN", "", "9876543210", "+919876543210"), InlineData("Area code", "IN", "n/a", "9876543210", "+919876543210")]
    public async Task An_area_code_is_put_before_the_number_that_has_none(
        string column, string region, string code, string number, string expected) =>
        Assert.Equal(expected, Good(Assert.Single(await Read($"{column},phone\n{code},{number}\n", defaults: India with { Region = region }))).Number);

    [Fact]
    public async Task An_area_code_that_makes_no_number_of_it_makes_the_row_bad()
    {
        var error = Error(Assert.Single(await Read("STD Code,phone\n022,654321\n")));

        Assert.Equal(("phone", "654321"), (error.Field, error.Value));
        Assert.StartsWith("the number with its area code: with that of the column 'STD Code'", error.Expected);
    }

    [Theory]
    [InlineData("036", "06 1 234 5678"), InlineData("040", "0664 1234567"), InlineData("044", "07700 900123")]
    public async Task A_calling_code_that_may_be_the_number_of_a_country_is_not_taken_for_one(string code, string number)
    {
        var error = Error(Assert.Single(await Read($"phone,country_code\n{number},{code}\n")));

        Assert.Equal(("country_code", code), (error.Field, error.Value));
        Assert.Contains($"{code} is also ISO 3166's number of a country: write +{code[1..]}", error.Expected);
    }

    [Fact]
    public async Task What_the_other_rows_say_tells_a_calling_code_from_the_number_of_a_country_and_Namibia_from_nothing()
    {
        Assert.Equal(["+919876543210", "+442071838750"],
            (await Read("phone,country_code\n9876543210,091\n020 7183 8750,044\n")).Select(row => Good(row).Number));
        Assert.Equal("+919876543210", Good((await Read("phone,country\n9876543210,NA\n9876543211,India\n"))[0]).Number);
        Assert.Equal("+264811234567", Good((await Read("phone,country\n081 123 4567,NA\n9876543211,IN\n"))[0]).Number);
    }

    [Fact]
    public async Task A_priority_in_words_is_an_attribute()
    {
        var rows = await Read("phone,Priority\n9876543210,Normal\n9876543211,High\n9876543212,\n");

        Assert.Equal((0, """{"Priority":"Normal"}"""), (Good(rows[0]).Priority, Good(rows[0]).Attributes));
        Assert.Equal("""{"Priority":"High"}""", Good(rows[1]).Attributes);
        Assert.Equal("priority", Error((await Read("phone,priority\n9876543210,5\n9876543211,High\n"))[1]).Field);
    }

    [Fact]
    public async Task Rows_that_were_looked_at_together_are_kept_where_the_upload_breaks_off()
    {
        var reader = await LeadReader.Open(
            new BrokenStream("phone,country\n9876543210,India\n9876543211,India\n"u8.ToArray()), UploadFormats.Csv, India, new(), default);
        List<ImportRow> rows = [];

        await Assert.ThrowsAsync<IOException>(async () =>
        {
            await foreach (var row in reader.Read())
                rows.Add(row);
        });

        Assert.Equal(["+919876543210", "+919876543211"], rows.Select(row => Good(row).Number));
    }

    private sealed class BrokenStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await base.ReadAsync(buffer, cancellationToken) is > 0 and var read ? read : throw new IOException("cut");
    }

    [Fact]
    public async Task The_upload_says_how_its_columns_were_understood()
    {
        var reader = await LeadReader.Open(
            new MemoryStream(Encoding.UTF8.GetBytes("Name,Phone,Mobile No.,Country,phone_code,Mailing Country,Time Zone,Priority,ID,,DNC,Area code\n")),
            UploadFormats.Csv, India, new(), default);

        var columns = reader.Columns.ToDictionary(column => column.Name, column => column.Meaning);

        Assert.Equal("attribute", columns["Name"]);
        Assert.Equal("phone number", columns["Phone"]);
        Assert.StartsWith("phone number of a row with none in 'Phone'", columns["Mobile No."]);
        Assert.StartsWith("country of the phone number, where no other", columns["Country"]);
        Assert.StartsWith("country of the phone number; a row", columns["phone_code"]);
        Assert.StartsWith("country of an address", columns["Mailing Country"]);
        Assert.StartsWith("not to be called: a row in which", columns["DNC"]);
        Assert.StartsWith("area code, put before", columns["Area code"]);
        Assert.Equal(("time zone", "priority", "external id", "attribute"),
            (columns["Time Zone"], columns["Priority"], columns["ID"], columns["column_10"]));
    }
}
