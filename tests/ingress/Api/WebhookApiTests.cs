using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Outdial.Contracts;
using Outdial.Ingress.Api;
using Outdial.Ingress.Retention;
using Outdial.Ingress.Webhooks;
using Outdial.Testing;

namespace Outdial.Ingress.Tests.Api;

[Collection("ingress")]
public sealed class WebhookApiTests(SharedIngress shared)
{
    private readonly IngressService _ingress = shared.Service;
    private readonly Guid _attempt = Guid.CreateVersion7();

    private async Task<Webhook> Kept(string body)
    {
        using var answer = await _ingress.PostAsync("status", _attempt, new StringContent(body, Encoding.UTF8, "application/x-www-form-urlencoded"));
        answer.EnsureSuccessStatusCode();
        await Eventually.Async(async () => (await _ingress.Rows(_attempt)).Count == 1);
        return (await _ingress.Rows(_attempt))[0];
    }

    [Fact]
    public async Task A_replay_publishes_the_same_events_under_the_same_ids_and_is_on_record()
    {
        var row = await Kept("CallSid=c&Status=busy&DateUpdated=2026-01-14 12:00:00");
        await Eventually.Async(() => _ingress.Heard.Of(_attempt).Count == 1);

        var result = await _ingress.Api<ReplayResult>(HttpMethod.Post, $"/{row.Id}/replay", IngressService.AdminKey);

        await Eventually.Async(() => _ingress.Heard.Of(_attempt).Count == 2);
        var heard = _ingress.Heard.Of(_attempt);
        Assert.Equal(heard[0], heard[1]);
        Assert.Equal((Dispositions.Translated, heard[0].EventId, nameof(CallTerminated)),
            (result.Disposition, result.Events.Single().EventId, result.Events.Single().Type));
        var detail = await _ingress.Api<WebhookDetail>(HttpMethod.Get, $"/{row.Id}", IngressService.AdminKey);
        Assert.Equal(("ada", 1), (Assert.Single(detail.Replays).ReplayedBy, detail.Replays[0].Events));
        Assert.Single(await _ingress.Rows(_attempt));
    }

    [Fact]
    public async Task A_quarantined_webhook_is_listed_with_its_reason_and_stays_quarantined_when_replayed()
    {
        var row = await Kept("Status=gone-fishing");

        var listed = await _ingress.Api<List<WebhookSummary>>(HttpMethod.Get, "?disposition=quarantined&limit=500", IngressService.AgentKey);
        var result = await _ingress.Api<ReplayResult>(HttpMethod.Post, $"/{row.Id}/replay", IngressService.AdminKey);

        Assert.All(listed, summary => Assert.Equal(Dispositions.Quarantined, summary.Disposition));
        Assert.Equal(row.Reason, Assert.Single(listed, summary => summary.Id == row.Id).Reason);
        Assert.Equal(Dispositions.Quarantined, result.Disposition);
    }

    [Fact]
    public async Task Whole_numbers_are_shown_to_those_who_run_campaigns_and_to_nobody_else()
    {
        var row = await Kept("CallSid=c&Status=busy&From=%2B919876530240&To=09876530241");

        var admin = await _ingress.Api<WebhookDetail>(HttpMethod.Get, $"/{row.Id}", IngressService.AdminKey);
        var agent = await _ingress.Api<WebhookDetail>(HttpMethod.Get, $"/{row.Id}", IngressService.AgentKey);

        Assert.Contains("919876530240", admin.Body);
        Assert.Equal(row.Body, Convert.FromBase64String(admin.BodyBase64!));
        Assert.DoesNotContain("9876530240", agent.Body);
        Assert.DoesNotContain("9876530241", agent.Body);
        Assert.Null(agent.BodyBase64);
    }

    [Fact]
    public async Task Without_a_key_without_the_role_and_without_sense_it_is_refused()
    {
        var unknown = Guid.NewGuid();
        using var anonymous = await _ingress.Api(HttpMethod.Get, "", null);
        using var agent = await _ingress.Api(HttpMethod.Post, $"/{unknown}/replay", IngressService.AgentKey);
        using var missing = await _ingress.Api(HttpMethod.Post, $"/{unknown}/replay", IngressService.AdminKey);
        using var word = await _ingress.Api(HttpMethod.Get, "?disposition=lost", IngressService.AdminKey);
        using var many = await _ingress.Api(HttpMethod.Get, "?limit=100000", IngressService.AdminKey);

        Assert.Equal(
            [HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden, HttpStatusCode.NotFound, HttpStatusCode.BadRequest, HttpStatusCode.BadRequest],
            [anonymous.StatusCode, agent.StatusCode, missing.StatusCode, word.StatusCode, many.StatusCode]);
    }

    [Fact]
    public async Task Webhooks_older_than_the_retention_are_deleted_and_younger_ones_are_not()
    {
        await using var own = await IngressService.StartAsync(await PostgresServer.CreateDatabaseAsync("ingress_old"), null, TemporaryFolder.Make("spool"));
        var younger = Guid.CreateVersion7();
        using var old = await own.PostAsync("status", _attempt, new StringContent("CallSid=c&Status=busy"));
        using var young = await own.PostAsync("status", younger, new StringContent("CallSid=d&Status=busy"));
        await Eventually.Async(async () => (await own.Rows(_attempt)).Count + (await own.Rows(younger)).Count == 2);
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await own.WithDb(db => db.Webhooks.ExecuteUpdateAsync(set => set.SetProperty(
            row => row.ReceivedAt, row => row.AttemptId == younger ? clock.Start.AddDays(-29) : clock.Start.AddDays(-31))));
        using var pruner = new WebhookPruner(
            own.Services.GetRequiredService<IServiceScopeFactory>(), Options.Create(new IngressOptions()), clock, NullLogger<WebhookPruner>.Instance);

        await pruner.StartAsync(default);

        await Eventually.Async(async () => (await own.Rows(_attempt)).Count == 0);
        await pruner.StopAsync(default);
        Assert.Single(await own.Rows(younger));
    }
}
