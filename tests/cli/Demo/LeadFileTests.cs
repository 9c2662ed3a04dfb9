using System.Text;
using Outdial.Cli.Api;
using Outdial.Cli.Demo;
using Outdial.Cli.Processes;
using Outdial.Cli.Views;

namespace Outdial.Cli.Tests.Demo;

public class LeadFileTests
{
    [Theory]
    [InlineData("", "is empty")]
    [InlineData("phone,name", "has a header alone, or one line")]
    [InlineData("phone,name\r\n\r\n", "has a header alone, or one line")]
    [InlineData("phone,name\nsoon,Asha", "has no telephone number in its only row")]
    [InlineData("PK\u0003\u0004...", null)]
    [InlineData("phone\n9825\0012345", "is no text")]
    [InlineData("phone\n9825012345", null)]
    [InlineData("phone\r98250 12345", null)]
    public void What_cannot_be_a_list_of_leads_is_told_at_first_sight(string content, string? expected)
    {
        var wrong = LeadFile.Wrong(Encoding.UTF8.GetBytes(content), content.Length);

        if (expected is null)
            Assert.Null(wrong);
        else
            Assert.StartsWith(expected, wrong, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_of_two_bytes_a_letter_is_read_as_one() =>
        Assert.Null(LeadFile.Wrong([.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("phone\n9825012345\n")], 100));

    [Theory]
    [InlineData(0xD0, 0xCF, 0x11, 0xE0)]   // a workbook of before 2007
    [InlineData(0x1F, 0x8B, 0x08, 0x00)]   // gzip
    public void What_the_upload_unpacks_is_left_to_it(params int[] head) => Assert.Null(LeadFile.Wrong([.. head.Select(value => (byte)value)], 100));

    [Fact]
    public void A_folder_and_a_file_that_there_is_not_are_told_apart()
    {
        Assert.EndsWith("is a folder; expected a list of leads.", Assert.Throws<CommandFailure>(
            () => LeadFile.Checked(new FileInfo(Path.GetTempPath()))).Message, StringComparison.Ordinal);
        Assert.StartsWith("There is no file", Assert.Throws<CommandFailure>(
            () => LeadFile.Checked(new FileInfo("no-such-list.csv"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bad_row_is_told_in_words() => Assert.Equal(
        "row 3: 'phone' is 'soon', expected a telephone number; row 4: 'phone' is missing, expected one",
        string.Join("; ", new RowError[] { new(3, "phone", "soon", "a telephone number."), new(4, "phone", null, "one") }.Select(ImportView.Sentence)));
}
