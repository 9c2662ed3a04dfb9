using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Outdial.AgentRouter.Calls;
using Outdial.AgentRouter.Tests.Nodes;
using Outdial.AgentRouter.Trunks;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.AgentRouter.Tests.Numbers;

/// <summary>A national number at each of the router's doors.</summary>
public sealed class NumberDoorTests
{
    private const string British = "07700 900123", InBritain = "+447700900123", InIndia = "+917700900123";

    private static readonly (string Key, string? Value)[] OfBritain =
    [
        ("Accounts:uk:Provider", "exotel"), ("Accounts:uk:AgentFlow", "1"), ("Accounts:uk:CallbackBaseAddress", "https://outdial.example/"),
        ("Accounts:uk:Region", "GB"),
    ];

    private static Task<RouterNode> ANode(params (string Key, string? Value)[] settings) =>
        RouterNode.Start(settings: settings.Concat(OfBritain).ToDictionary(setting => setting.Key, setting => setting.Value));

    private static HttpClient Admin(RouterNode node)
    {
        var client = new HttpClient { BaseAddress = node.Http.BaseAddress };
        client.DefaultRequestHeaders.Add("X-Api-Key", RouterNode.AdminKey);
        return client;
    }

    [Fact]
    public async Task An_agent_s_phone_is_read_in_the_country_of_her_account()
    {
        await using var node = await ANode(("Accounts:default:TimeZone", "Asia/Kolkata"));

        var asha = await node.Post("agents", new { name = "Asha", phone = British });
        var ada = await node.Post("agents", new { name = "Ada", phone = British, account = "uk" });

        Assert.Equal((InIndia, InBritain), (asha.GetProperty("phone").GetString(), ada.GetProperty("phone").GetString()));
    }

    [Fact]
    public async Task A_phone_that_two_countries_in_use_could_have_is_refused_with_both_readings()
    {
        await using var node = await ANode();

        using var refused = await node.Http.PostAsJsonAsync("/api/v1/agents", new { name = "Asha", phone = British });
        var body = await refused.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("with + and the code of its country", body.Replace("\\u002B", "+", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains(InIndia[1..], body, StringComparison.Ordinal);
        Assert.Contains(InBritain[1..], body, StringComparison.Ordinal);
        Assert.Equal(InBritain, (await node.Post("agents", new { name = "Asha", phone = "0044 7700 900123" })).GetProperty("phone").GetString());
    }

    [Fact]
    public async Task A_phone_is_not_read_in_the_provider_s_country_where_a_campaign_of_another_is_known()
    {
        await using var node = await RouterNode.Start();
        using var admin = Admin(node);
        await node.ACampaign(told => told with { TimeZone = "Europe/London" });

        using var agent = await node.Http.PostAsJsonAsync("/api/v1/agents", new { name = "Ada", phone = British });
        using var did = await admin.PutAsJsonAsync("/api/v1/dids/07700%20900123", new { flow = "1" });
        using var fallback = await admin.PutAsJsonAsync("/api/v1/dids/+918047851000", new { flow = "1", fallbackNumber = British });
        using var explained = await node.Http.GetAsync("/api/v1/inbound/explain?from=07700%20900123&to=+918047851000");

        foreach (var answer in new[] { agent, did, fallback, explained })
        {
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Contains("with + and the code of its country", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        Assert.Equal(InBritain, (await node.Post("agents", new { name = "Ada", phone = "+44 7700 900123" })).GetProperty("phone").GetString());
    }

    [Fact]
    public async Task The_default_region_decides_where_the_account_has_no_country()
    {
        await using var node = await ANode(("Numbers:DefaultRegion", "NZ"));

        Assert.Equal("+64211234567", (await node.Post("agents", new { name = "Aroha", phone = "021 123 4567" })).GetProperty("phone").GetString());
    }

    [Fact]
    public async Task A_number_of_ours_and_its_fallback_are_read_in_the_country_of_their_account_and_found_again_as_they_were_written()
    {
        await using var node = await ANode(("Accounts:default:Region", "IN"));
        using var admin = Admin(node);
        var did = new { account = "uk", flow = "1", fallbackNumber = British };

        using var put = await admin.PutAsJsonAsync("/api/v1/dids/020%207946%200018", did);
        var view = JsonDocument.Parse(await put.Content.ReadAsStringAsync()).RootElement;
        const string Question = "/api/v1/inbound/explain?from=07700%20900123&to=020%207946%200018";
        var explained = JsonDocument.Parse(await node.Http.GetStringAsync(Question)).RootElement;
        using var other = await admin.PutAsJsonAsync("/api/v1/dids/020%207946%200018", new { account = "default", flow = "1" });
        var both = await node.Http.GetAsync(Question);
        var refused = await admin.DeleteAsync("/api/v1/dids/020%207946%200018");
        var removed = await admin.DeleteAsync("/api/v1/dids/+912079460018");
        var last = await admin.DeleteAsync("/api/v1/dids/020%207946%200018");

        Assert.Equal(("+442079460018", InBritain), (view.GetProperty("number").GetString(), view.GetProperty("fallbackNumber").GetString()));
        Assert.Equal((InBritain, "+442079460018"), (explained.GetProperty("from").GetString(), explained.GetProperty("to").GetString()));
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (both.StatusCode, refused.StatusCode));
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NoContent), (removed.StatusCode, last.StatusCode));
        Assert.Equal(0, await node.Ask(db => db.Set<Did>().CountAsync()));
    }

    [Theory]
    [InlineData("uk", "07700900123", InBritain), InlineData("default", "07700900123", InIndia), InlineData("uk", "+919825012345", "+919825012345")]
    [InlineData("uk", "98250XXXXX", null)]
    public async Task What_a_provider_sends_is_read_in_the_country_of_the_account(string account, string sent, string? read)
    {
        await using var node = await ANode(("Accounts:default:TimeZone", "Asia/Kolkata"));
        var http = new DefaultHttpContext();
        var number = Uri.EscapeDataString(sent);
        http.Request.QueryString = new($"?CallSid=a&CallFrom={number}&CallTo={number}&DialWhomNumber={number}");
        var doors = node.Services.GetRequiredService<NumberDoors>();

        var request = DialWhomQuery.Read(http.Request, account, null, doors.Home(account), node.Services.GetRequiredService<CallbackEchoes>(),
            RouterNode.Noon);

        Assert.Equal((read, read, read), (request.From, request.To, request.LastDialed));
    }

    [Fact]
    public async Task A_plus_that_nobody_escaped_in_a_query_is_a_plus()
    {
        await using var node = await ANode(("Accounts:default:Region", "GB"));

        var explained = JsonDocument.Parse(await node.Http.GetStringAsync("/api/v1/inbound/explain?from=+919825012345&to=+918047851000")).RootElement;

        Assert.Equal(("+919825012345", "+918047851000"), (explained.GetProperty("from").GetString(), explained.GetProperty("to").GetString()));
    }
}
