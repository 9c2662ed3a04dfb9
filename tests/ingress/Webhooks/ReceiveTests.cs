using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Ingress.Webhooks;
using Outdial.Testing;

namespace Outdial.Ingress.Tests.Webhooks;

[Collection("ingress")]
public sealed class ReceiveTests(SharedIngress shared)
{
    private readonly IngressService _ingress = shared.Service;
    private readonly Guid _attempt = Guid.CreateVersion7();

    private static StringContent Form(string body) => new(body, Encoding.UTF8, "application/x-www-form-urlencoded");

    private async Task<Webhook> Stored(string disposition)
    {
        await Eventually.Async(async () => (await _ingress.Rows(_attempt)).Count > 0);
        var row = Assert.Single(await _ingress.Rows(_attempt));
        Assert.Equal(disposition, row.Disposition);
        return row;
    }

    private async Task<T> Heard<T>() where T : ICallEvent
    {
        await Eventually.Async(() => _ingress.Heard.Of(_attempt).Count > 0);
        return Assert.IsType<T>(Assert.Single(_ingress.Heard.Of(_attempt)));
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded", "CallSid=c&Status=no-answer&RecordingUrl=null&DateUpdated=2021-07-14+15:36:22", Outcomes.NoAnswer)]
    [InlineData("application/x-www-form-urlencoded", "CallSid=c&EventType=terminal&Status=completed&Legs[0][Status]=completed&Legs[1][Status]=busy", Outcomes.Abandoned)]
    [InlineData("application/x-www-form-urlencoded", "CallSid=c&Event%20Type=%20Terminal&Status=%20failed&Legs[0][CauseCode]=USER_BUSY&Legs[0][Cause]=17", Outcomes.Busy)]
    [InlineData("application/json", """{"CallSid":"c","EventType":"terminal","Status":"completed","ConversationDuration":8,"Legs":[{"Status":"completed"}],"EndTime":"1970-01-01 05:30:00"}""", Outcomes.Completed)]
    [InlineData("application/json", """{"CallSid":"c","EventType":"terminal","Status":"gone-fishing"}""", Outcomes.Unknown)]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"CallSid\"\r\n\r\nc\r\n--b\r\nContent-Disposition: form-data; name=\"Status\"\r\n\r\nbusy\r\n--b--\r\n", Outcomes.Busy)]
    [InlineData("text/plain", "CallSid=c&CallSid=c&Status=&Status=busy", Outcomes.Busy)]
    public async Task A_status_callback_in_any_form_becomes_the_neutral_end_of_the_call(string contentType, string body, string outcome)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);

        using var answer = await _ingress.PostAsync("status", _attempt, content);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var ended = await Heard<CallTerminated>();
        Assert.Equal((outcome, "c", _attempt), (ended.Outcome, ended.ProviderCallId, ended.AttemptId));
        var row = await Stored(Dispositions.Translated);
        Assert.Equal((body, contentType, "c"), (Encoding.UTF8.GetString(row.Body), row.ContentType, row.CallId));
    }

    [Fact]
    public async Task Answered_that_comes_twice_is_an_answer_and_a_bridge()
    {
        const string answered = "CallSid=c&EventType=answered&Status=in-progress&Legs[0][Status]=in-progress&Legs[1][Status]=";

        using var first = await _ingress.PostAsync("status", _attempt, Form(answered));
        using var second = await _ingress.PostAsync("status", _attempt, Form(answered + "in-progress"));

        await Eventually.Async(() => _ingress.Heard.Of(_attempt).Count == 2);
        Assert.Single(_ingress.Heard.Of(_attempt).OfType<CallAnswered>());
        Assert.Single(_ingress.Heard.Of(_attempt).OfType<CallConnected>());
    }

    [Fact]
    public async Task A_Passthru_finds_its_attempt_by_the_echo()
    {
        var query = $"?CallSid=p1&CallType=call-attempt&CallStatus=in-progress&ForwardedFrom=null&digits=%225%22&CustomField={_ingress.Echo(_attempt)}";

        using var answer = await _ingress.Http.GetAsync(_ingress.Address("passthru", null) + query);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);   // exactly 200: it chooses the flow's next step
        await Eventually.Async(() => _ingress.Heard.Of(_attempt).Count == 2);
        Assert.Equal("5", Assert.Single(_ingress.Heard.Of(_attempt).OfType<CallDigitsPressed>()).Digits);
        await Stored(Dispositions.Translated);
    }

    [Theory]
    [InlineData("status", "application/json", "{\"CallSid\":")]
    [InlineData("status", "application/x-www-form-urlencoded", "Status=gone-fishing")]
    [InlineData("status", "multipart/form-data; boundary=x", "no part at all")]
    [InlineData("status", "x/y", "")]
    public async Task What_cannot_be_understood_is_accepted_and_quarantined(string kind, string contentType, string body)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);

        using var answer = await _ingress.PostAsync(kind, _attempt, content);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var row = await Stored(Dispositions.Quarantined);
        Assert.False(string.IsNullOrEmpty(row.Reason));
        Assert.Equal(body, Encoding.UTF8.GetString(row.Body));
        Assert.Empty(_ingress.Heard.Of(_attempt));
    }

    [Fact]
    public async Task Random_bytes_are_always_taken_and_every_one_has_its_row()
    {
        var random = new Random(20260114);
        for (var i = 0; i < 60; i++)
        {
            var body = new byte[random.Next(0, 400)];
            random.NextBytes(body);
            using var content = new ByteArrayContent(body);
            content.Headers.TryAddWithoutValidation(
                "Content-Type", (i % 4) switch { 0 => "application/json", 1 => "multipart/form-data; boundary=b", 2 => "application/x-www-form-urlencoded", _ => "a" });
            using var answer = await _ingress.PostAsync("status", _attempt, content);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        await Eventually.Async(async () => (await _ingress.Rows(_attempt)).Count == 60);
    }

    [Fact]
    public async Task A_heartbeat_is_kept_and_says_nothing()
    {
        using var beat = await _ingress.PostAsync("heartbeat", null, new StringContent($$"""{"timestamp":"2026-11-20T12:00:00+05:30","status_type":"OK","mark":"{{_attempt}}"}"""));
        using var odd = await _ingress.PostAsync("heartbeat", null, new StringContent($$"""["{{_attempt}}"]"""));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (beat.StatusCode, odd.StatusCode));
        var mark = Encoding.UTF8.GetBytes(_attempt.ToString());
        await Eventually.Async(async () => (await Beats()).Count == 2);
        Assert.Equal([Dispositions.Ignored, Dispositions.Quarantined], (await Beats()).Select(row => row.Disposition));

        Task<List<Webhook>> Beats() => _ingress.WithDb(db => db.Webhooks.FromSql(
            $"select * from webhooks where kind = 'heartbeat' and position({mark} in body) > 0").AsNoTracking().OrderBy(row => row.Id).ToListAsync());
    }

    [Fact]
    public async Task A_token_that_is_wrong_foreign_or_expired_is_refused()
    {
        var good = _ingress.Address("status", _attempt);
        var end = good.LastIndexOf('/') - 1;
        var forged = good[..(end - 5)] + (good[end - 5] == 'A' ? 'B' : 'A') + good[(end - 4)..];

        using var rubbish = await _ingress.Http.PostAsync("/webhooks/exotel/rubbish/status", Form("CallSid=c&Status=busy"));
        using var changed = await _ingress.Http.PostAsync(forged, Form("CallSid=c&Status=busy"));
        using var expired = await _ingress.Http.PostAsync(_ingress.Address("status", _attempt, TimeSpan.FromSeconds(-5)), Form("CallSid=c&Status=busy"));

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden),
            (rubbish.StatusCode, changed.StatusCode, expired.StatusCode));
        Assert.Equal("application/problem+json", expired.Content.Headers.ContentType!.MediaType);
        Assert.Empty(await _ingress.Rows(_attempt));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_that_is_too_large_is_refused_with_413(bool chunked)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post, _ingress.Address("status", _attempt))
        { Content = new ByteArrayContent(new byte[300 * 1024]) };
        request.Headers.TransferEncodingChunked = chunked;

        using var answer = await _ingress.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task The_same_receipt_that_the_broker_delivers_thrice_is_one_row_and_yields_its_event_once()
    {
        var received = new WebhookReceived
        {
            Id = Guid.CreateVersion7(),
            Provider = "exotel",
            Account = "default",
            Kind = "status",
            AttemptId = _attempt,
            Method = "POST",
            Query = "",
            ContentType = null,
            Body = Encoding.UTF8.GetBytes("CallSid=c&Status=busy"),
            ReceivedAt = TimeProvider.System.GetUtcNow(),
            OrderKey = _attempt,
        };

        await Task.WhenAll(_ingress.Bus.Publish(received), _ingress.Bus.Publish(received), _ingress.Bus.Publish(received));
        using var after = await _ingress.PostAsync("status", _attempt, Form("CallSid=c&EventType=ringing"));

        await Eventually.Async(() => _ingress.Heard.Of(_attempt).OfType<CallRinging>().Any());
        await Eventually.Async(() => _ingress.Heard.Receipts.Count(receipt => receipt.Id == received.Id) == 3);
        Assert.Equal(2, (await _ingress.Rows(_attempt)).Count);
        Assert.Single(_ingress.Heard.Of(_attempt).OfType<CallTerminated>());
    }

    [Fact]
    public async Task What_became_of_the_webhooks_is_counted()
    {
        using var refused = await _ingress.Http.PostAsync("/webhooks/exotel/rubbish/status", Form(""));
        using var quarantined = await _ingress.PostAsync("status", _attempt, Form("Status=gone-fishing"));
        await Stored(Dispositions.Quarantined);

        var metrics = await _ingress.Http.GetStringAsync("/metrics");

        Assert.Matches(@"outdial_webhooks_total\{[^}]*disposition=""quarantined""[^}]*kind=""status""|outdial_webhooks_total\{[^}]*kind=""status""[^}]*disposition=""quarantined""", metrics);
        Assert.Contains("outdial_webhooks_refused_total", metrics);
        Assert.Contains("outdial_spool_depth", metrics);
    }
}
