using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Outdial.Gateway.Tests.Nodes;
using Outdial.Platform;

namespace Outdial.Gateway.Tests.Forwarding;

public sealed class HeaderTests
{
    private static readonly IdentityStatements Statements =
        new(Options.Create(new IdentityOptions { SigningKey = GatewayNode.SigningKey }), TimeProvider.System);

    [Theory]
    [InlineData("X-Api-Key", GatewayNode.CrmKey)]
    [InlineData("Authorization", "Bearer " + GatewayNode.CrmKey)]
    public async Task The_service_hears_the_gateways_word_on_who_asks_and_no_key(string header, string value)
    {
        await using var fakes = new Fakes();
        var pacer = await fakes.Add("pacer");
        await using var gateway = await GatewayNode.Start(fakes.Settings());

        using var answer = await gateway.Get("/api/v1/campaigns/a%20b?state=x", null, (header, value), (IdentityStatements.HeaderName, "forged"));

        Assert.True(answer.IsSuccessStatusCode);
        Assert.False(pacer.Last.Headers.ContainsKey("X-Api-Key"));
        Assert.False(pacer.Last.Headers.ContainsKey("Authorization"));
        Assert.True(Statements.TryRead(pacer.Last.Headers[IdentityStatements.HeaderName], "GET", "/api/v1/campaigns/a b", out var stated));
        Assert.Equal(new StatedIdentity(new("mirror", "crm"), "127.0.0.1"), stated);
        Assert.Equal("/api/v1/campaigns/a%20b?state=x", pacer.Last.Path);
    }

    [Fact]
    public async Task A_statement_from_outside_lets_nobody_in()
    {
        await using var fakes = new Fakes();
        var pacer = await fakes.Add("pacer");
        await using var gateway = await GatewayNode.Start(fakes.Settings());
        var stolen = Statements.Issue(new(new("ada", "admin"), null), "GET", "/api/v1/campaigns");

        using var answer = await gateway.Get("/api/v1/campaigns", null, (IdentityStatements.HeaderName, stolen));

        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Empty(pacer.Received);
    }

    [Fact]
    public async Task A_providers_request_is_stated_as_one_and_opens_nothing_of_the_api()
    {
        await using var fakes = new Fakes();
        var ingress = await fakes.Add("ingress");
        await using var gateway = await GatewayNode.Start(fakes.Settings());
        var path = gateway.Webhook();

        await gateway.Send(HttpMethod.Post, path, GatewayNode.AdminKey, new StringContent("a=b"));

        Assert.True(Statements.TryRead(ingress.Last.Headers[IdentityStatements.HeaderName], "POST", path, out var stated));
        Assert.Equal(ApiRoles.Provider, stated.Holder.Role);
        Assert.DoesNotContain(ApiRoles.Provider, ApiRoles.All);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("10.0.0.0/8", null)]
    [InlineData("127.0.0.0/8", "max-age=31536000")]
    public async Task A_forwarded_answer_says_nothing_of_its_server_and_holds_to_tls_where_the_client_came_by_tls(string? trusted, string? hsts)
    {
        await using var fakes = new Fakes();
        await fakes.Add("pacer", async context =>
        {
            context.Response.Headers.Server = "acme/1.0";
            context.Response.Headers.XPoweredBy = "steam";
            context.Response.Headers.StrictTransportSecurity = "max-age=1";
            context.Response.Headers.XContentTypeOptions = "sniff";
            await context.Response.WriteAsync("{}");
        });
        await using var gateway = await GatewayNode.Start(fakes.Settings(trusted is null ? [] : [("Gateway:TrustedProxies:0", trusted)]));

        using var answer = await gateway.Get("/api/v1/campaigns", headers: [("X-Forwarded-Proto", "https"), ("X-Forwarded-For", "203.0.113.9")]);

        Assert.Equal("{}", await answer.Content.ReadAsStringAsync());
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.False(answer.Headers.Contains("Server"));
        Assert.False(answer.Headers.Contains("X-Powered-By"));
        Assert.Equal(hsts, answer.Headers.TryGetValues("Strict-Transport-Security", out var said) ? said.Single() : null);
    }

    [Fact]
    public async Task No_content_type_keeps_a_webhook_from_its_service()
    {
        await using var fakes = new Fakes();
        var ingress = await fakes.Add("ingress");
        await using var gateway = await GatewayNode.Start(fakes.Settings());
        using var client = new TcpClient();
        await client.ConnectAsync(gateway.Http.BaseAddress!.Host, gateway.Http.BaseAddress.Port);
        await using var stream = client.GetStream();

        await stream.WriteAsync(Encoding.Latin1.GetBytes(
            $"POST {gateway.Webhook()} HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\nContent-Type: a\u00FF\u0080;charset=utf-7\r\nContent-Length: 3\r\n\r\na=b"));
        var answer = await new StreamReader(stream).ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 200", answer);
        Assert.Equal(("a\u00FF\u0080;charset=utf-7", "a=b"), (ingress.Last.Headers["Content-Type"], ingress.Last.Body));
    }

    [Fact]
    public async Task The_correlation_id_is_the_same_on_both_sides()
    {
        await using var fakes = new Fakes();
        var pacer = await fakes.Add("pacer");
        await using var gateway = await GatewayNode.Start(fakes.Settings());

        using var given = await gateway.Get("/api/v1/campaigns", headers: ("X-Correlation-Id", "order-17"));
        var first = pacer.Last.Headers["X-Correlation-Id"];
        using var made = await gateway.Get("/api/v1/campaigns", headers: ("X-Correlation-Id", "<not a plain word>"));

        Assert.Equal(("order-17", "order-17"), (first, given.Headers.GetValues("X-Correlation-Id").Single()));
        Assert.Equal(pacer.Last.Headers["X-Correlation-Id"], made.Headers.GetValues("X-Correlation-Id").Single());
        Assert.DoesNotContain("<", pacer.Last.Headers["X-Correlation-Id"]);
    }

    [Theory]
    [InlineData(null, "203.0.113.9", "127.0.0.1")]                         // nobody is trusted: a claim of a stranger
    [InlineData("127.0.0.0/8", "203.0.113.9", "203.0.113.9")]
    [InlineData("127.0.0.0/8", "198.51.100.1, 203.0.113.9", "203.0.113.9")] // what the client itself put in front is not believed
    [InlineData("10.0.0.0/8", "203.0.113.9", "127.0.0.1")]
    public async Task A_forwarded_address_is_believed_from_trusted_proxies_only(string? trusted, string forwarded, string client)
    {
        await using var fakes = new Fakes();
        var pacer = await fakes.Add("pacer");
        await using var gateway = await GatewayNode.Start(fakes.Settings(trusted is null ? [] : [("Gateway:TrustedProxies:0", trusted)]));

        await gateway.Get("/api/v1/campaigns", headers: [("X-Forwarded-For", forwarded), ("Forwarded", "for=192.0.2.1")]);

        Assert.True(Statements.TryRead(pacer.Last.Headers[IdentityStatements.HeaderName], "GET", "/api/v1/campaigns", out var stated));
        Assert.Equal((client, client), (stated.Client, pacer.Last.Headers["X-Forwarded-For"]));
        Assert.False(pacer.Last.Headers.ContainsKey("Forwarded"));
    }
}
