using Outdial.Cli.Verdicts;
using Outdial.EndToEnd.Tests.Rigs;
using Outdial.Testing;

namespace Outdial.EndToEnd.Tests.Host;

/// <summary>The demo's campaign, small and with faults, with everything in one process.</summary>
public class CampaignTests
{
    private const int Leads = 60;
    private const double Speed = 20;
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(6);

    [Fact]
    public async Task Laws_1_3_5_and_9_a_host_that_is_killed_in_the_middle_accounts_for_every_lead_and_tells_nobodys_number()
    {
        await using var sink = await TelemetrySink.StartAsync();
        await using var rig = await Rig.StartAsync(Speed, seed: 11, faults: "some");
        var host = await HostPlatform.StartAsync(rig, sink.Settings);
        var trial = await Trial.BeginAsync(rig, host, LeadLists.Sample(Leads));
        await trial.UntilAsync(campaign => campaign.Progress is { OpenAttempts: >= 10 } progress && progress.Open < Leads, Deadline, "calls are open and some are over");

        await host.Process.KillAsync();
        await host.StartAsync();
        var verdict = await trial.JudgeAsync(Deadline);

        trial.AssertOk(verdict, trial.Import.Accepted);
        await AssertNoNumbersAsync(rig, host, sink, await trial.LedgerAsync());
    }

    /// <summary>Law 9: logs, traces and metrics carry masked numbers, never whole ones.</summary>
    private static async Task AssertNoNumbersAsync(Rig rig, HostPlatform host, TelemetrySink sink, Ledger ledger)
    {
        var people = new PersonalData(ledger.Leads.Select(lead => lead.Number));
        var scraped = new List<string>();
        using var client = new HttpClient();
        foreach (var address in host.Addresses)
            scraped.Add(await client.GetStringAsync(new Uri(address, "metrics")));
        await host.Process.StopAsync();   // what is still in its hands is sent

        var lines = rig.PlatformLogLines().ToList();
        var traces = sink.TextOf("traces");

        OpenToOthers.AssertNothingIn(rig.Folder);
        Assert.Equal("", await Promtool.CheckAsync(scraped[0]));
        // That nothing was found says something only where there was something to look at.
        Assert.True(lines.Count > 50, $"{lines.Count} log lines");
        Assert.Contains("place call", traces, StringComparison.Ordinal);
        Assert.Contains("outdial_", scraped[0], StringComparison.Ordinal);
        Assert.All(lines, line => Assert.Empty(people.FoundIn(line.Line)));
        Assert.Empty(people.FoundIn(traces));
        Assert.All(scraped, metrics => Assert.Empty(people.FoundIn(metrics)));
        Assert.Empty(people.FoundIn(sink.TextOf("metrics")));
        AssertTraces(sink.Spans());
        Assert.Empty(people.FoundIn(await File.ReadAllTextAsync(Path.Combine(host.DataFolder, "postgres", "postgres.log"))));
    }

    /// <summary>
    /// One trace of each call, from the pulse to the fact; a second try is linked to the first. What the kill took with it is missing in some.
    /// </summary>
    private static void AssertTraces(IReadOnlyList<Span> spans)
    {
        string[] way =
        [
            "pulse", "place call", "exotel Calls/connect", "receive webhook", "ingress-webhook-received process", "attempt process",
            "call-details process", "read call details", "tell call details", "call-facts process",
        ];
        var traces = spans.GroupBy(span => span.Trace).ToDictionary(trace => trace.Key, trace => trace.ToDictionary(span => span.Id));
        var whole = traces.Values.Where(trace => !way.Except(trace.Values.Select(span => span.Name)).Any()
            && trace.Values.All(span => span.Parent == "" || trace.ContainsKey(span.Parent))).ToList();

        Assert.True(whole.Count > 3, $"{whole.Count} of {traces.Count} traces are whole");
        Assert.All(whole, trace =>
        {
            Assert.Equal("pulse", Assert.Single(trace.Values, span => span.Parent == "").Name);
            Assert.True((trace.Values.Max(span => span.End) - trace.Values.Min(span => span.Start)) * Speed < TimeSpan.FromHours(1));
            Assert.Equal(1, Steps(trace, "place call"));
            Assert.Equal(2, Steps(trace, "exotel Calls/connect"));
            Assert.Equal(1, Steps(trace, "receive webhook"));
        });
        // A redial's trace is its own.
        var again = spans.Where(span => span.Name == "place call").SelectMany(span => span.Links, (span, link) => (span, link)).ToList();
        Assert.Contains(again, second => traces.GetValueOrDefault(second.link)?.Values.Any(span =>
            span.Name == "place call" && span.Tags["outdial.lead"] == second.span.Tags["outdial.lead"]
            && span.Tags["outdial.attempt"] != second.span.Tags["outdial.attempt"]) == true);
        // Loops that look for work have none.
        Assert.DoesNotContain(spans, span => span.Name == "postgresql" && span.Parent == "");
    }

    /// <summary>How far a span is from the pulse.</summary>
    private static int Steps(Dictionary<string, Span> trace, string name)
    {
        var (span, steps) = (trace.Values.First(span => span.Name == name), 0);
        for (; span.Parent != ""; steps++)
            span = trace[span.Parent];
        return steps;
    }
}
