using Outdial.Contracts;

namespace Outdial.Providers.Tests.PortaSwitch;

public sealed class SessionTests
{
    private static readonly OriginateRequest Call = new(
        Guid.NewGuid(), "+919876530240", "aa-7", "", new Uri("https://calls.example.org/webhooks/portaswitch/token/events"), TimeSpan.FromSeconds(25));

    [Fact]
    public async Task One_login_serves_many_calls_and_concurrent_callers_share_it()
    {
        await using var porta = await FakePortaSwitch.StartAsync();

        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => porta.Account.OriginateAsync(Call, default)));

        Assert.All(results, result => Assert.IsType<OriginateResult.Accepted>(result));
        Assert.Single(porta.Methods, "Session/login");
    }

    [Fact]
    public async Task A_session_is_refreshed_before_it_expires()
    {
        await using var porta = await FakePortaSwitch.StartAsync();
        await porta.Account.OriginateAsync(Call, default);

        porta.Clock.Advance(porta.SessionLife - TimeSpan.FromSeconds(30));
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => porta.Account.OriginateAsync(Call, default)));

        Assert.Single(porta.Methods, "Session/login");
        Assert.Single(porta.Methods, "Session/refresh_access_token");
        Assert.Equal("refresh-1", porta.Requests.Single(request => request.Method == "Session/refresh_access_token").Parameters.GetProperty("refresh_token").GetString());
        Assert.Equal(11, porta.Methods.Count(method => method == "CallControl/originate_advanced_call"));
    }

    [Fact]
    public async Task A_refresh_that_is_refused_becomes_a_login()
    {
        await using var porta = await FakePortaSwitch.StartAsync();
        await porta.Account.OriginateAsync(Call, default);
        porta.RefreshRefused = true;

        porta.Clock.Advance(porta.SessionLife);
        Assert.IsType<OriginateResult.Accepted>(await porta.Account.OriginateAsync(Call, default));

        Assert.Equal(2, porta.Methods.Count(method => method == "Session/login"));
    }

    [Fact]
    public async Task Callers_whose_session_ended_share_one_new_login()
    {
        await using var porta = await FakePortaSwitch.StartAsync();
        await porta.Account.OriginateAsync(Call, default);
        porta.EndSession();

        var results = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => porta.Account.OriginateAsync(Call, default)));

        Assert.All(results, result => Assert.IsType<OriginateResult.Accepted>(result));
        Assert.Equal(2, porta.Methods.Count(method => method == "Session/login"));
    }

    [Fact]
    public async Task A_token_logs_in_without_a_password()
    {
        await using var porta = await FakePortaSwitch.StartAsync(("Password", null), ("Token", "api-token"));

        Assert.IsType<OriginateResult.Accepted>(await porta.Account.OriginateAsync(Call, default));

        var login = porta.Requests.First().Parameters;
        Assert.Equal(("dialer", "api-token"), (login.GetProperty("login").GetString(), login.GetProperty("token").GetString()));
        Assert.False(login.TryGetProperty("password", out _));
    }

    [Fact]
    public async Task A_login_that_failed_is_tried_again_by_the_next_caller()
    {
        await using var porta = await FakePortaSwitch.StartAsync();
        porta.LoginRefused = true;
        Assert.IsType<OriginateResult.Refused>(await porta.Account.OriginateAsync(Call, default));
        porta.LoginRefused = false;

        Assert.IsType<OriginateResult.Accepted>(await porta.Account.OriginateAsync(Call, default));
    }

    [Fact]
    public async Task An_expiry_that_makes_no_sense_does_not_lead_to_a_login_per_call()
    {
        await using var porta = await FakePortaSwitch.StartAsync();
        porta.SessionLife = TimeSpan.FromHours(-5);

        for (var i = 0; i < 5; i++)
            Assert.IsType<OriginateResult.Accepted>(await porta.Account.OriginateAsync(Call, default));

        Assert.Single(porta.Methods, "Session/login");
    }
}
