using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace Outdial.Simulator.PortaSwitch;

/// <summary>What a login gives.</summary>
/// <param name="ExpiresAt">When the access token ends; the refresh token lives longer.</param>
public sealed record Tokens(string SessionId, string AccessToken, string RefreshToken, DateTimeOffset ExpiresAt);

/// <summary>Who is logged in. Tokens end by the virtual clock, or all at once when the server forgets them. Thread-safe.</summary>
public sealed class Sessions(TimeProvider clock, IOptions<PortaSwitchOptions> options)
{
    private readonly Lock _gate = new();
    private readonly List<Tokens> _open = [];

    /// <param name="password">Or null, with a token in its place.</param>
    /// <returns>null when login, password or token are wrong.</returns>
    public Tokens? Login(string? login, string? password, string? token)
    {
        var known = options.Value;
        if (login != known.Login || (password is null ? token != known.Token : password != known.Password))
            return null;
        lock (_gate)
        {
            _open.RemoveAll(t => t.ExpiresAt + known.RefreshLife <= clock.GetUtcNow());
            return Open(Secret());
        }
    }

    /// <summary>A new access token; the old one ends.</summary>
    /// <returns>null for a refresh token that is unknown or too old.</returns>
    public Tokens? Refresh(string? refreshToken)
    {
        lock (_gate)
        {
            var found = _open.Find(t => t.RefreshToken == refreshToken);
            if (found is null || !_open.Remove(found) || found.ExpiresAt + options.Value.RefreshLife <= clock.GetUtcNow())
                return null;
            return Open(found.SessionId, found.RefreshToken);
        }
    }

    public bool IsValid(string? accessToken)
    {
        lock (_gate)
            return _open.Exists(t => t.AccessToken == accessToken && clock.GetUtcNow() < t.ExpiresAt);
    }

    public bool Logout(string? accessToken)
    {
        lock (_gate)
            return _open.RemoveAll(t => t.AccessToken == accessToken) > 0;
    }

    /// <summary>The server ends every session before its time.</summary>
    public void EndAll()
    {
        lock (_gate)
            _open.Clear();
    }

    private Tokens Open(string sessionId, string? refreshToken = null)
    {
        var tokens = new Tokens(sessionId, Secret(), refreshToken ?? Secret(), clock.GetUtcNow() + options.Value.TokenLife);
        _open.Add(tokens);
        return tokens;
    }

    private static string Secret() => RandomNumberGenerator.GetHexString(32, lowercase: true);
}
