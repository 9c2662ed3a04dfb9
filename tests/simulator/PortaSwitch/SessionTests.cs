using System.Net;

namespace Outdial.Simulator.Tests.PortaSwitch;

public class SessionTests
{
    [Theory, InlineData("password", "simulator-password"), InlineData("token", "simulator-token")]
    public async Task A_login_with_password_or_token_gives_tokens_and_their_end_in_utc(string by, string secret)
    {
        await using var porta = await PortaUnderTest.Start();

        var tokens = await porta.Ok("Session/login", new Dictionary<string, string> { ["login"] = "outdial", [by] = secret });

        Assert.Equal("2026-01-14 07:00:00", tokens["expires_at"]!.ToString());
        Assert.All(["session_id", "access_token", "refresh_token"], name => Assert.NotEmpty(tokens[name]!.ToString()));
    }

    [Theory, InlineData("outdial", "wrong"), InlineData("somebody", "simulator-password"), InlineData("outdial", "simulator-token")]
    public async Task A_wrong_login_is_a_fault_with_status_500(string login, string password)
    {
        await using var porta = await PortaUnderTest.Start();

        var response = await porta.Post("Session/login", new { login, password });

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("Server.Session.auth_failed", await PortaUnderTest.FaultCode(response));
    }

    [Fact]
    public async Task An_expired_token_is_refused_until_it_is_refreshed()
    {
        await using var porta = await PortaUnderTest.Start(("Simulator:PortaSwitch:TokenLife", "00:10:00"));
        var tokens = await porta.Login();
        porta.Simulator.Pass(TimeSpan.FromMinutes(10));

        var refused = await porta.Originate("9825056601");
        var renewed = await porta.Ok("Session/refresh_access_token", new { refresh_token = tokens["refresh_token"]!.ToString() });
        porta.Use(renewed["access_token"]!.ToString());
        var taken = await porta.Originate("9825056601");

        Assert.Equal("Server.Session.auth_failed", await PortaUnderTest.FaultCode(refused));
        Assert.Equal(HttpStatusCode.InternalServerError, refused.StatusCode);
        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        Assert.Equal("2026-01-14 06:20:00", renewed["expires_at"]!.ToString());
    }

    [Fact]
    public async Task A_refresh_token_that_is_unknown_or_too_old_is_refused()
    {
        await using var porta = await PortaUnderTest.Start(("Simulator:PortaSwitch:RefreshLife", "02:00:00"));
        var tokens = await porta.Login();

        var unknown = await porta.Post("Session/refresh_access_token", new { refresh_token = "made-up" });
        porta.Simulator.Pass(TimeSpan.FromHours(3));
        var late = await porta.Post("Session/refresh_access_token", new { refresh_token = tokens["refresh_token"]!.ToString() });

        Assert.Equal("Server.Session.auth_failed", await PortaUnderTest.FaultCode(unknown));
        Assert.Equal("Server.Session.auth_failed", await PortaUnderTest.FaultCode(late));
    }

    [Fact]
    public async Task Nobody_controls_calls_without_a_token_of_a_live_session()
    {
        await using var porta = await PortaUnderTest.Start();
        var tokens = await porta.Login();
        Task<HttpResponseMessage> List() => porta.Post("CallControl/get_sip_calls_list", new { i_customer = 1001 });
        async Task<int> Ping() => (int)(await porta.Ok("Session/ping", new { access_token = tokens["access_token"]!.ToString() }))["user_id"]!;

        Assert.Equal((1, HttpStatusCode.OK), (await Ping(), (await List()).StatusCode));

        await porta.Ok("Session/logout", new { access_token = tokens["access_token"]!.ToString() });
        Assert.Equal((0, HttpStatusCode.InternalServerError), (await Ping(), (await List()).StatusCode));

        await porta.Login();
        await porta.EndSessions();
        Assert.Equal("Server.Session.auth_failed", await PortaUnderTest.FaultCode(await List()));

        porta.Use(null);
        Assert.Equal("Server.Session.auth_failed", await PortaUnderTest.FaultCode(await porta.Originate("9825056601")));
        Assert.Empty(await porta.Simulator.Record());
    }

    [Fact]
    public async Task Forms_with_params_and_auth_info_are_understood_as_json_is()
    {
        await using var porta = await PortaUnderTest.Start();
        porta.Use(null);

        var login = await porta.PostForm("Session/login", ("params", """{"login":"outdial","password":"simulator-password"}"""));
        var token = (await SimulatorUnderTest.Json(login))["access_token"]!.ToString();
        var call = await porta.PostForm("CallControl/originate_advanced_call",
            ("params", porta.Parameters("9825056601").ToJsonString()), ("auth_info", $$"""{"access_token":"{{token}}"}"""));
        var rubbish = await porta.PostForm("Session/login", ("params", "login=outdial"));

        Assert.Equal(HttpStatusCode.OK, call.StatusCode);
        Assert.Equal("Client.invalid_request", await PortaUnderTest.FaultCode(rubbish));
    }
}
