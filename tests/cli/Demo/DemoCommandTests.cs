using System.Net;
using System.Text;
using System.Text.Json;
using Outdial.Cli.Api;
using Outdial.Cli.Demo;
using Outdial.Cli.Processes;

namespace Outdial.Cli.Tests.Demo;

public class DemoCommandTests
{
    [Theory]
    [InlineData("demo --provider exotel leads.csv")]
    [InlineData("demo --provider exotel --mode notification --provider-dialect exotel leads.csv")]
    [InlineData("demo --provider exotel leads.csv --yes --caller-id +918047851000 --caller-id +912248850020 --window 09:00-20:00 --redial 90s --folder trial")]
    [InlineData("demo --mode power --provider-dialect portaswitch")]
    [InlineData("demo")]
    public void What_the_readme_writes_is_taken(string line) => Assert.Empty(Commands.Create().Parse(line).Errors);

    [Theory]
    [InlineData("--mode progressive", "--mode is 'progressive' and must be notification with --provider exotel")]
    [InlineData("--provider-dialect portaswitch", "--provider-dialect is 'portaswitch' and must be exotel with --provider exotel")]
    [InlineData("--on-up", "do not go with --provider exotel")]
    [InlineData("--caller-id 08047851000", "--caller-id is '08047851000' and must be a number in E.164 form")]
    [InlineData("--caller-id +91x", "--caller-id is '+91x' and must be a number in E.164 form")]
    [InlineData("--window 9-20", "--window is '9-20' and must be two times of day, such as 09:00-20:00")]
    [InlineData("--window 09:00-09:00", "must be two different times of day")]
    [InlineData("--window \"09:00-20:00 India\"", "must be followed by an IANA zone such as Asia/Kolkata; there is no India")]
    [InlineData("--redial soon", "--redial is 'soon' and must be a time from 1s to 24h")]
    [InlineData("--redial 0s", "--redial is '0s' and must be a time from 1s to 24h")]
    [InlineData("--redial 25h", "--redial is '25h' and must be a time from 1s to 24h")]
    public void What_cannot_be_meant_is_refused_with_option_value_and_expectation(string options, string expected) =>
        Assert.Contains(Commands.Create().Parse("demo --provider exotel leads.csv " + options).Errors, error => error.Message.Contains(expected, StringComparison.Ordinal));

    [Theory]
    [InlineData("--caller-id +918047851000"), InlineData("--window 09:00-20:00"), InlineData("--redial 90s"), InlineData("--folder trial"), InlineData("--yes")]
    public void What_is_for_real_phones_is_refused_where_phones_are_simulated(string option) =>
        Assert.Contains(Commands.Create().Parse("demo " + option).Errors, error => error.Message.EndsWith("goes with --provider exotel only.", StringComparison.Ordinal));

    [Theory]
    [InlineData("--agents 5", "--agents is ignored: the mode notification works without agents. Those with agents: --mode progressive, preview or power.")]
    [InlineData("--mode power --agents 5", "")]
    [InlineData("", "")]
    [InlineData("--on-up --seed 3", "--seed is ignored: what runs there already has its own.")]
    [InlineData("--on-up --mode power --agents 5", "--mode is ignored: that of './outdial up' holds.")]
    [InlineData("--provider exotel leads.csv --faults many", "--faults is ignored: with --provider exotel nothing is simulated.")]
    public void An_option_that_does_nothing_says_so(string options, string expected) =>
        Assert.Equal(expected, string.Join('\n', DemoCommand.Ignored(Commands.Create().Parse("demo " + options))));

    [Theory]
    [InlineData("09:00-20:00", "09:00", "20:00", "Asia/Kolkata")]
    [InlineData("20:00-02:00 Europe/London", "20:00", "02:00", "Europe/London")]
    [InlineData("00:00-24:00", "00:00", "24:00", "Asia/Kolkata")]
    public void A_window_may_name_its_zone_and_go_over_midnight(string text, string from, string to, string zone)
    {
        Assert.True(CallingHours.TryRead(text, out var hours, out _));
        Assert.Equal(new CallingHours(from, to, zone), hours);
    }

    [Fact]
    public void A_trial_asks_for_its_hours_its_redials_and_its_numbers_and_leaves_alone_who_waited_in_vain()
    {
        var campaign = Campaign(new DemoOptions
        {
            Provider = "exotel",
            CallerIds = ["+918047851000"],
            Window = new CallingHours("10:00", "18:00", "Europe/London"),
            Redial = TimeSpan.FromSeconds(20),
        });

        Assert.Equal("""{"from":"10:00","to":"18:00"}""", campaign.GetProperty("window").GetRawText());
        Assert.Equal("""["\u002B918047851000"]""", campaign.GetProperty("callerIds").GetRawText());
        Assert.Equal(("Europe/London", "00:00:20"), (campaign.GetProperty("timeZone").GetString(), campaign.GetProperty("minimumGap").GetString()));
        Assert.Equal("00:00:20", campaign.GetProperty("redial").GetProperty("Busy").GetProperty("after").GetString());
        Assert.Equal(("3.00:00:00", 0), (Abandoned("after").GetString(), Abandoned("times").GetInt32()));

        JsonElement Abandoned(string name) => campaign.GetProperty("redial").GetProperty("Abandoned").GetProperty(name);
    }

    [Fact]
    public void Real_phones_are_redialed_by_the_usual_delays_when_no_other_was_asked_for()
    {
        var campaign = Campaign(new DemoOptions { Provider = "exotel" });

        Assert.Equal(JsonValueKind.Null, campaign.GetProperty("redial").ValueKind);
        Assert.Equal(JsonValueKind.Null, campaign.GetProperty("callerIds").ValueKind);
        Assert.Equal("00:01:00", campaign.GetProperty("minimumGap").GetString());
    }

    [Fact]
    public async Task Named_numbers_are_registered_and_the_provider_is_not_asked_for_its_own()
    {
        using var api = new FakeApi(request => request.RequestUri!.AbsolutePath == "/api/v1/caller-ids"
            ? (HttpStatusCode.OK, request.Method == HttpMethod.Get ? """[{"number":"+918047851000","account":"default","circle":"KA","isDefault":false,"purposes":["service"]}]""" : "{}")
            : (HttpStatusCode.BadGateway, "{}"));
        var scenario = DemoScenario.Of(new DemoOptions { Provider = "exotel", CallerIds = ["+918047851000", "+912248850020"] });

        var count = await scenario.RegisterCallerIdsAsync(api.Client, CancellationToken.None);

        Assert.Equal(2, count);
        Assert.Equal(["GET", "PUT", "PUT"], api.Requests.Select(request => request.Method));
        var put = api.Requests.Where(request => request.Method == "PUT").Select(request => JsonDocument.Parse(request.Body).RootElement[0]).ToList();
        Assert.Equal(["+918047851000 KA True", "+912248850020  True"],
            put.Select(one =>
                $"{one.GetProperty("number")} {(one.TryGetProperty("circle", out var circle) ? circle.GetString() : "")} {one.GetProperty("isDefault").GetBoolean()}"));
    }

    [Theory]
    [InlineData(HttpStatusCode.BadGateway, """{"detail":"The provider could not be asked for its numbers: 404"}""")]
    [InlineData(HttpStatusCode.OK, "[]")]
    public async Task Where_the_provider_lists_no_numbers_the_failure_says_how_to_name_them(HttpStatusCode status, string body)
    {
        using var api = new FakeApi(_ => (status, body));
        var scenario = DemoScenario.Of(new DemoOptions { Provider = "exotel" });

        var failure = await Assert.ThrowsAsync<CommandFailure>(() => scenario.RegisterCallerIdsAsync(api.Client, CancellationToken.None));

        Assert.Contains("--caller-id +918047851000", failure.Message, StringComparison.Ordinal);
    }

    private static JsonElement Campaign(DemoOptions options) => JsonSerializer.SerializeToElement(DemoScenario.Of(options).Campaign("leads.csv"));

    private sealed class FakeApi(Func<HttpRequestMessage, (HttpStatusCode, string)> answer) : HttpMessageHandler
    {
        private IOutdialApi? _client;

        public List<(string Method, string Body)> Requests { get; } = [];

        public IOutdialApi Client => _client ??= OutdialApi.Over(this, new Uri("http://outdial.example/"), "key");

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests.Add((request.Method.Method, request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken)));
            var (status, body) = answer(request);
            return new HttpResponseMessage(status) { RequestMessage = request, Content = new StringContent(body, Encoding.UTF8, "application/json") };
        }
    }
}
