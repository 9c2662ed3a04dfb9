using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Outdial.AgentRouter.Tests.Nodes;
using Outdial.Testing;

namespace Outdial.AgentRouter.Tests.Agents;

public sealed class AgentPagesTests
{
    [Fact]
    public async Task The_pages_of_a_list_by_name_hold_every_agent_once_in_order_although_the_last_of_a_page_is_renamed_meanwhile()
    {
        await using var node = await RouterNode.Start();
        string[] names = ["Asha", "Binod", "Binod", "Binod", "Chetan", "दिव्या", "Æsa & ~ +"];
        foreach (var (name, i) in names.Select((name, i) => (name, i)))
            await node.Post("agents", new { name, phone = $"07709562{700 + i}" });
        var all = await node.Http.Page("/api/v1/agents");
        var paged = new List<JsonElement>();

        var next = "/api/v1/agents?limit=2";
        while (next is not null)
        {
            var page = await node.Http.Page(next);
            Assert.InRange(page.Rows.Count, 1, 2);
            paged.AddRange(page.Rows);
            next = page.Next;
            if (paged.Count == 2)
                (await node.Http.PutAsJsonAsync($"/api/v1/agents/{page.Rows[1].GetProperty("id")}", new { name = "ઝ", phone = page.Rows[1].GetProperty("phone").GetString() }))
                    .EnsureSuccessStatusCode();
        }

        Assert.Null(all.Next);
        Assert.Equal(names.Length, all.Rows.Count);
        // The renamed one is where it went to, too: it was in both places while the pages were read.
        Assert.Equal([.. all.Rows.Select(Id), Id(paged[1])], paged.Select(Id));
    }

    [Fact]
    public async Task Open_sessions_and_the_audit_come_in_pages_too()
    {
        await using var node = await RouterNode.Start();
        for (var i = 0; i < 3; i++)
        {
            var agent = (await node.Post("agents", new { name = "Asha", phone = $"07709562{700 + i}" })).GetProperty("id").GetGuid();
            await node.Post($"agents/{agent}/sign-in", new { reach = "phone" });
        }

        foreach (var path in new[] { "sessions?limit=2", "sessions?limit=2&all=true" })
        {
            var first = await node.Http.Page("/api/v1/" + path);
            var rest = await node.Http.Page(first.Next!);
            Assert.Equal((2, 1, null), (first.Rows.Count, rest.Rows.Count, rest.Next));
            Assert.Equal(3, first.Rows.Concat(rest.Rows).Select(Id).Distinct().Count());
        }
    }

    [Fact]
    public async Task Every_list_of_the_router_is_the_same_row_by_row_and_at_once()
    {
        await using var node = await RouterNode.Start();
        var campaign = await node.ACampaign();
        await node.Offered(campaign, [node.ALead(1, 9), node.ALead(2), node.ALead(3, 5), node.ALead(4)]);
        var line = await node.ALine(campaign);
        await line.Ask();   // one lead is at hand, three wait
        foreach (var name in new[] { "desk", "office", "hall" })
            await node.Put($"trunks/{name}", new { sid = name, direction = "inbound", destinationUris = new[] { "sip.example.org:5061;transport=tls" } });
        foreach (var number in new[] { "+918040000001", "+918040000003", "+918040000002" })
            await node.Put($"dids/{number}", new { trunk = "desk", flow = "1" });
        await node.Post($"agents/{line.AgentId}/release", new { reason = "one" });

        foreach (var (path, least) in new[] { ($"campaigns/{campaign}/hopper/leads", 3), ("trunks", 3), ("dids", 3), ("agents", 1), ("sessions?all=true", 1), ("audit", 1) })
        {
            var (oneByOne, atOnce) = await node.Http.Walk("/api/v1/" + path);
            Assert.True(atOnce.Count >= least, $"{path}: {atOnce.Count}");
            Assert.Equal(atOnce, oneByOne);
        }
    }

    [Theory]
    [InlineData("agents?limit=0", "limit", "0")]
    [InlineData("agents?limit=1001", "limit", "1001")]
    [InlineData("agents?limit=many", "limit", "many")]
    [InlineData("agents?after=here", "after", "here")]
    [InlineData("agents?after=e30", "after", "e30")]             // {}
    [InlineData("agents?after=bnVsbA", "after", "bnVsbA")]       // null
    [InlineData("audit?after=x", "after", "x")]
    public async Task A_wrong_limit_or_place_is_refused_by_field(string path, string field, string value)
    {
        await using var node = await RouterNode.Start();

        using var answer = await node.Http.GetAsync("/api/v1/" + path);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var error = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors")[0];
        Assert.Equal((field, value), (error.GetProperty("field").GetString(), error.GetProperty("value").GetString()));
    }

    [Fact]
    public async Task Lists_that_are_too_long_are_refused_by_field()
    {
        await using var node = await RouterNode.Start();

        var agent = await node.Http.PostAsJsonAsync("/api/v1/agents", new { name = "Asha", phone = "07709562799", skills = Enumerable.Repeat("hindi", 101) });
        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/v1/trunks/office")
        {
            Content = JsonContent.Create(
                new { direction = "outbound", acl = Enumerable.Repeat("203.0.113.7/32", 101), destinationUris = new[] { "sip.example.org:5061;transport=tls" } }),
        };
        request.Headers.Add("X-Api-Key", RouterNode.AdminKey);
        using var admin = new HttpClient { BaseAddress = node.Provider.BaseAddress };
        var trunk = await admin.SendAsync(request);

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (agent.StatusCode, trunk.StatusCode));
        Assert.Contains("'skills' is '101 skills': expected at most 100 skills.", await agent.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("'acl' is '101 addresses': expected at most 100 addresses.", await trunk.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static string Id(JsonElement row) => row.GetProperty("id").GetString()!;
}
