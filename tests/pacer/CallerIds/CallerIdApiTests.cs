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

    [Fact]
    public async Task A_page_goes_on_behind_a_number_whose_plus_arrived_as_a_blank()
    {
        await using var node = await PacerNode.Start();
        await node.Http.PutAsJsonAsync("/api/v1/caller-ids", new object[] { new { number = "+917940000001" }, new { number = "+918040000002" } });

        var page = await node.Http.GetFromJsonAsync<JsonElement>("/api/v1/caller-ids?after=+917940000001");

        Assert.Equal(["+918040000002"], page.EnumerateArray().Select(id => id.GetProperty("number").GetString()));
    }
}
