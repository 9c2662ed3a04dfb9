using System.Net;
using System.Text.RegularExpressions;
using Outdial.Gateway.Tests.Nodes;

namespace Outdial.Gateway.Tests.OpenApi;

public sealed partial class ApiPageTests
{
    [Fact]
    public async Task The_page_that_shows_the_api_names_the_document_and_is_open_to_all()
    {
        await using var fakes = new Fakes();
        await using var gateway = await GatewayNode.Start(fakes.Settings());

        using var answer = await gateway.Get("/docs/", key: null);

        Assert.Equal((HttpStatusCode.OK, "text/html"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Contains("openapi/v1.json", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_on_the_page_comes_from_elsewhere_or_is_sent_there()
    {
        await using var fakes = new Fakes();
        await using var gateway = await GatewayNode.Start(fakes.Settings());

        using var answer = await gateway.Get("/docs/", key: null);
        var page = await answer.Content.ReadAsStringAsync();
        var named = Reference().Matches(page).Select(match => match.Groups[1].Value).ToList();

        Assert.NotEmpty(named);
        foreach (var script in named)
        {
            Assert.DoesNotContain("//", script, StringComparison.Ordinal);   // neither a scheme nor another host
            using var local = await gateway.Get("/docs/" + script, key: null);
            Assert.Equal((HttpStatusCode.OK, "text/javascript"), (local.StatusCode, local.Content.Headers.ContentType?.MediaType));
        }
        Assert.DoesNotMatch("https?://", page);
        foreach (var off in new[]
        {
            "\"telemetry\":false", "\"withDefaultFonts\":false", "\"hideClientButton\":true", "\"hideTestRequestButton\":true",
            "\"showDeveloperTools\":\"never\"",
        })
            Assert.Contains(off, page, StringComparison.Ordinal);
        Assert.Equal(2, Disabled().Count(page));   // what asks an artificial intelligence, and what offers the API to one
        Assert.DoesNotContain("proxyUrl", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_that_the_answer_does_not_name_cannot_run_in_the_page_nor_reach_another_host()
    {
        await using var fakes = new Fakes();
        await using var gateway = await GatewayNode.Start(fakes.Settings());

        var (policy, page) = await Policy(gateway);
        var (other, _) = await Policy(gateway);

        var nonce = Nonce().Match(policy["script-src"]).Groups[1].Value;
        Assert.True(nonce.Length >= 16, policy["script-src"]);
        Assert.Equal($"'nonce-{nonce}'", policy["script-src"]);
        Assert.NotEqual(policy["script-src"], other["script-src"]);   // cannot be known beforehand
        Assert.All(Script().Matches(page), script => Assert.Contains($"nonce=\"{nonce}\"", script.Value, StringComparison.Ordinal));
        Assert.Equal(
            [("base-uri", "'none'"), ("connect-src", "'self'"), ("default-src", "'none'"), ("form-action", "'none'"), ("frame-ancestors", "'none'"),
                ("img-src", "data:"), ("style-src", "'unsafe-inline'")],
            policy.Where(part => part.Key != "script-src").Select(part => (part.Key, part.Value)).Order());

        static async Task<(Dictionary<string, string> Policy, string Page)> Policy(GatewayNode gateway)
        {
            using var answer = await gateway.Get("/docs/", key: null);
            var policy = answer.Headers.GetValues("Content-Security-Policy").Single().Split("; ")
                .Select(part => part.Split(' ', 2)).ToDictionary(part => part[0], part => part[1]);
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
            return (policy, await answer.Content.ReadAsStringAsync());
        }
    }

    [GeneratedRegex("""(?:src|href)="([^"]+)""")]
    private static partial Regex Reference();

    [GeneratedRegex("<script[^>]*>")]
    private static partial Regex Script();

    [GeneratedRegex("'nonce-([^']+)'")]
    private static partial Regex Nonce();

    [GeneratedRegex("\"disabled\":true")]
    private static partial Regex Disabled();
}
