using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Outdial.AgentRouter.Hopper;
using Outdial.AgentRouter.Sessions;
using Outdial.AgentRouter.Tests.Nodes;
using Outdial.Contracts;

namespace Outdial.AgentRouter.Tests.Calls;

public sealed class DialWhomTests
{
    private const string Nobody = """{"destination":{"numbers":[]}}""";

    /// <summary>The sample of the provider's guide, whole and as it is printed, blanks included.</summary>
    private const string Sample =
        "CallFrom=07709562799&CallSid=066b197844c030d6737dac19cca6157p&CallStatus=in-progress&CallTo=07314853246&CallType=call-attempt" +
        "&Created=Sun, 25 Jul 2021 14:56:12&CurrentTime=2021-07-25 14:56:14&DialCallDuration=0&DialWhomNumber=&Direction=incoming" +
        "&EndTime=1970-01-01 05:30:00&From=07709562799&StartTime=2021-07-25 14:56:12&To=07314853246&flow_id=383431&tenant_id=53926";

    /// <param name="begin">Of the query: an address may have been entered with one of its own, and the provider begins another.</param>
    [Theory]
    [InlineData("?"), InlineData("?flow=main?"), InlineData("?flow=main&amp;")]
    public async Task The_sample_of_the_guide_from_an_agent_who_is_being_called_is_answered_with_the_next_lead(string begin)
    {
        await using var node = await RouterNode.Start();
        var campaign = await node.ACampaign();
        var lead = node.ALead(1);
        await node.Offered(campaign, lead);
        var agent = (await node.Post("agents", new { name = "Asha", phone = "7709562799", campaigns = new[] { campaign } })).GetProperty("id").GetGuid();
        await ((await node.SignedIn(agent)) with { CallSid = "066b197844c030d6737dac19cca6157p" }).IsOpened();

        var answer = await node.Provider.GetAsync($"/dialwhom/exotel/{node.Token}{begin}{Sample}");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(lead.Number, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("destination").GetProperty("numbers")[0]
            .GetString());
        var row = await node.Row(lead);
        Assert.Equal(("066b197844c030d6737dac19cca6157p", new DateTimeOffset(2021, 7, 25, 9, 26, 14, TimeSpan.Zero)), (row.ProviderCallId, row.AskedAt!.Value));
        var dialed = await node.Hears<LeadDialed>(d => d.AttemptId == lead.AttemptId, "the lead is told as dialed");
        Assert.Equal((agent, "066b197844c030d6737dac19cca6157p"), (dialed.AgentId, dialed.ProviderCallId));
    }

    [Theory]
    [InlineData("HEAD", 200), InlineData("OPTIONS", 204)]
    public async Task Whoever_looks_whether_the_address_is_there_is_told_so_and_given_nobody(string method, int status)
    {
        await using var node = await RouterNode.Start();
        var campaign = await node.ACampaign();
        var line = await node.ALine(campaign);
        var lead = node.ALead(1);
        await node.Offered(campaign, lead);

        foreach (var path in new[] { $"/dialwhom/exotel/{node.Token}?CallSid={line.CallSid}", $"/dialwhom/exotel/{node.StayToken}/stay" })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            using var answer = await node.Provider.SendAsync(request);
            Assert.Equal((status, "GET, HEAD, OPTIONS"), ((int)answer.StatusCode, string.Join(", ", answer.Content.Headers.Allow)));
        }
        using var forged = await node.Provider.SendAsync(new HttpRequestMessage(new HttpMethod(method), "/dialwhom/exotel/nobodys"));

        Assert.Equal(HttpStatusCode.Unauthorized, forged.StatusCode);
        Assert.Equal(lead.Number, await line.Ask());
    }

    [Fact]
    public async Task A_request_that_arrives_when_the_line_has_asked_again_takes_no_lead()
    {
        await using var node = await RouterNode.Start();
        var campaign = await node.ACampaign();
        var line = await node.ALine(campaign);
        var now = node.Clock.GetUtcNow();
        await node.Clock.Turn(TimeSpan.FromSeconds(20));
        Assert.Null(await line.Ask());
        var lead = node.ALead(1);
        await node.Offered(campaign, lead);

        Assert.Null(await line.Ask(at: now.AddSeconds(10)));   // held up on its way: nobody waits for the answer
        await node.Clock.Turn(TimeSpan.FromSeconds(10));
        Assert.Equal(lead.Number, await line.Ask());
        Assert.Equal(lead.Number, await line.Ask(at: now.AddSeconds(10)));
    }

    [Fact]
    public async Task The_sample_of_the_guide_from_a_stranger_is_answered_with_nobody()
    {
        await using var node = await RouterNode.Start();

        var answer = await node.Provider.GetAsync($"/dialwhom/exotel/{node.Token}?{Sample}");

        Assert.Equal((HttpStatusCode.OK, ""), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
        Assert.Equal("text/plain", answer.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task A_stranger_whose_applet_speaks_json_is_answered_with_an_empty_list()
    {
        await using var node = await RouterNode.Start();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/dialwhom/exotel/{node.Token}?{Sample}");
        request.Headers.Add("Exotel-Version", "1.0");

        var answer = await node.Provider.SendAsync(request);

        Assert.Equal((HttpStatusCode.OK, Nobody), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
    }

    [Theory]
    [InlineData("text", false, "+919825010001")]
    [InlineData("json", false,
        """{"fetch_after_attempt":false,"destination":{"numbers":["+919825010001"]},"outgoing_phone_number":"+917314853246","record":false,"max_ringing_duration":30,"max_conversation_duration":600}""")]
    [InlineData("json", true,
        """{"fetch_after_attempt":false,"destination":{"numbers":["+919825010001"]},"outgoing_phone_number":"+917314853246","record":true,"recording_channels":"single","max_ringing_duration":30,"max_conversation_duration":600}""")]
    public async Task Both_forms_of_the_answer_are_exactly_what_the_provider_reads(string form, bool record, string expected)
    {
        await using var node = await RouterNode.Start();
        var campaign = await node.ACampaign(c => c with { AnswerForm = form, Record = record, MaxConversation = TimeSpan.FromMinutes(10) });
        await node.Offered(campaign, node.ALead(1));
        var line = await node.ALine(campaign);

        Assert.Equal(expected, await line.AskBody());
    }

    [Fact]
    public async Task Durations_beyond_what_the_provider_takes_are_cut()
    {
        await using var node = await RouterNode.Start();
        var campaign = await node.ACampaign(c => c with { RingTimeout = TimeSpan.FromMinutes(2), MaxConversation = TimeSpan.FromHours(4) });
        await node.Offered(campaign, node.ALead(1));

        var body = JsonDocument.Parse(await (await node.ALine(campaign)).AskBody()).RootElement;

        Assert.Equal((60, 4500), (body.GetProperty("max_ringing_duration").GetInt32(), body.GetProperty("max_conversation_duration").GetInt32()));
    }

    [Fact]
    public async Task An_empty_hopper_is_answered_with_nobody_in_the_campaigns_form_and_the_line_stays()
    {
        await using var node = await RouterNode.Start();
        var text = await node.ALine(await node.ACampaign(c => c with { AnswerForm = "text" }), 1);
        var json = await node.ALine(await node.ACampaign(), 2);

        Assert.Equal(("", Nobody), (await text.AskBody(), await json.AskBody()));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (await text.Stay(), await json.Stay()));
        Assert.Equal(AgentStates.Ready, (await text.Session()).State);
    }

    [Fact]
    public async Task A_campaign_that_stopped_gives_nobody_and_the_line_is_let_go()
    {
        await using var node = await RouterNode.Start();
        var campaign = await node.ACampaign();
        await node.Offered(campaign, node.ALead(1));
        var line = await node.ALine(campaign);
        await node.ACampaign(c => c with { State = CampaignStates.Stopped }, campaign, version: 2);

        Assert.Null(await line.Ask());
        await node.Until(db => db.Sessions.AllAsync(s => s.State == AgentStates.Ended), "the session is over");
        Assert.Equal((HttpStatusCode.Redirect, "no lead left"), (await line.Stay(), (await line.Session()).Reason));
    }

    [Theory]
    [InlineData("07709560001"), InlineData("7709560001"), InlineData("+917709560001"), InlineData("917709560001"), InlineData("00917709560001")]
    public async Task The_phone_of_an_agent_who_is_being_called_is_kept_on_the_line_and_given_nobody_in_whatever_form_it_comes(string form)
    {
        await using var node = await RouterNode.Start();
        var campaign = await node.ACampaign();
        await node.Offered(campaign, node.ALead(1));
        await node.SignedIn(await node.AnAgent(campaign), opens: false);

        Assert.Equal("", await node.Provider.GetStringAsync($"/dialwhom/exotel/{node.Token}?CallSid=x1&CallFrom={form}"));
        Assert.Equal(HttpStatusCode.OK, (await node.Provider.GetAsync($"/dialwhom/exotel/{node.StayToken}/stay?CallSid=x1&CallFrom={form}")).StatusCode);
    }

    [Fact]
    public async Task A_wrong_token_is_refused_and_everything_else_is_answered()
    {
        await using var node = await RouterNode.Start();

        Assert.Equal(HttpStatusCode.Unauthorized, (await node.Provider.GetAsync($"/dialwhom/exotel/{node.Token}x?{Sample}")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await node.Provider.GetAsync($"/dialwhom/exotel/{node.StayToken}x/stay?{Sample}")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await node.Provider.GetAsync($"/dialwhom/exotel/{node.Token}?CurrentTime=soon&CallFrom=%00&CallSid=")).StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, (await node.Provider.GetAsync($"/dialwhom/exotel/{node.StayToken}/stay")).StatusCode);
    }

    [Fact]
    public async Task A_database_that_is_away_gives_nobody_and_no_error_page()
    {
        await using var node = await RouterNode.Start();
        var campaign = await node.ACampaign();
        var line = await node.ALine(campaign);
        await node.Ask(db => db.Database.ExecuteSqlRawAsync("alter table sessions rename to sessions_away"));

        Assert.Null(await line.Ask());
        Assert.Equal(HttpStatusCode.OK, await line.Stay());
        await node.Ask(db => db.Database.ExecuteSqlRawAsync("alter table sessions_away rename to sessions"));
    }

    [Fact]
    public async Task The_same_line_asking_again_gets_the_same_lead_and_the_lead_is_told_as_dialed_once()
    {
        await using var node = await RouterNode.Start();
        var campaign = await node.ACampaign();
        await node.Offered(campaign, [.. Enumerable.Range(1, 5).Select(i => node.ALead(i))]);
        var line = await node.ALine(campaign);

        var first = await line.Ask();
        var copy = await line.Ask();
        await node.Clock.Turn(TimeSpan.FromSeconds(10));
        var again = await line.Ask();

        Assert.Equal((first, first), (copy, again));
        Assert.Equal(1, await node.Ask(db => db.Hopper.CountAsync(h => h.State == HopperStates.Taken)));
        await node.Hears<LeadDialed>(_ => true, "the lead is told as dialed");
        Assert.Single(node.Heard.Of<LeadDialed>());
    }

    [Fact]
    public async Task Personal_call_backs_come_first_then_priority_then_the_time_due()
    {
        await using var node = await RouterNode.Start();
        var campaign = await node.ACampaign();
        var line = await node.ALine(campaign);
        var now = node.Clock.GetUtcNow();
        await node.Offered(campaign,
            node.ALead(1) with { DueAt = now },
            node.ALead(2) with { DueAt = now.AddMinutes(-5) },
            node.ALead(3, priority: 5),
            node.ALead(4) with { AgentId = line.AgentId, Priority = -5 },
            node.ALead(5, priority: 9) with { AgentId = Guid.NewGuid() });

        List<string?> order = [];
        for (var i = 0; i < 5; i++)
        {
            order.Add(await line.Ask(order.LastOrDefault()));
            await node.Clock.Turn(TimeSpan.FromSeconds(5));
        }

        Assert.Equal([Floor.NumberOf(4), Floor.NumberOf(3), Floor.NumberOf(2), Floor.NumberOf(1), null], order);
    }

    [Fact]
    public async Task Law_7_nobody_is_dialed_who_was_suppressed_or_whose_time_is_over_since_the_lead_was_offered()
    {
        await using var node = await RouterNode.Start();
        var campaign = await node.ACampaign();
        var line = await node.ALine(campaign);
        var now = node.Clock.GetUtcNow();
        await node.Offered(campaign, node.ALead(1, 9), node.ALead(2, 8) with { DialUntil = now.AddSeconds(1) }, node.ALead(3, 7), node.ALead(4));
        // Past the consumer, which would give the leads back: the pop has to see it by itself.
        await node.Ask(db => db.Database.ExecuteSqlAsync(
            $"insert into suppressions (number, scope, lifted, at) values ({Floor.NumberOf(1)}, 'service', false, {now}), ({Floor.NumberOf(3)}, 'promotional', false, {now})"));
        await node.Ask(db => db.Database.ExecuteSqlAsync($"update hopper set dial_until = {now} where number = {Floor.NumberOf(2)}"));

        Assert.Equal(Floor.NumberOf(3), await line.Ask());
    }

    [Fact]
    public async Task Only_an_agent_with_the_campaigns_skill_is_given_its_leads()
    {
        await using var node = await RouterNode.Start();
        var campaign = await node.ACampaign(c => c with { Skill = "marathi" });
        await node.Offered(campaign, node.ALead(1));
        var without = await node.ALine(campaign, 1);
        var with = await node.ALine(campaign, 2, ["hindi", "marathi"]);

        Assert.Equal((null, Floor.NumberOf(1)), (await without.Ask(), await with.Ask()));
    }

    [Fact]
    public async Task The_addresses_for_the_dashboard_are_the_admins_and_their_token_works()
    {
        await using var node = await RouterNode.Start();
        Assert.Equal(HttpStatusCode.Forbidden, (await node.Http.GetAsync("/api/v1/accounts/default/dialwhom-addresses")).StatusCode);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/accounts/default/dialwhom-addresses");
        request.Headers.Add("X-Api-Key", RouterNode.AdminKey);

        var answer = JsonDocument.Parse(await (await node.Provider.SendAsync(request)).Content.ReadAsStringAsync()).RootElement;

        Assert.StartsWith("https://outdial.example/dialwhom/exotel/", answer.GetProperty("dialWhom").GetString(), StringComparison.Ordinal);
        var path = new Uri(answer.GetProperty("dialWhom").GetString()!).PathAndQuery;
        Assert.Equal(HttpStatusCode.OK, (await node.Provider.GetAsync(path)).StatusCode);
        Assert.EndsWith("/stay", answer.GetProperty("stay").GetString(), StringComparison.Ordinal);
    }
}
