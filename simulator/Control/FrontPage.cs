using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.Extensions.Options;

namespace Outdial.Simulator;

/// <summary><c>GET /</c>: what this is, how to use it by hand, and the table of fixed numbers.</summary>
public static class FrontPage
{
    public static void MapFrontPage(this IEndpointRouteBuilder app) =>
        app.MapGet("/", (HttpRequest request, IOptions<SimulatorOptions> options, ExoPhones own) =>
            Results.Content(Html(request, options.Value, own), "text/html; charset=utf-8"));

    private static string Html(HttpRequest request, SimulatorOptions options, ExoPhones own)
    {
        var root = $"{request.Scheme}://{options.ApiKey}:{options.ApiToken}@{request.Host}/v1/Accounts/{options.AccountSid}";
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $$"""
            <!doctype html><html lang="en"><meta charset="utf-8"><title>Outdial telephony simulator</title>
            <style>body{font:16px/1.5 system-ui;max-width:60rem;margin:2rem auto;padding:0 1rem}
            td,th{text-align:left;padding:.15rem 1rem .15rem 0}
            pre{background:#f4f4f4;padding:.5rem;overflow:auto}</style>
            <h1>Telephony simulator</h1>
            <p>Speaks Exotel's HTTP with simulated people behind the numbers.
            Not reachable from outside, please: the controls ask for no credentials.</p>
            <h2>By hand</h2>
            <pre>curl {{WebUtility.HtmlEncode(root)}}/Calls/connect.json \
              -d From=9825056601 -d CallerId=07948850040 \
              -d Url=http://my.exotel.com/{{options.AccountSid}}/exoml/start_voice/926 -d CustomField=hello
            curl '{{WebUtility.HtmlEncode(root)}}/Calls/SID.json?details=true'
            curl {{WebUtility.HtmlEncode(root)}}/Numbers/09825056601.json
            curl {{request.Scheme}}://{{request.Host}}/simulator/summary
            curl '{{request.Scheme}}://{{request.Host}}/simulator/record?limit=10'
            curl -X PUT {{request.Scheme}}://{{request.Host}}/simulator/faults -H 'Content-Type: application/json' -d '{"preset":"some","drop":0.5}'</pre>
            <h2>A flow with an agent</h2>
            <pre>curl -X PUT {{request.Scheme}}://{{request.Host}}/simulator/agents -H 'Content-Type: application/json' -d '[{"number":"09876500001"}]'
            curl -X PUT {{request.Scheme}}://{{request.Host}}/simulator/flows/926 -H 'Content-Type: application/json' -d '{"dialWhomUrl":"http://127.0.0.1:9000/whom"}'
            curl {{WebUtility.HtmlEncode(root)}}/Calls/connect.json \
              -d From=09876500001 -d CallerId=07948850040 -d Url=http://my.exotel.com/{{options.AccountSid}}/exoml/start_voice/926
            curl {{request.Scheme}}://{{request.Host}}/simulator/agents</pre>
            <h2>Own numbers</h2><table><tr><th>number</th><th>circle</th></tr>
            """);
        foreach (var phone in own.All)
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{PhoneNumbers.Display(phone.Number)}</td><td>{WebUtility.HtmlEncode(phone.Region ?? "none")}</td></tr>");
        page.Append("</table><h2>Numbers with a fixed behaviour</h2><table><tr><th>last four digits</th><th>behaviour</th></tr>");
        foreach (var suffix in options.FixedSuffixes ? Suffixes.All : [])
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{suffix.Digits}</td><td>{WebUtility.HtmlEncode(suffix.Meaning)}</td></tr>");
        return page.Append("</table></html>").ToString();
    }
}
