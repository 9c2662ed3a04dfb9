using System.Net;
using System.Text;
using Outdial.Gateway.Tests.Nodes;
using Outdial.Platform;

namespace Outdial.Gateway.Tests.Forwarding;

public sealed class ProviderDoorTests
{
    private static readonly (string, string)[] Protected =
    [
        ("Accounts:basic:Webhooks:BasicUser", "exotel"), ("Accounts:basic:Webhooks:BasicPassword", "päss:word"),
        ("Accounts:near:Webhooks:SourceRanges:0", "127.0.0.0/8"), ("Accounts:far:Webhooks:SourceRanges:0", "203.0.113.0/24"),
    ];

    [Fact]
    public async Task A_request_without_a_good_token_does_not_reach_a_service()
    {
        await using var fakes = new Fakes();
        var (ingress, router) = (await fakes.Add("ingress"), await fakes.Add("agent-router"));
        await using var gateway = await GatewayNode.Start(fakes.Settings());
        var good = gateway.DialWhom().Split('/', '?')[3];

        Assert.Equal(HttpStatusCode.Unauthorized, (await gateway.Problem(HttpMethod.Post, "/webhooks/exotel/guess/status")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await gateway.Problem(HttpMethod.Get, $"/dialwhom/exotel/{good[1..]}")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await gateway.Problem(HttpMethod.Post, gateway.Webhook(validFor: TimeSpan.FromSeconds(-5)))).Status);
        Assert.Empty(ingress.Received);
        Assert.Empty(router.Received);
    }

    [Fact]
    public async Task A_token_opens_addresses_of_its_own_purpose_and_leads_to_no_service_from_any_other()
    {
        await using var fakes = new Fakes();
        var (ingress, router) = (await fakes.Add("ingress"), await fakes.Add("agent-router"));
        await using var gateway = await GatewayNode.Start(fakes.Settings());

        foreach (var purpose in Enum.GetValues<CallbackPurpose>())
        {
            var token = gateway.Token(purpose);
            foreach (var kind in new[] { "status", "events", "line", "passthru", "popup", "dialed", "heartbeat", "weather", "Status" })
                await Asked($"/webhooks/exotel/{token}/{kind}", CallbackPurposes.OfWebhook(kind).Contains(purpose));
            await Asked($"/dialwhom/exotel/{token}?CallSid=c", purpose == CallbackPurpose.DialWhom);
            await Asked($"/dialwhom/exotel/{token}/stay?CallSid=c", purpose == CallbackPurpose.Stay);
            await Asked($"/dialwhom/exotel/{token}/STAY?CallSid=c", purpose == CallbackPurpose.Stay);
            await Asked($"/dialwhom/exotel/{token}/stay/more?CallSid=c", purpose == CallbackPurpose.DialWhom);   // leads to no endpoint of the router
        }

        async Task Asked(string path, bool opens)
        {
            var before = ingress.Received.Count + router.Received.Count;
            using var answer = await gateway.Get(path, null);
            Assert.Equal((path, opens ? HttpStatusCode.OK : HttpStatusCode.Forbidden), (path, answer.StatusCode));
            Assert.Equal((path, opens ? before + 1 : before), (path, ingress.Received.Count + router.Received.Count));
        }
    }

    [Theory]
    [InlineData("default", null, HttpStatusCode.OK)]
    [InlineData("basic", null, HttpStatusCode.Unauthorized)]
    [InlineData("basic", "exotel:wrong", HttpStatusCode.Unauthorized)]
    [InlineData("basic", "exotel:päss:word", HttpStatusCode.OK)]
    [InlineData("near", null, HttpStatusCode.OK)]
    [InlineData("far", null, HttpStatusCode.Forbidden)]
    public async Task An_account_may_ask_for_more_than_the_token(string account, string? credentials, HttpStatusCode expected)
    {
        await using var fakes = new Fakes();
        await fakes.Add("ingress");
        await fakes.Add("agent-router");
        await using var gateway = await GatewayNode.Start(fakes.Settings(Protected));
        (string, string)[] headers = credentials is null ? [] : [("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)))];

        using var webhook = await gateway.Send(HttpMethod.Post, gateway.Webhook(account: account), null, new StringContent("a=b"), headers);
        using var dialWhom = await gateway.Get(gateway.DialWhom(account: account), null, headers);

        Assert.Equal((expected, expected), (webhook.StatusCode, dialWhom.StatusCode));
    }

    [Fact]
    public async Task A_range_holds_for_the_address_behind_a_trusted_proxy()
    {
        await using var fakes = new Fakes();
        await fakes.Add("ingress");
        await using var gateway = await GatewayNode.Start(fakes.Settings([.. Protected, ("Gateway:TrustedProxies:0", "127.0.0.0/8")]));

        using var near = await gateway.Send(HttpMethod.Post, gateway.Webhook(account: "far"), null, null, ("X-Forwarded-For", "203.0.113.77"));
        using var stranger = await gateway.Send(HttpMethod.Post, gateway.Webhook(account: "far"), null, null, ("X-Forwarded-For", "203.0.113.77, 198.51.100.1"));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Forbidden), (near.StatusCode, stranger.StatusCode));
    }
}
