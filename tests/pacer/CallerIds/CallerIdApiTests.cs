using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Outdial.Pacer.Tests.Nodes;

namespace Outdial.Pacer.Tests.CallerIds;

public sealed class CallerIdApiTests
{
    [Fact]
    public async Task Of_several_numbers_none_is_kept_when_one_is_refused()
    {
        await using var node = await PacerNode.Start();

        var bad = await node.Http.PutAsJsonAsync("/api/v1/caller-ids", new object[] { new { number = "+917940000001" }, new { number = "12" } });
        var twice = await node.Http.PutAsJsonAsync("/api/v1/caller-ids",
            new object[] { new { number = "+917940000001", note = "one" }, new { number = "+91 79400 00001", note = "other" } });
        var kept = await node.Ask(db => db.CallerIds.CountAsync());
        var good = await node.Http.PutAsJsonAsync("/api/v1/caller-ids", new object[] { new { number = "+917940000001" }, new { number = "+918040000002" } });

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest, 0), (bad.StatusCode, twice.StatusCode, kept));
        Assert.Contains("expected each number once", await twice.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("""{"saved":2,"numbers":["+917940000001","+918040000002"]}""", await good.Content.ReadAsStringAsync());
        Assert.Equal(2, await node.Ask(db => db.CallerIds.CountAsync()));
    }

    [Theory]
    [InlineData("""[{"number":"+917940000001","circle":"ZZ"}]""", "'[0].circle' is 'ZZ': expected one of the circles AP, AS, BR,")]
    [InlineData("""[{"number":"+917940000001","purposes":[]}]""", "'[0].purposes' is '[]': expected at least one of ")]
    [InlineData("[]", "'body' is '0 numbers': expected 1 to 1000 numbers at once.")]
    [InlineData("""[{"number":"+917940000001","circl":"GJ","enabled":1}]""", "'[0].enabled' is '1': expected true or false.")]
    public async Task What_no_call_could_show_is_refused(string json, string detail)
    {
        await using var node = await PacerNode.Start();

        using var answer = await node.Http.PutAsync("/api/v1/caller-ids", new StringContent(json, System.Text.Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(detail, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, await node.Ask(db => db.CallerIds.CountAsync()));
    }

    [Fact]
    public async Task A_circle_is_taken_in_any_case_and_abroad_any_is_and_what_is_not_there_is_named()
    {
        await using var node = await PacerNode.Start();

        using var good = await node.Http.PutAsJsonAsync(
            "/api/v1/caller-ids", new object[] { new { number = "+917940000001", circle = "gj" }, new { number = "+442079460000", circle = "London" } });
        using var gone = await node.Http.DeleteAsync("/api/v1/caller-ids/abc");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound), (good.StatusCode, gone.StatusCode));
        Assert.Equal("There is no caller ID abc.", (await gone.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString());
        Assert.Equal(["LONDON", "GJ"], await node.Ask(db => db.CallerIds.OrderBy(id => id.Number).Select(id => id.Circle).ToListAsync()));
    }

    [Fact]
    public async Task A_page_goes_on_behind_a_number_whose_plus_arrived_as_a_blank()
    {
        await using var node = await PacerNode.Start();
        await node.Http.PutAsJsonAsync("/api/v1/caller-ids", new object[] { new { number = "+917940000001" }, new { number = "+918040000002" } });

        var page = await node.Http.GetFromJsonAsync<JsonElement>("/api/v1/caller-ids?after=+917940000001");

        Assert.Equal(["+918040000002"], page.EnumerateArray().Select(id => id.GetProperty("number").GetString()));
    }
}
