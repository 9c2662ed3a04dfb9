using Outdial.Cli.Api;
using Outdial.Cli.Inbound;

namespace Outdial.Cli.Tests.Inbound;

public sealed class ExplanationViewTests
{
    [Fact]
    public void An_explanation_is_printed_with_candidates_in_order_and_problems_last()
    {
        var told = new Explanation(
            "+919825010007", "+918040001234", new("desk"), "bidirectional", "pstn", "383431",
            [new(1, "Asha", "talked to this number last"), new(null, "Ravi", "not signed in")], ["It is a number."], ["Campaign 'Loans' is Paused."]);

        Assert.Equal(
            [
                "A call from +919825010007 to +918040001234",
                "  trunk      desk",
                "  direction  bidirectional",
                "  mode       pstn",
                "  flow       383431",
                "  It is a number.",
                "Agents:",
                "   1  Asha: talked to this number last",
                "   -  Ravi: not signed in",
                "Problems:",
                "  ! Campaign 'Loans' is Paused.",
            ],
            ExplanationView.Lines(told));
    }

    [Fact]
    public void Nothing_configured_is_said_as_such()
    {
        var told = new Explanation("+919825010007", "+918040001234", null, null, null, null, [], [], []);

        Assert.Contains("  trunk      none", ExplanationView.Lines(told));
        Assert.Equal("No problem was found.", ExplanationView.Lines(told).Last());
    }

    [Theory]
    [InlineData("--to +918040001234")]
    [InlineData("--from 1 --to 2 --address nowhere")]
    public void A_question_that_is_not_whole_is_refused(string line) =>
        Assert.NotEmpty(ExplainInboundCommand.Create().Parse(line).Errors);

    [Fact]
    public void An_address_that_is_given_is_the_one_that_is_asked() => Assert.Equal(
        new Uri("http://127.0.0.1:5081"),
        ExplainInboundCommand.Create().Parse("--from 1 --to 2 --address http://127.0.0.1:5081").GetValue<Uri>("--address"));
}
