namespace Outdial.Simulator.PortaSwitch;

/// <summary><c>/rest/Session/…</c>: logging in, and staying so.</summary>
public static class SessionEndpoints
{
    public static void MapSessions(this IEndpointRouteBuilder rest)
    {
        rest.MapPost("/Session/login", (HttpContext http, Sessions sessions) => Answer(http, body =>
            Granted(sessions.Login(body.Text("login"), body.Text("password"), body.Text("token")))));
        rest.MapPost("/Session/refresh_access_token", (HttpContext http, Sessions sessions) => Answer(http, body =>
            Granted(sessions.Refresh(body.Text("refresh_token")))));
        rest.MapPost("/Session/ping", (HttpContext http, Sessions sessions) => Answer(http, body =>
            TypedResults.Ok(new { user_id = sessions.IsValid(body.Text("access_token")) ? 1 : 0 })));
        rest.MapPost("/Session/logout", (HttpContext http, Sessions sessions) => Answer(http, body =>
            TypedResults.Ok(new { success = sessions.Logout(body.Text("access_token")) ? 1 : 0 })));
    }

    private static IResult Granted(Tokens? tokens) => tokens is null
        ? PortaFault.AuthFailed
        : TypedResults.Ok(new
        {
            session_id = tokens.SessionId,
            access_token = tokens.AccessToken,
            refresh_token = tokens.RefreshToken,
            expires_at = PortaTime.Text(tokens.ExpiresAt),
        });

    private static async Task<IResult> Answer(HttpContext http, Func<PortaBody, IResult> answer) =>
        await PortaBody.Read(http.Request) is { } body ? answer(body) : PortaFault.NotUnderstood;
}
