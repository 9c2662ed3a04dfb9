using Outdial.Providers.PortaSwitch.Client;

namespace Outdial.Providers.PortaSwitch.Session;

/// <summary>
/// The session of one account: logged in when first needed, refreshed before it expires, and opened anew once when it is refused.
/// All who need it while it is being renewed share that one renewal.
/// </summary>
internal sealed class PortaSession(PortaSwitchAccount account, PortaRequests requests, TimeProvider clock)
{
    private readonly Lock _lock = new();
    private PortaToken? _token;
    private Task<PortaToken>? _renewal;

    /// <param name="refused">The token that the provider would not take; null when none was refused.</param>
    /// <exception cref="SessionException">The provider lets us not in, or could not be asked.</exception>
    public Task<PortaToken> TokenAsync(PortaToken? refused, CancellationToken cancel)
    {
        lock (_lock)
        {
            if (_token is { } token && token != refused && !(token.ExpiresAt - account.RenewBefore <= clock.GetUtcNow()))
                return Task.FromResult(token);
            if (_renewal is null or { IsCompleted: true })
                _renewal = RenewAsync(_token, refused is not null);
            return _renewal.WaitAsync(cancel);   // whoever stops waiting does not stop it for the others
        }
    }

    private async Task<PortaToken> RenewAsync(PortaToken? before, bool refused)
    {
        await Task.Yield();   // out of the lock
        if (!refused && before?.Refresh is { } refresh
            && await AskAsync("Session/refresh_access_token", api =>
                api.RefreshAsync(new(new(refresh)), mayRepeat: true, CancellationToken.None), before) is { Token: { } refreshed })
            return Keep(refreshed);

        var byToken = !string.IsNullOrWhiteSpace(account.Token);
        var login = new LoginParameters(account.Login, byToken ? null : account.Password, byToken ? account.Token : null);
        // Repeated, it opens a second session that nobody uses; nothing else comes of it.
        var (token, reply) = await AskAsync("Session/login", api => api.LoginAsync(new(login), mayRepeat: true, CancellationToken.None), null);
        if (token is not null)
            return Keep(token);
        if (reply.SessionRefused || reply.Status is 401 or 403)
            throw new SessionException("The provider refused our login, password or token.", reply.Status, credentials: true);
        throw new SessionException(
            reply.FaultCode is { } fault ? $"The provider's log-in failed ({fault})." : $"The provider answered {reply.Status} to the log-in.", reply.Status, credentials: false);
    }

    private async Task<(PortaToken? Token, PortaReply Reply)> AskAsync(
        string method, Func<IPortaSwitchApi, Task<HttpResponseMessage>> ask, PortaToken? before)
    {
        try
        {
            var reply = await requests.AskAsync(method, ask);
            return (reply.Succeeded && reply.Body is { } body ? PortaToken.Read(body, before, account.Zone, clock.GetUtcNow()) : null, reply);
        }
        catch (Exception e) when (ProviderFailure.IsOfTheWay(e))
        {
            throw new SessionException($"The provider could not be reached for the log-in ({e.GetType().Name}).", null, credentials: false, e);
        }
    }

    private PortaToken Keep(PortaToken token)
    {
        lock (_lock)
            return _token = token;
    }
}

/// <summary>There is no session; nothing else was asked of the provider.</summary>
/// <param name="credentials">True when our login, password or token is wrong; false when the provider could not be asked.</param>
internal sealed class SessionException(string message, int? statusCode, bool credentials, Exception? inner = null) : Exception(message, inner)
{
    public int? StatusCode { get; } = statusCode;
    public bool Credentials { get; } = credentials;
}
