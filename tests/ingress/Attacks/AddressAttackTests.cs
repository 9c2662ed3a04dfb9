using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Ingress.Webhooks;
using Outdial.Platform;
using Outdial.Testing;

namespace Outdial.Ingress.Tests.Attacks;

/// <summary>What somebody who has one callback address must not be able to say at ingress, asked straight and not through a gateway.</summary>
[Collection("ingress")]
public sealed class AddressAttackTests(SharedIngress shared)
{
    private static readonly string[] Kinds = ["status", "events", "line", "passthru", "popup", "dialed", "heartbeat"];
    private readonly IngressService _ingress = shared.Service;
    private readonly Guid _attempt = Guid.CreateVersion7();
    private readonly string _call = Guid.NewGuid().ToString("N");

    public static TheoryData<CallbackPurpose, string> Mismatches()
    {
        var all = new TheoryData<CallbackPurpose, string>();
        foreach (var purpose in Enum.GetValues<CallbackPurpose>())
        {
            foreach (var kind in (string[])[.. Kinds, "weather", "STATUS", "Line"])
            {
                if (!CallbackPurposes.OfWebhook(kind).Contains(purpose))
                    all.Add(purpose, kind);
            }
        }
        return all;
    }

    [Theory, MemberData(nameof(Mismatches))]
    public async Task A_token_of_another_purpose_reports_nothing(CallbackPurpose purpose, string kind)
    {
        var address = IngressService.Address(_ingress.Services, kind, purpose, _attempt, TimeProvider.System.GetUtcNow().AddHours(1));

        using var posted = await _ingress.Http.PostAsync(address, new StringContent($"CallSid={_call}&Status=completed&EventType=terminal"));
        using var got = await _ingress.Http.GetAsync($"{address}?CallSid={_call}&Status=completed&EventType=Terminal&CallType=completed");

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (posted.StatusCode, got.StatusCode));
        Assert.Equal("application/problem+json", posted.Content.Headers.ContentType!.MediaType);
        Assert.Empty(await _ingress.Rows(_attempt));
        Assert.False(await _ingress.WithDb(db => db.Webhooks.AnyAsync(row => row.CallId == _call)));
    }

    [Fact]
    public async Task An_attempts_address_cannot_speak_of_a_call_that_was_made_for_another_attempt()
    {
        var other = Guid.CreateVersion7();
        await Originated(other, _call);

        using var lie = await _ingress.PostAsync("status", _attempt, new StringContent($"CallSid={_call}&Status=completed"));

        Assert.Equal(HttpStatusCode.OK, lie.StatusCode);
        var row = await Stored();
        Assert.Equal((Dispositions.Quarantined, "It names a call that was made for another attempt."), (row.Disposition, row.Reason));
        Assert.Empty(_ingress.Heard.OfCall(_call));
    }

    [Fact]
    public async Task An_attempts_address_cannot_give_the_attempt_another_call_than_it_has()
    {
        await Originated(_attempt, _call);

        using var lie = await _ingress.PostAsync("status", _attempt, new StringContent("CallSid=somebody-elses&Status=completed"));

        var row = await Stored();
        Assert.Equal((Dispositions.Quarantined, "It names another call than the one that was made for its attempt."), (row.Disposition, row.Reason));
        Assert.Empty(_ingress.Heard.Of(_attempt));
        using var truth = await _ingress.PostAsync("status", _attempt, new StringContent($"CallSid={_call}&Status=busy"));
        await Eventually.Async(() => _ingress.Heard.Of(_attempt).OfType<CallTerminated>().Any());
    }

    [Fact]
    public async Task What_a_webhook_taught_gives_way_to_the_providers_answer_to_our_own_request()
    {
        var forged = Guid.CreateVersion7();
        using var early = await _ingress.PostAsync("status", forged, new StringContent($"CallSid={_call}&EventType=ringing"));   // claims a call that is another's
        await Eventually.Async(() => _ingress.WithDb(db => db.KnownCalls.AnyAsync(known => known.CallId == _call)));

        await Originated(_attempt, _call);
        using var passthru = await _ingress.Http.GetAsync(_ingress.Address("passthru", null) + $"?CallSid={_call}&CallType=call-attempt");

        await Eventually.Async(() => _ingress.Heard.Of(_attempt).OfType<CallAnswered>().Any());
        Assert.Empty(_ingress.Heard.Of(forged).OfType<CallAnswered>());
    }

    [Fact]
    public async Task A_flows_address_is_not_believed_about_an_attempt_whose_id_alone_is_known()
    {
        var passthru = _ingress.Address("passthru", null);
        using var bare = await _ingress.Http.GetAsync($"{passthru}?CallSid={_call}&CallType=client-hangup&CustomField={_attempt}");
        using var ofAnother = await _ingress.Http.GetAsync($"{passthru}?CallSid={_call}&CallType=client-hangup&CustomField={_ingress.Echo(_attempt, "another account")}");

        await Eventually.Async(async () => await _ingress.WithDb(db => db.Webhooks.CountAsync(row => row.CallId == _call)) == 2);
        Assert.All(await _ingress.WithDb(db => db.Webhooks.Where(row => row.CallId == _call).ToListAsync()), row =>
            Assert.Equal(Dispositions.Unmatched, row.Disposition));
        Assert.Empty(_ingress.Heard.Of(_attempt));
    }

    [Fact]
    public async Task A_lines_address_names_its_own_line_whatever_call_the_body_names()
    {
        var (mine, theirs) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        using var answer = await _ingress.PostAsync("line", mine, new StringContent($"CallSid={_call}&Status=completed&CustomField={_ingress.Echo(theirs)}"));

        await Eventually.Async(() => _ingress.Heard.OfCall(_call).Count == 1);
        Assert.Equal(mine, Assert.IsType<LineEnded>(_ingress.Heard.OfCall(_call)[0]).LineId);
    }

    [Fact]
    public async Task Each_address_of_the_account_is_revoked_and_rotated_by_itself_and_shows_its_last_use()
    {
        var old = await Addresses();
        var (popup, dialed) = (PathOf(old, "popup"), PathOf(old, "dialed"));
        using (var used = await _ingress.Http.GetAsync($"{popup}?CallSid={_call}&EventType=Dial"))
            Assert.Equal(HttpStatusCode.OK, used.StatusCode);
        Assert.NotNull(Current(await Addresses(), "popup").GetProperty("lastUsedAt").GetString());

        await Admin(HttpMethod.Delete, Current(old, "popup").GetProperty("id").GetString()!);
        await Admin(HttpMethod.Post, Current(old, "dialed").GetProperty("id").GetString() + "/rotate", new { overlap = "01:00:00" });

        using var refused = await _ingress.Http.GetAsync($"{popup}?CallSid={_call}&EventType=Dial");
        using var rotated = await _ingress.Http.GetAsync($"{dialed}?CallSid={_call}&CallType=completed");
        var fresh = await Addresses();
        using var anew = await _ingress.Http.GetAsync($"{PathOf(fresh, "popup")}?CallSid={_call}&EventType=Dial");
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.OK, HttpStatusCode.OK), (refused.StatusCode, rotated.StatusCode, anew.StatusCode));
        Assert.NotEqual(dialed, PathOf(fresh, "dialed"));
        Assert.Equal(PathOf(old, "passthru"), PathOf(fresh, "passthru"));
    }

    [Fact]
    public async Task What_came_to_a_revoked_address_is_not_believed_though_a_process_took_it_in_that_could_not_know_and_at_a_replay_neither()
    {
        var popup = Current(await Addresses(), "popup").GetProperty("id").GetGuid();
        await Admin(HttpMethod.Delete, popup.ToString());
        var received = new WebhookReceived
        {
            Id = Guid.CreateVersion7(),
            Provider = "exotel",
            Account = "default",
            Kind = "popup",
            AddressId = popup,
            Method = "GET",
            Query = $"?CallSid={_call}&EventType=Dial&DialWhomNumber=07995679243",
            Body = [],
            ReceivedAt = TimeProvider.System.GetUtcNow(),
            OrderKey = Guid.NewGuid(),
        };

        await _ingress.Bus.Publish(received);
        await Eventually.Async(() => _ingress.WithDb(db => db.Webhooks.AnyAsync(row => row.Id == received.Id)));
        using var replay = await _ingress.Api(HttpMethod.Post, $"/{received.Id}/replay", IngressService.AdminKey);

        var row = await _ingress.WithDb(db => db.Webhooks.SingleAsync(row => row.Id == received.Id));
        Assert.Equal((Dispositions.Quarantined, "It came to an address that had been revoked."), (row.Disposition, row.Reason));
        Assert.Empty(_ingress.Heard.OfCall(_call));
    }

    [Theory]
    [InlineData("-00:00:01"), InlineData("100.00:00:00")]
    public async Task An_overlap_out_of_range_is_refused_with_what_was_expected(string overlap)
    {
        var current = Current(await Addresses(), "heartbeat").GetProperty("id").GetString();

        using var answer = await _ingress.Admin(HttpMethod.Post, $"/api/v1/accounts/default/flow-addresses/{current}/rotate", JsonContent.Create(new { overlap }));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("'overlap' is", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private async Task<JsonElement> Addresses()
    {
        using var answer = await _ingress.Admin(HttpMethod.Get, "/api/v1/accounts/default/flow-addresses");
        return await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task Admin(HttpMethod method, string path, object? body = null)
    {
        using var answer = await _ingress.Admin(method, $"/api/v1/accounts/default/flow-addresses/{path}", body is null ? null : JsonContent.Create(body));
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }

    private static string PathOf(JsonElement addresses, string kind) => new Uri(addresses.GetProperty(kind).GetString()!).AbsolutePath;

    private static JsonElement Current(JsonElement addresses, string kind) => addresses.GetProperty("addresses").EnumerateArray()
        .First(address => address.GetProperty("kind").GetString() == kind && address.GetProperty("revokedAt").ValueKind == JsonValueKind.Null);

    private async Task<Webhook> Stored()
    {
        await Eventually.Async(async () => (await _ingress.Rows(_attempt)).Count > 0);
        return Assert.Single(await _ingress.Rows(_attempt));
    }

    private async Task Originated(Guid attempt, string call)
    {
        await _ingress.Bus.Publish(new CallOriginated
        {
            EventId = Guid.NewGuid(),
            AttemptId = attempt,
            CampaignId = Guid.NewGuid(),
            Account = "default",
            ProviderCallId = call,
            OccurredAt = TimeProvider.System.GetUtcNow(),
            ReceivedAt = TimeProvider.System.GetUtcNow(),
        });
        await Eventually.Async(() =>
            _ingress.WithDb(db => db.KnownCalls.AnyAsync(known => known.CallId == call && known.AttemptId == attempt && known.Originated)));
    }
}
