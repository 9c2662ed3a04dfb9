using Microsoft.AspNetCore.Http;
using Outdial.Pacer.Leads.Import;
using static Outdial.Pacer.Tests.Leads.Import.Uploads;

namespace Outdial.Pacer.Tests.Leads.Import;

public class CompressedTests
{
    private static readonly string List = "phone\n" + string.Join('\n', Enumerable.Range(0, 5_000).Select(n => $"98765{n:00000}"));

    [Theory]
    [InlineData(1), InlineData(7), InlineData(100_000)]
    public async Task A_compressed_list_is_read_as_if_it_were_not_even_where_the_sender_compressed_it_again(int atOnce)
    {
        var once = Workbooks.Packed(List);

        Assert.Equal(5_000, (await ReadAll(new TricklingStream(once, atOnce))).Rows.OfType<GoodLead>().Count());
        Assert.Equal(5_000, (await ReadAll(new TricklingStream(Workbooks.Packed(once), atOnce))).Rows.OfType<GoodLead>().Count());
    }

    [Fact]
    public async Task One_that_was_compressed_three_times_is_read_by_nobody() =>
        await Assert.ThrowsAsync<UploadRefusedException>(() => Read(Workbooks.Packed(Workbooks.Packed(Workbooks.Packed("phone\n9876543210\n")))));

    [Fact]
    public async Task What_is_unpacked_to_more_than_it_may_be_is_not_read_on()
    {
        var bomb = Workbooks.Packed("phone,note\n9876543210,\n" + new string('\n', 5_000_000));
        Assert.True(bomb.Length < 20_000);

        var refusal = await Assert.ThrowsAsync<BadHttpRequestException>(() => Read(bomb, limits: new() { UnpackedBytes = 1_000_000 }));

        Assert.Equal(413, refusal.StatusCode);
    }

    [Fact]
    public async Task One_that_breaks_off_or_is_damaged_is_not_taken_for_a_shorter_one()
    {
        var whole = Workbooks.Packed(List);

        foreach (var length in new[] { 15, whole.Length / 2, whole.Length - 9, whole.Length - 4, whole.Length - 1 })
            await Assert.ThrowsAsync<UploadBrokenException>(() => Read(whole[..length]));
        for (var at = 20; at < whole.Length - 8; at += whole.Length / 50)
        {
            var damaged = whole.ToArray();
            damaged[at] ^= 0x55;
            var refusal = await Record.ExceptionAsync(() => Read(damaged));
            Assert.True(refusal is UploadBrokenException or UploadRefusedException, $"byte {at}: {refusal}");
        }
    }
}
