using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Outdial.Contracts;
using Outdial.LocalServers;

namespace Outdial.Providers.Tests.Exotel.Client;

public sealed class OriginateTests
{
    private static readonly OriginateRequest Call = new(
        Guid.Parse("0199aaaa-0000-7000-8000-000000000001"), "+919876530240", "07314853246", "926",
        new Uri("https://calls.example.org/webhooks/exotel/token/status"), TimeSpan.FromSeconds(25), TimeSpan.FromMinutes(10));

    [Theory]
    [InlineData("S1-connect-reply.json")]
    [InlineData("S3-connect-reply.json")]
    public async Task The_replies_of_seeds_S1_and_S3_are_an_accepted_call(string seed)
    {
        await using var exotel = await FakeExotel.Answering(200, Seed.Read(seed));

        var result = await exotel.Account.OriginateAsync(Call, default);

        Assert.Equal(new OriginateResult.Accepted("80bfbec2d78bbbf10fb851f4fa165211", "in-progress"), result);
    }

    [Fact]
    public async Task The_request_carries_exactly_what_the_documents_list()
    {
        await using var exotel = await FakeExotel.Answering(200, Seed.Read("S1-connect-reply.json"));

        await exotel.Account.OriginateAsync(Call, default);

        var request = Assert.Single(exotel.Requests);
        Assert.Equal(("POST", "/v1/Accounts/acme1/Calls/connect.json"), (request.Method, request.Path));
        Assert.Equal("Basic a2V5OnRva2Vu", request.Authorization);
        Assert.Equal("application/x-www-form-urlencoded", request.ContentType);
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["From"] = "+919876530240",
                ["CallerId"] = "07314853246",
                ["Url"] = "http://my.exotel.com/acme1/exoml/start_voice/926",
                ["CallType"] = "trans",
                ["TimeOut"] = "25",
                ["TimeLimit"] = "600",
                ["CustomField"] = "0199aaaa-0000-7000-8000-000000000001",
                ["StatusCallback"] = "https://calls.example.org/webhooks/exotel/token/status",
            },
            request.Form);
        // The three names that seed S1 sends are among them.
        foreach (var pair in Seed.Read("S1-connect-request.txt").Trim().Split('&'))
            Assert.Contains(pair.Split('=')[0], request.Form.Keys);
    }

    [Fact]
    public async Task Ring_time_and_call_time_are_capped_as_Exotel_caps_them()
    {
        await using var exotel = await FakeExotel.Answering(200, Seed.Read("S1-connect-reply.json"));

        await exotel.Account.OriginateAsync(Call with { RingTimeout = TimeSpan.FromMinutes(5), TimeLimit = TimeSpan.FromDays(1) }, default);

        var form = Assert.Single(exotel.Requests).Form;
        Assert.Equal(("60", "14400"), (form["TimeOut"], form["TimeLimit"]));
    }

    [Fact]
    public async Task A_number_that_is_not_E164_is_refused_without_a_request()
    {
        await using var exotel = await FakeExotel.Answering(200, "{}");

        var result = await exotel.Account.OriginateAsync(Call with { To = "9876530240" }, default);

        Assert.Equal(Outcomes.InvalidNumber, Assert.IsType<OriginateResult.Refused>(result).Outcome);
        Assert.Empty(exotel.Requests);
    }

    [Fact]
    public async Task An_answer_in_XML_is_understood()
    {
        await using var exotel = await FakeExotel.Answering(
            200, "<?xml version=\"1.0\"?><TwilioResponse><Call><Sid>abc</Sid><Status>in-progress</Status><EndTime/></Call></TwilioResponse>", "text/xml");

        Assert.Equal(new OriginateResult.Accepted("abc", "in-progress"), await exotel.Account.OriginateAsync(Call, default));
    }

    [Theory]
    [InlineData(400, "The 'From' parameter is not a valid number.", Outcomes.InvalidNumber, false, false)]
    [InlineData(400, "Invalid From number", Outcomes.InvalidNumber, false, false)]
    [InlineData(400, "The 'From' parameter is required.", Outcomes.ProviderError, false, false)]
    [InlineData(400, "The 'CallerId' parameter is invalid.", Outcomes.ProviderError, false, false)]
    [InlineData(403, "Call to this number is not allowed: number is in DND", Outcomes.Barred, false, false)]
    [InlineData(400, "Number registered as do-not-disturb", Outcomes.Barred, false, false)]
    [InlineData(401, "Authentication failed. Verify your API key and token.", Outcomes.ProviderError, true, true)]
    [InlineData(402, "Payment required", Outcomes.ProviderError, true, true)]
    [InlineData(403, "Account suspended", Outcomes.ProviderError, true, true)]
    [InlineData(404, "Not found", Outcomes.ProviderError, true, true)]
    public async Task A_readable_refusal_says_whose_fault_it_is(int status, string message, string outcome, bool keepsTry, bool accountTrouble)
    {
        await using var exotel = await FakeExotel.Answering(status, $$$"""{"RestException": {"Status": {{{status}}}, "Message": "{{{message}}}"}}""");

        var refused = Assert.IsType<OriginateResult.Refused>(await exotel.Account.OriginateAsync(Call, default));

        Assert.Equal(
            (outcome, status, keepsTry, accountTrouble), (refused.Outcome, refused.StatusCode, refused.LeadKeepsTry, refused.AccountTrouble));
        Assert.Single(exotel.Requests);
    }

    [Theory]
    [InlineData(null, 10)]
    [InlineData("17", 17)]
    [InlineData("soon", 10)]
    public async Task A_throttled_lead_keeps_its_try_and_waits(string? retryAfter, int seconds)
    {
        await using var exotel = await FakeExotel.Answering(
            429, """{"RestException": {"Status": 429, "Message": "Rate limit exceeded. Max 200 requests per minute."}}""",
            also: response => response.Headers.RetryAfter = retryAfter);

        var refused = Assert.IsType<OriginateResult.Refused>(await exotel.Account.OriginateAsync(Call, default));

        Assert.Equal((TimeSpan.FromSeconds(seconds), true, false), (refused.RetryAfter, refused.LeadKeepsTry, refused.AccountTrouble));
    }

    [Fact]
    public async Task A_refusal_of_one_number_is_no_trouble_of_the_account()
    {
        await using var exotel = await FakeExotel.Answering(
            403, """{"RestException": {"Status": 403, "Message": "Calls to this number are not allowed."}}""");

        var refused = Assert.IsType<OriginateResult.Refused>(await exotel.Account.OriginateAsync(Call, default));

        Assert.Equal(("Barred", false, false), (refused.Outcome, refused.LeadKeepsTry, refused.AccountTrouble));
    }

    [Fact]
    public async Task An_error_inside_a_200_is_an_error()
    {
        await using var exotel = await FakeExotel.Answering(200, """{"RestException": {"Status": "401", "Message": "no"}}""");

        Assert.True(Assert.IsType<OriginateResult.Refused>(await exotel.Account.OriginateAsync(Call, default)).AccountTrouble);
    }

    [Theory]
    [InlineData(500, """{"RestException": {"Status": 500, "Message": "Internal Server Error"}}""")]
    [InlineData(502, "<html>bad gateway</html>")]
    [InlineData(504, "")]
    [InlineData(409, """{"RestException": {"Status": 409, "Message": "Conflict"}}""")]
    [InlineData(200, "")]
    [InlineData(200, """{"Call": {"Sid": "80bfbec2d78b""")]
    [InlineData(200, """{"Call": {"Sid": null}}""")]
    [InlineData(202, "accepted")]
    public async Task An_answer_that_settles_nothing_is_uncertain_and_not_repeated(int status, string body)
    {
        await using var exotel = await FakeExotel.Answering(status, body);

        Assert.IsType<OriginateResult.Uncertain>(await exotel.Account.OriginateAsync(Call, default));

        Assert.Single(exotel.Requests);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var exotel = await FakeExotel.Answering(307, "", also: response => response.Headers.Location = "/elsewhere");

        Assert.True(Assert.IsType<OriginateResult.Refused>(await exotel.Account.OriginateAsync(Call, default)).AccountTrouble);

        Assert.Single(exotel.Requests);
    }

    [Fact]
    public async Task A_connection_cut_after_the_request_is_uncertain_and_not_repeated()
    {
        await using var exotel = await FakeExotel.Answering(context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });

        Assert.IsType<OriginateResult.Uncertain>(await exotel.Account.OriginateAsync(Call, default));

        Assert.Single(exotel.Requests);
    }

    [Fact]
    public async Task A_kept_connection_that_is_cut_at_the_second_call_is_not_retried_behind_our_back()
    {
        var calls = 0;
        await using var exotel = await FakeExotel.Answering(async context =>
        {
            if (++calls == 2)
                context.Abort();
            else
                await context.Response.WriteAsync(Seed.Read("S1-connect-reply.json"));
        });

        Assert.IsType<OriginateResult.Accepted>(await exotel.Account.OriginateAsync(Call, default));
        Assert.IsType<OriginateResult.Uncertain>(await exotel.Account.OriginateAsync(Call, default));

        Assert.Equal(2, exotel.Requests.Count);
    }

    [Fact]
    public async Task An_answer_that_never_comes_is_uncertain()
    {
        await using var exotel = await FakeExotel.Answering(
            context =>
                Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default),
            ("Accounts:default:RequestTimeout", "00:00:00.300"));

        Assert.IsType<OriginateResult.Uncertain>(await exotel.Account.OriginateAsync(Call, default));
    }

    [Fact]
    public async Task A_provider_that_nobody_listens_for_refuses_and_the_lead_keeps_its_try()
    {
        using var client = FakeExotel.Client($"http://127.0.0.1:{FreePort.Next()}/");

        var result = await client.Services.GetRequiredService<ITelephonyProviders>().Get("default").OriginateAsync(Call, default);

        var refused = Assert.IsType<OriginateResult.Refused>(result);
        Assert.True(refused is { LeadKeepsTry: true, AccountTrouble: false, StatusCode: null });
    }

    [Fact]
    public async Task A_request_that_is_not_wanted_any_more_is_not_sent()
    {
        await using var exotel = await FakeExotel.Answering(200, "{}");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => exotel.Account.OriginateAsync(Call, new CancellationToken(true)));

        Assert.Empty(exotel.Requests);
    }
}
