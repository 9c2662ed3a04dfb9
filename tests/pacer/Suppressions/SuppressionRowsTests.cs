using System.Text;
using Outdial.Pacer.Leads.Import;
using Outdial.Pacer.Suppressions;
using Outdial.Pacer.Tests.Leads.Import;

namespace Outdial.Pacer.Tests.Suppressions;

public class SuppressionRowsTests
{
    private static async Task<(List<ImportRow> Rows, IReadOnlyList<ColumnMeaning> Columns)> Read(string text, string? region = "IN", byte[]? bytes = null)
    {
        var judge = new SuppressionRows(region, "all", "asked for");
        await using var reader = await LeadReader.Open(
            new MemoryStream(bytes ?? Encoding.UTF8.GetBytes(text)), UploadFormats.Any, judge, new(), CancellationToken.None);
        List<ImportRow> rows = [];
        await foreach (var row in reader.Read())
            rows.Add(row);
        return (rows, judge.Columns);
    }

    private static string Shown(ImportRow row) => row switch
    {
        SuppressedRow good => $"{row.Row} {string.Join('+', good.Numbers)} {good.Scope} {good.Reason}"
            + string.Concat(good.Errors.Select(error => $"; {error.Field} {error.Value}")),
        BadRow bad => $"{row.Row} {string.Concat(bad.Errors.Select(error => $"bad {error.Field} {error.Value}; "))}",
        _ => "",
    };

    [Theory]
    [InlineData("phone,mobile\n079 2345 6789,9876543210", "2 +917923456789++919876543210 all asked for")]
    [InlineData("phone,mobile\n079 2345 6789,12", "2 +917923456789 all asked for; mobile 12")]          // what can be read holds all the same
    [InlineData("phone\n12", "2 bad phone 12; ")]
    [InlineData("phone,name\n,Asha", "2 bad phone ; ")]
    [InlineData("phone\n1800 123 456", "2 +911800123456 all asked for")]                                // nobody calls it, and it may be meant
    [InlineData("phone,region\n07700 900123,GB", "2 +447700900123 all asked for")]
    [InlineData("phone,country\n+447700900123,India", "2 +447700900123 all asked for")]
    [InlineData("phone,country code\n07700 900123,Narnia", "2 bad country code Narnia; ")]
    [InlineData("phone,scope,reason\n9876543210,promotional,by mail", "2 +919876543210 promotional by mail")]
    [InlineData("phone,scope\n9876543210,everything", "2 bad scope everything; ")]
    [InlineData("phone,dnc\n9876543210,yes", "2 +919876543210 all asked for")]
    [InlineData("phone,dnc\n9876543210,No", "2 bad dnc No; ")]
    [InlineData("phone,std code\n23456789,79", "2 +917923456789 all asked for")]
    [InlineData("phone\n\n=\"09876543210\"", "3 +919876543210 all asked for")]
    [InlineData("phone\n9.87654E+09", "2 bad phone 9.87654E+09; ")]
    [InlineData("id,number,scope,reason,source,createdAt,createdBy\nx,+919876543210,service,pressed 9,digits,2026,me", "2 +919876543210 service pressed 9")]
    [InlineData("{\"phone\":9876543210,\"scope\":\"service\"}", "1 +919876543210 service asked for")]
    public async Task A_row_tells_everybody_that_it_means_and_what_of_it_cannot_be_read(string text, string shown) =>
        Assert.Equal(shown, Shown(Assert.Single((await Read(text)).Rows)));

    [Fact]
    public async Task A_number_without_its_country_s_code_is_read_where_something_says_in_which_country_it_is_and_nowhere_else()
    {
        var (rows, _) = await Read("phone,country\n9876543210,\n+919876543210,\n9876543211,India\n", region: null);

        Assert.Equal(["2 bad phone 9876543210; ", "3 +919876543210 all asked for", "4 +919876543211 all asked for"], rows.Select(Shown));
        Assert.Contains("as ?region= of the upload", Assert.IsType<BadRow>(rows[0]).Errors.Single().Expected);
    }

    [Fact]
    public async Task The_columns_are_explained_as_they_are_understood_here()
    {
        var (rows, columns) = await Read("", bytes: Workbooks.Of(["Name", "Phone", "Scope", "DND"], ["Asha", 9876543210d, "service", true]));

        Assert.Equal("2 +919876543210 service asked for", Shown(Assert.Single(rows)));
        Assert.Equal(
            [
                "Name: not used", "Phone: phone number; all of a row are meant", "Scope: scope: all, or one purpose",
                "DND: not to be called: a row in which it says 0, no, false or n is refused",
            ],
            columns.Select(column => $"{column.Name}: {column.Meaning}"));
    }
}
