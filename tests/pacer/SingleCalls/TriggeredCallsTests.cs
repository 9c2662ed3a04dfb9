using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Tests.Nodes;
using Outdial.Testing;

namespace Outdial.Pacer.Tests.SingleCalls;

public sealed class TriggeredCallsTests
{
    private const string Person = "+919825010001", Another = "+919825010002";
    private const string OtherKey = "test-key-of-another-supervisor-0123456789";

    private static async Task<(HttpStatusCode Status, Uri? Lead, string Body)> Trigger(
        PacerNode node, string? key, object body, string? apiKey = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/calls") { Content = JsonContent.Create(body) };
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        using var other = apiKey is null ? null : new HttpClient { BaseAddress = node.Http.BaseAddress };
        other?.DefaultRequestHeaders.Add("X-Api-Key", apiKey);
        using var answer = await (other ?? node.Http).SendAsync(request);
        return (answer.StatusCode, answer.Headers.Location, await answer.Content.ReadAsStringAsync());
    }

    private static object Call(string to = Person, string purpose = "service", string? account = null) => new { to, purpose, account };

    private static async Task<PacerNode> ANode(Dictionary<string, string?>? settings = null)
    {
        var node = await PacerNode.Start(settings: settings);
        (await node.Http.PutAsJsonAsync("/api/v1/caller-ids", new[] { new { number = "+918040000002", isDefault = true } })).EnsureSuccessStatusCode();
        await node.Publish(Known(Person, dnd: false, "GJ"));
        await node.Until(db => db.Numbers.AnyAsync(n => n.Status == "found"), "the number is known");
        return node;
    }

    internal static NumberEnriched Known(string number, bool? dnd, string circle) => new()
    {
        EventId = Guid.NewGuid(),
        Number = number,
        Status = "found",
        Circle = circle,
        Dnd = dnd,
        AsOf = PacerNode.Noon,
        ExpiresAt = PacerNode.Noon.AddDays(90),
    };

    private static Task<int> Leads(PacerNode node) => node.Ask(db => db.Leads.CountAsync());

    private static string[] Differing(string body) =>
        [.. JsonDocument.Parse(body).RootElement.GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("field").GetString()!)];

    [Fact]
    public async Task A_single_call_goes_through_the_same_ledger_and_the_same_key_never_calls_twice()
    {
        await using var node = await ANode();

        var first = await Trigger(node, "alert-17", new { to = "098250 10001", purpose = "transactional" });
        var second = await Trigger(node, "alert-17", new { to = Person, purpose = "transactional", account = "default" });
        await node.Until(_ => Task.FromResult(!node.Provider.Originated.IsEmpty), "the person is called");
        await node.Publish(node.Provider.Originated.Single().Ended(Outcomes.Completed, node.Clock.GetUtcNow()));
        await node.Until(db => db.Leads.AnyAsync(l => l.State == "Completed"), "the lead is done");
        var third = await Trigger(node, "alert-17", new { to = Person, purpose = "transactional" });

        Assert.Equal(HttpStatusCode.Accepted, first.Status);
        Assert.Equal(first, second);
        Assert.Equal(first, third);
        Assert.Equal(Person, Assert.Single(node.Provider.Originated).Request.To);
    }

    [Fact]
    public async Task A_used_key_makes_no_second_call_whatever_else_is_asked_for_under_it()
    {
        await using var node = await ANode(new()
        {
            ["Accounts:second:BaseAddress"] = "http://127.0.0.1:9/",
            ["Accounts:second:AccountSid"] = "second",
            ["Accounts:second:ApiKey"] = "key",
            ["Accounts:second:ApiToken"] = "token",
            ["Accounts:second:Flow"] = "927",
            ["Accounts:second:CallbackBaseAddress"] = "http://127.0.0.1:9/",
            ["Accounts:second:AllowPrivateAddresses"] = "true",
        });
        await Trigger(node, "k", Call());

        var purpose = await Trigger(node, "k", Call(purpose: "transactional"));
        var account = await Trigger(node, "k", Call(account: "second"));
        var number = await Trigger(node, "k", Call(to: Another));
        var all = await Trigger(node, "k", Call(Another, "promotional", "second"));

        Assert.All(new[] { purpose, account, number, all }, answer => Assert.Equal(HttpStatusCode.Conflict, answer.Status));
        Assert.Equal(["purpose"], Differing(purpose.Body));
        Assert.Equal(["account"], Differing(account.Body));
        Assert.Equal(["to"], Differing(number.Body));
        Assert.Equal(["to", "purpose", "account"], Differing(all.Body));
        Assert.Contains("'transactional': expected 'service', for which this key was used first", purpose.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(Person, all.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(Another, all.Body, StringComparison.Ordinal);
        Assert.Equal(1, await Leads(node));
    }

    [Fact]
    public async Task The_same_text_of_two_holders_is_two_keys()
    {
        await using var node = await ANode(new() { ["ApiKeys:1:Name"] = "others", ["ApiKeys:1:Key"] = OtherKey, ["ApiKeys:1:Role"] = "supervisor" });

        var mine = await Trigger(node, "1", Call());
        var theirs = await Trigger(node, "1", Call(Another), OtherKey);
        var theirsAgain = await Trigger(node, "1", Call(Another), OtherKey);

        Assert.Equal([HttpStatusCode.Accepted, HttpStatusCode.Accepted], new[] { mine.Status, theirs.Status });
        Assert.NotEqual(mine.Lead, theirs.Lead);
        Assert.Equal(theirs, theirsAgain);
        Assert.Equal(2, await Leads(node));
    }

    [Fact]
    public async Task Requests_that_come_at_once_make_one_lead_and_one_call_over_two_replicas()
    {
        await using var node = await ANode();
        await using var beside = await PacerNode.Start(node.Database, node.Clock, node.Provider);
        string[] purposes = ["service", "transactional"];

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 24).Select(n => Trigger(n % 2 == 0 ? node : beside, "at-once", Call(purpose: purposes[n / 2 % 2]))));
        await node.Until(_ => Task.FromResult(!node.Provider.Originated.IsEmpty), "the person is called");

        Assert.Single(answers.Where(a => a.Status == HttpStatusCode.Accepted).Select(a => a.Lead).Distinct());
        Assert.Equal((12, 12), (answers.Count(a => a.Status == HttpStatusCode.Accepted), answers.Count(a => a.Status == HttpStatusCode.Conflict)));
        Assert.Equal(1, await Leads(node));
        Assert.Single(node.Provider.Originated);
    }

    [Fact]
    public async Task A_key_is_kept_as_long_as_it_is_said_and_is_then_free_for_one_call_whether_it_is_pruned_yet_or_not()
    {
        await using var node = await ANode(new() { ["Pacer:KeepCallKeys"] = "02:30:00" });
        await using var beside = await PacerNode.Start(node.Database, node.Clock, node.Provider, new Dictionary<string, string?> { ["Pacer:KeepCallKeys"] = "02:30:00" });
        var first = await Trigger(node, "k", Call());
        var used = await node.Ask(db => db.CallKeys.Select(k => k.UsedAt).SingleAsync());

        await node.Clock.TurnTo(used.AddMinutes(150).AddTicks(-10));
        var justBefore = await Trigger(node, "k", Call());
        await node.Clock.TurnTo(used.AddMinutes(150));
        var then = await Task.WhenAll(Enumerable.Range(0, 12).Select(n => Trigger(n % 2 == 0 ? node : beside, "k", Call(Another))));

        Assert.Equal(first, justBefore);
        Assert.Single(then.Distinct());
        Assert.Equal(HttpStatusCode.Accepted, then[0].Status);
        Assert.NotEqual(first.Lead, then[0].Lead);
        Assert.Equal(2, await Leads(node));
    }

    [Fact]
    public async Task Keys_that_are_free_again_are_removed()
    {
        await using var node = await ANode(new() { ["Pacer:KeepCallKeys"] = "02:30:00" });
        await Trigger(node, "k", Call());

        await node.Until(async db => !await db.CallKeys.AnyAsync(), "the key is forgotten", TimeSpan.FromMinutes(10));

        Assert.Equal(HttpStatusCode.Accepted, (await Trigger(node, "k", Call())).Status);
        Assert.Equal(2, await Leads(node));
    }

    [Fact]
    public async Task A_key_that_was_used_before_keys_had_owners_calls_nobody_again()
    {
        await using var node = await ANode();
        await Trigger(node, "another", Call());
        var campaign = await node.Ask(db => db.Leads.Select(l => l.CampaignId).SingleAsync());
        var (old, at) = (Guid.NewGuid(), node.Clock.GetUtcNow());
        await node.Ask(db => db.Database.ExecuteSqlAsync(
            $"insert into leads (id, campaign_id, number, time_zone, due_at, imported_at, idempotency_key) values ({old}, {campaign}, {Person}, 'Asia/Kolkata', {at}, {at}, 'k')"));

        var same = await Trigger(node, "k", Call());
        var other = await Trigger(node, "k", Call(Another));

        Assert.Equal((HttpStatusCode.Accepted, $"/api/v1/leads/{old}"), (same.Status, same.Lead?.ToString()));
        Assert.Equal(["to"], Differing(other.Body));
        Assert.Equal(2, await Leads(node));
    }

    [Fact]
    public async Task Every_field_that_is_wrong_is_named()
    {
        await using var node = await PacerNode.Start();

        var answer = await Trigger(node, null, new { to = "12", purpose = "fun" });

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.All(new[] { "to", "purpose", "Idempotency-Key" }, field => Assert.Contains($"\"field\":\"{field}\"", answer.Body, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("+13085550123", "service", "America/Chicago, America/Denver")]
    [InlineData("+870773111632", "transactional", null)]        // nowhere
    [InlineData("+18765550123", "service", null)]               // a call abroad that looks like none
    [InlineData("+449098790123", "transactional", null)]        // premium rate
    [InlineData("1400012345", "transactional", null)]           // from these companies call
    [InlineData("1600 123 456", "transactional", null)]
    [InlineData("9.19825E+11", "transactional", null)]
    public async Task A_single_call_has_all_zones_that_its_number_may_be_in_or_is_refused(string number, string purpose, string? zones)
    {
        await using var node = await ANode();

        var (status, _, body) = await Trigger(node, "alert", Call(number, purpose));

        Assert.Equal(zones is null ? HttpStatusCode.BadRequest : HttpStatusCode.Accepted, status);
        Assert.Equal(zones is null, body.Contains("\"field\":\"to\"", StringComparison.Ordinal));
        Assert.Equal(zones, await node.Ask(db => db.Leads.Select(l => l.TimeZone).SingleOrDefaultAsync()));
    }

    /// <summary>None of these turns the clock: what waits for a tick waits for ever.</summary>
    public sealed class Now
    {
        private static Task Called(PacerNode node, string what) => Eventually.Async(() => !node.Provider.Originated.IsEmpty, what: what);

        [Fact]
        public async Task A_person_whose_number_is_known_is_called_before_the_clock_turns()
        {
            await using var node = await ANode();
            await Trigger(node, "first", Call(Another));   // the campaign has just been looked at
            await Eventually.Async(() => node.Ask(db => db.Decisions.AnyAsync()));
            var now = node.Clock.GetUtcNow();

            await Trigger(node, "alert", Call());

            await Called(node, "the person is called");
            Assert.Equal(now, node.Clock.GetUtcNow());
        }

        [Fact]
        public async Task A_number_is_looked_up_before_those_of_lists_and_its_answer_calls_on_whichever_replica_hears_it()
        {
            await using var node = await ANode();
            await using var beside = await PacerNode.Start(node.Database, node.Clock, node.Provider);
            var now = node.Clock.GetUtcNow();

            await Trigger(node, "alert", Call(Another));
            await Eventually.Async(() => node.Router.All<EnrichNumbers>().Any(asked => asked.Urgent && asked.Numbers.SequenceEqual([Another])));
            await Eventually.Async(() => node.Ask(db => db.Leads.AnyAsync(l => l.Reason == LeadReasons.AwaitingMetadata)));
            await beside.Publish(Known(Another, dnd: false, "GJ"));

            await Called(node, "the person is called");
            Assert.Equal(now, node.Clock.GetUtcNow());
        }

        [Fact]
        public async Task A_call_that_is_asked_for_while_its_campaign_is_being_looked_at_is_not_overlooked()
        {
            await using var node = await ANode();
            await Trigger(node, "first", Call(Another));
            await Eventually.Async(() => node.Ask(db => db.Decisions.AnyAsync()));
            await using var pulse = await PulseOfAnother.Looking(node);

            var asked = Trigger(node, "alert", Call());
            await pulse.IsWaitedFor();
            await pulse.Ends(nextLook: node.Clock.GetUtcNow().AddSeconds(15));
            await asked;

            await Called(node, "the person is called");
        }

        [Fact]
        public async Task Ten_calls_that_are_asked_for_at_once_are_not_spread_over_seconds()
        {
            await using var node = await ANode();
            string[] people = [.. Enumerable.Range(1, 10).Select(Nodes.Campaigns.NumberOf)];
            foreach (var person in people)
                await node.Publish(Known(person, dnd: false, "GJ"));
            await Eventually.Async(() => node.Ask(async db => await db.Numbers.CountAsync(n => n.Status == "found") >= 10));

            await Task.WhenAll(people.Select(person => Trigger(node, person, Call(person))));

            await Eventually.Async(() => node.Provider.Originated.Count == 10);
        }

        [Fact]
        public async Task Answers_for_a_list_have_it_looked_at_once_a_tick_and_no_other_list_at_all()
        {
            await using var node = await PacerNode.Start();
            var rules = new { name = "test", purpose = "service" };
            var list = await node.ACampaign(rules);
            await node.WithLeads(list, 30);
            var other = await node.ACampaign(rules);
            await node.WithLeads(other, ["+919825019999"]);
            await node.Started(list);
            await node.Started(other);
            await Eventually.Async(() => node.Ask(async db => await db.Pulses.CountAsync(p => p.NextAt != null) == 2));
            await node.Clock.Turn(TimeSpan.FromSeconds(1));
            await Awaited(node, 31);
            var looks = await Looks(node);

            foreach (var number in Enumerable.Range(1, 30).Select(Nodes.Campaigns.NumberOf))
                await node.Publish(Known(number, dnd: false, "GJ"));
            await Awaited(node, 1);
            await Eventually.Async(() =>
                node.Ask(db => db.Pulses.AnyAsync(p => p.CampaignId == list && p.NextAt == p.LastAt + TimeSpan.FromSeconds(1))));
            var looksBeforeTheTick = await Looks(node);
            await node.Clock.Turn(TimeSpan.FromSeconds(1));
            await Called(node, "the list is dialed");

            Assert.Equal(looks, looksBeforeTheTick);
            Assert.Equal(looks[other], (await Looks(node))[other]);
        }

        private static Task Awaited(PacerNode node, int leads) =>
            Eventually.Async(() => node.Ask(async db => await db.Leads.CountAsync(l => l.Reason == LeadReasons.AwaitingMetadata) == leads));

        private static Task<Dictionary<Guid, int>> Looks(PacerNode node) =>
            node.Ask(db => db.Decisions.GroupBy(d => d.CampaignId).ToDictionaryAsync(g => g.Key, g => g.Count()));
    }
}
