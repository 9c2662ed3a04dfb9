using System.Net;
using System.Text.Json;
using Outdial.AgentRouter.Tests.Nodes;
using Outdial.AgentRouter.Trunks;

namespace Outdial.AgentRouter.Tests.Trunks;

public sealed class TrunkTests
{
    private const string Good = "sip.example.org:5061;transport=tls";

    [Theory]
    [InlineData("desk_1", "sid", "outbound", "203.0.113.7/32", Good, null)]
    [InlineData("desk_1", "sid", "inbound", "", Good, null)]
    [InlineData("desk_1", "sid", "bidirectional", "203.0.113.7", "203.0.113.7:443;transport=tcp", null)]
    [InlineData("desk_1", "sid", "inbound", "203.0.113.0/24", "203.0.113.77:5070;transport=tcp", null)]
    [InlineData("desk_1", "sid", "outbound", "203.0.113.7/32", "", "destinationUris: at least one address")]
    [InlineData("desk_1", "sid", "inbound", "", "", "destinationUris: at least one address")]
    [InlineData("desk_1", "sid", "outbound", "", Good, "acl: the addresses that your SIP system sends from")]
    [InlineData("desk_1", "sid", "bidirectional", "", Good, "acl: the addresses that your SIP system sends from")]
    [InlineData("desk_1", null, "inbound", "", Good, "sid: the provider's id of the trunk")]
    [InlineData("desk_1", "sid", "inbound", "", "203.0.113.7:5061;transport=tls", "destinationUris: an address that is in the ACL: add 203.0.113.7/32")]
    [InlineData("desk_1", "sid", "outbound", "198.51.100.0/24", "203.0.113.7:5061;transport=tls", "destinationUris: an address that is in the ACL")]
    [InlineData("desk_1", "sid", "inbound", "", "sip.example.org", "destinationUris: <ip_or_fqdn>:<port>")]
    [InlineData("desk_1", "sid", "inbound", "", "sip.example.org:5061;transport=udp", "destinationUris: <ip_or_fqdn>:<port>")]
    [InlineData("desk_1", "sid", "inbound", "", "sip.example.org:70000;transport=tls", "destinationUris: <ip_or_fqdn>:<port>")]
    [InlineData("desk_1", "sid", "inbound", "", "999.0.0.1:5061;transport=tls", "destinationUris: <ip_or_fqdn>:<port>")]
    [InlineData("desk_1", "sid", "inbound", "", Good + "\n", "destinationUris: <ip_or_fqdn>:<port>")]
    [InlineData("desk_1", "sid", "inbound", "", "sip.example.org:٥٠٦١;transport=tls", "destinationUris: <ip_or_fqdn>:<port>")]
    [InlineData("desk_1", "sid", "inbound", "", "sips:user:word@sip.example.org:5061;transport=tls", "destinationUris: <ip_or_fqdn>:<port>")]
    [InlineData("desk_1", "sid", "inbound", "", "0x7f.0.0.1:5061;transport=tls", "destinationUris: <ip_or_fqdn>:<port>")]
    [InlineData("desk_1", "sid", "inbound", "", "2130706433:5061;transport=tls", "destinationUris: <ip_or_fqdn>:<port>")]
    [InlineData("desk_1", "sid", "inbound", "", "0177.0.0.1:5061;transport=tls", "destinationUris: <ip_or_fqdn>:<port>")]
    [InlineData("desk_1", "sid", "inbound", "", "[::1]:5061;transport=tls", "destinationUris: <ip_or_fqdn>:<port>")]
    [InlineData("desk_1", "sid", "outbound", "010.0.0.1/32", Good, "acl: an IPv4 address")]
    [InlineData("desk_1\n", "sid", "inbound", "", Good, "name: 1 to 16 letters")]
    [InlineData("desk_1", "sid", "outbound", "203.0.113.7/33", Good, "acl: an IPv4 address")]
    [InlineData("desk_1", "sid", "outbound", "everywhere", Good, "acl: an IPv4 address")]
    [InlineData("desk_1", "sid", "sideways", "", Good, "direction: one of")]
    [InlineData("desk-1", "sid", "inbound", "", Good, "name: 1 to 16 letters")]
    [InlineData("a_name_of_seventeen", "sid", "inbound", "", Good, "name: 1 to 16 letters")]
    public void A_trunk_is_refused_with_the_sentence_that_says_what_to_change(
        string name, string? sid, string direction, string acl, string destinations, string? refusal)
    {
        var wrong = TrunkRequest.Check(name, sid, direction, List(acl), List(destinations)).Select(problem => $"{problem.Field}: {problem.Expected}").ToList();

        if (refusal is null)
            Assert.Empty(wrong);
        else
            Assert.Contains(refusal, Assert.Single(wrong));
    }

    [Theory]
    [InlineData("inbound", "pstn", "connect", "383431", null)]
    [InlineData("bidirectional", "pstn", "connect", "383431", null)]
    [InlineData("bidirectional", "pstn", "none", null, null)]
    [InlineData("outbound", "pstn", "none", null, null)]
    [InlineData(null, "pstn", "connect", "383431", null)]
    [InlineData("inbound", "flow", "voicebot", "383431", null)]
    [InlineData("inbound", "flow", "applets", "383431", null)]
    [InlineData("inbound", "pstn", "connect", null, "flow: the provider's flow that takes the calls: a flow is mandatory for inbound")]
    [InlineData(null, "pstn", "connect", " ", "flow: the provider's flow that takes the calls")]
    [InlineData("inbound", "pstn", "voicebot", "383431", "mode: flow: a voicebot runs only in mode flow")]
    [InlineData("inbound", "pstn", "applets", "383431", "mode: flow: any applet but Connect")]
    [InlineData("outbound", "pstn", "connect", "383431", "applet: none: trunk 'desk' is outbound")]
    [InlineData("outbound", "flow", "none", null, "mode: pstn: trunk 'desk' is outbound")]
    [InlineData("inbound", "pstn", "none", null, "applet: connect, voicebot or applets")]
    public void A_number_is_refused_with_the_sentence_that_says_what_to_change(
        string? direction, string mode, string applet, string? flow, string? refusal)
    {
        var trunk = direction is null ? null
            : new Trunk { Name = "desk", Account = "default", Direction = direction, Acl = [], DestinationUris = [], ChangedBy = "" };

        var wrong = DidRequest.Check(trunk, mode, applet, flow).Select(problem => $"{problem.Field}: {problem.Expected}").ToList();

        if (refusal is null)
            Assert.Empty(wrong);
        else
            Assert.Contains(refusal, Assert.Single(wrong));
    }

    [Theory]
    [InlineData("acl", "10.1.2.3/32", Good)]
    [InlineData("acl", "172.0.0.0/8", Good)]   // has a private network in it
    [InlineData("acl", "169.254.169.254", Good)]
    [InlineData("destinationUris", "", "localhost.localdomain:5061;transport=tls")]
    [InlineData("destinationUris", "", "pbx.office.internal:5061;transport=tls")]
    [InlineData("destinationUris", "", "127.0.0.1:5061;transport=tls")]
    [InlineData("destinationUris", "", "100.64.0.9:5061;transport=tls")]
    public void A_trunk_to_where_the_provider_cannot_get_is_refused(string field, string acl, string destinations)
    {
        var wrong = TrunkRequest.PrivateAddresses(List(acl), List(destinations)).ToList();

        Assert.Equal(field, Assert.Single(wrong).Field);
        Assert.Contains("Router:AllowPrivateDestinations = true allows it", wrong[0].Expected);
        Assert.Empty(TrunkRequest.PrivateAddresses(["203.0.113.0/24"], [Good, "203.0.113.77:5070;transport=tcp"]));
    }

    [Fact]
    public async Task Private_addresses_are_refused_over_the_api_unless_they_are_allowed()
    {
        await using var strict = await RouterNode.Start(listens: false);
        await using var lenient = await RouterNode.Start(listens: false, settings: new Dictionary<string, string?> { ["Router:AllowPrivateDestinations"] = "true" });
        var trunk = new { sid = "tr1", direction = "bidirectional", acl = new[] { "10.0.0.5/32" }, destinationUris = new[] { "10.0.0.5:5061;transport=tls" } };
        var number = new { flow = "http://127.0.0.1/start_voice/1" };

        (HttpStatusCode Status, string Body)[] refused = [await strict.Put("trunks/desk", trunk), await strict.Put($"dids/{PhoneFloor.Did}", number)];
        (HttpStatusCode Status, string Body)[] kept = [await lenient.Put("trunks/desk", trunk), await lenient.Put($"dids/{PhoneFloor.Did}", number)];

        Assert.All(refused, answer => Assert.Equal(HttpStatusCode.BadRequest, answer.Status));
        Assert.Contains("\"field\":\"acl\"", refused[0].Body);
        Assert.Contains("\"field\":\"destinationUris\"", refused[0].Body);
        Assert.Contains("\"field\":\"flow\"", refused[1].Body);
        Assert.All(kept, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
    }

    [Theory]
    [InlineData("CallbackBaseAddress", "http://192.168.0.7/")]
    [InlineData("AgentFlow", "ftp://flows.example.org/1")]
    public async Task An_account_whose_addresses_cannot_be_meant_stops_the_start(string setting, string value)
    {
        var refusal = await Assert.ThrowsAnyAsync<Exception>(() => RouterNode.Start(
            listens: false, settings: new Dictionary<string, string?> { [$"Accounts:default:{setting}"] = value }));

        Assert.Contains($"Accounts:default:{setting} is", refusal.ToString());
    }

    [Fact]
    public async Task Trunks_and_numbers_are_kept_and_refused_over_the_api()
    {
        await using var node = await RouterNode.Start(listens: false);
        var trunk = new { sid = "tr1", direction = "bidirectional", acl = new[] { "203.0.113.7/32" }, destinationUris = new[] { Good } };

        var none = await node.Put($"dids/{PhoneFloor.Did}", new { trunk = "desk", flow = "1" });
        var made = await node.Put("trunks/desk", trunk);
        var lonely = JsonDocument.Parse(made.Body).RootElement.GetProperty("problems")[0].GetString();
        var mapped = await node.Put($"dids/{PhoneFloor.Did}", new { trunk = "desk", flow = "1" });
        var broken = await node.Put("trunks/desk", new { trunk.sid, direction = "outbound", trunk.acl, trunk.destinationUris });
        using var asSupervisor = new HttpRequestMessage(HttpMethod.Delete, "/api/v1/trunks/desk");
        var forbidden = await node.Http.SendAsync(asSupervisor);

        Assert.Equal(
            [HttpStatusCode.BadRequest, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.Conflict, HttpStatusCode.Forbidden],
            [none.Status, made.Status, mapped.Status, broken.Status, forbidden.StatusCode]);
        Assert.Contains("make it first with PUT /api/v1/trunks", none.Body);
        Assert.Contains("no caller ID", lonely);
        Assert.Contains("Change the number first", broken.Body);
    }

    private static string[] List(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
