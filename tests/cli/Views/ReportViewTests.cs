using System.Globalization;
using Outdial.Cli.Api;
using Outdial.Cli.Verdicts;
using Outdial.Cli.Views;
using Spectre.Console;

namespace Outdial.Cli.Tests.Views;

public class ReportViewTests
{
    [Theory]
    [InlineData(null, 12, "cost not told by the provider")]
    [InlineData("0", 0, "cost 0.00")]
    [InlineData("12.5", 0, "cost 12.50")]
    [InlineData("12.5", 1, "cost 12.50 without 1 call whose price the provider has not told")]
    public void A_cost_that_nobody_told_is_no_cost_of_nothing(string? cost, long withoutPrice, string expected)
    {
        decimal? told = cost is null ? null : decimal.Parse(cost, CultureInfo.InvariantCulture);
        var totals = new ReportSums { Cost = told, WithoutPrice = withoutPrice };

        Assert.Contains(expected, Written(new CampaignReport { Totals = totals }, new AgentReport()), StringComparison.Ordinal);
    }

    [Fact]
    public void The_times_of_an_agent_add_up_to_the_time_signed_in()
    {
        static TimeSpan Minutes(int minutes) => TimeSpan.FromMinutes(minutes);
        var times = new AgentLine
        {
            Name = "Asha",
            SignedIn = Minutes(63),
            Talk = Minutes(1),
            Idle = Minutes(2),
            Dialing = Minutes(4),
            WrapUp = Minutes(8),
            Paused = Minutes(16),
            Calling = Minutes(32),
        };

        var row = Written(new CampaignReport(), new AgentReport { Agents = [times], Totals = times }).Split('\n')
            .Single(line => line.Contains("Asha", StringComparison.Ordinal));

        Assert.Matches("1:00 +2:00 +4:00 +8:00 +16:00 +32:00 +63:00", row);
    }

    private static string Written(CampaignReport report, AgentReport agents)
    {
        var text = new StringWriter();
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings { Out = new AnsiConsoleOutput(text), Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors });
        console.Profile.Width = 200;
        new ReportView(console).Write(report, agents, new Ledger(0, [], []), [], new Dictionary<string, int>());
        return text.ToString();
    }
}
