using System.Runtime.CompilerServices;
using Outdial.Pacer.Leads.Import;

namespace Outdial.Pacer.Tests.Leads.Import;

public class SampleTests
{
    [Fact]
    public async Task Each_of_the_thousand_sample_leads_is_good_and_another_person()
    {
        var (rows, encoding) = await Sample("leads-1000.csv");

        Assert.Equal("utf-8", encoding);
        Assert.Equal(1_000, rows.OfType<GoodLead>().Select(lead => lead.Number).Distinct().Count());
        Assert.Empty(rows.OfType<BadRow>());
        Assert.True(rows.OfType<GoodLead>().Select(lead => lead.Number[5..7]).Distinct().Count() >= 8);
    }

    [Fact]
    public async Task Of_the_awkward_sample_the_good_rows_are_kept_and_each_bad_one_says_why()
    {
        var (rows, encoding) = await Sample("leads-awkward.csv");

        Assert.Equal("windows-1252", encoding);
        Assert.Equal([2, 3, 4, 5, 6, 7, 24, 26, 27, 28, 29, 31, 33], rows.OfType<GoodLead>().Select(lead => lead.Row));
        Assert.Equal(
            [
                "8 phone", "9 phone", "10 phone", "11 phone", "12 phone", "13 phone", "14 phone", "16 priority", "17 timezone", "18 phone_country",
                "19 phone_country", "19 priority", "19 timezone", "20 row", "21 row", "22 row", "23 row", "30 phone", "32 row",
            ],
            rows.OfType<BadRow>().SelectMany(row => row.Errors).Select(error => $"{error.Row} {error.Field}"));
        Assert.Equal(["America/Boise, America/Los_Angeles", "America/Boise"], rows.OfType<GoodLead>().Where(lead => lead.Row is 28 or 29).Select(lead => lead.TimeZone));
        Assert.Contains("Zoë", rows.OfType<GoodLead>().Single(lead => lead.Row == 24).Attributes);
        Assert.Contains("Raman\\r\\nc/o", rows.OfType<GoodLead>().Single(lead => lead.Row == 4).Attributes);
    }

    [Fact]
    public async Task Of_an_address_book_s_export_each_number_is_read_where_its_owner_lives()
    {
        var (rows, _) = await Sample("leads-export.csv");

        Assert.Equal(
            [
                (2, "+916520420001", "Asia/Kolkata"), (4, "+12125550177", "America/New_York"),
                (5, "+64211234567", "Pacific/Auckland, Pacific/Chatham"), (6, "+6581234567", "Asia/Singapore"), (7, "+390212345678", "Europe/Rome"),
                (8, "+916520420002", "Asia/Kolkata"), (12, "+971501234567", "Asia/Dubai"), (13, "+914423456789", "Asia/Kolkata"),
            ],
            rows.OfType<GoodLead>().Select(lead => (lead.Row, lead.Number, lead.TimeZone)));
        Assert.Equal(["3 Mobile Phone", "9 Mobile Phone", "10 Mobile Phone", "11 Mailing Country"],
            rows.OfType<BadRow>().Select(row => $"{row.Row} {Assert.Single(row.Errors).Field}"));
    }

    private static async Task<(List<ImportRow> Rows, string? Encoding)> Sample(string name, [CallerFilePath] string here = "")
    {
        await using var file = File.OpenRead(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "..", "samples", name));
        return await Uploads.ReadAll(file);
    }
}
