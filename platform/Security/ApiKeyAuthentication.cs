using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Outdial.Platform;

/// <summary>
/// Authenticates by the gateway's signed statement, else by <c>X-Api-Key</c> or <c>Authorization: Bearer</c>; refusals are problem details.
/// </summary>
internal sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder, ApiKeyRing keys, IEnumerable<IApiKeyStore> stores,
    IdentityStatements statements)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
{
    public const string SchemeName = "ApiKey";
    public const string HeaderName = "X-Api-Key";
    private const string Bearer = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (statements.AreBelieved && Request.Headers.TryGetValue(IdentityStatements.HeaderName, out var statement))
        {
            return statements.TryRead(statement.ToString(), Request.Method, Request.Path.Value, out var stated)
                ? Known(stated.Holder, stated.Client)
                : AuthenticateResult.Fail("The statement of identity is not believed here: it is forged, out of date, or about another request.");
        }
        if (Presented() is not { Length: > 0 } presented)
            return AuthenticateResult.NoResult();
        return await FindAsync(presented) is { } holder
            ? Known(holder, Context.Connection.RemoteIpAddress?.ToString())
            : AuthenticateResult.Fail("The API key is not known here.");
    }

    private async ValueTask<ApiKeyHolder?> FindAsync(string presented)
    {
        var hash = SHA256.HashData(Sent(presented));
        if (keys.Find(hash) is { } configured)
            return configured;
        foreach (var store in stores)
        {
            if (await store.FindAsync(hash, Context.RequestAborted) is not { } stored)
                continue;
            Context.Features.Set(new ShownKey(store, hash));
            return stored;
        }
        return null;
    }

    /// <summary>The bytes that were on the wire: headers are read as Latin-1, a letter for each.</summary>
    private static byte[] Sent(string header) =>
        header.All(letter => letter <= 0xFF) ? Encoding.Latin1.GetBytes(header) : Encoding.UTF8.GetBytes(header);

    private static AuthenticateResult Known(ApiKeyHolder holder, string? client)
    {
        var identity = new ClaimsIdentity([new(ClaimTypes.Name, holder.Name), new(ClaimTypes.Role, holder.Role)], SchemeName);
        if (holder.AgentId is { } agent)
            identity.AddClaim(new(ApiClaims.Agent, agent.ToString()));
        if (client is not null)
            identity.AddClaim(new(ApiClaims.Client, client));
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    private string? Presented()
    {
        if (Request.Headers.TryGetValue(HeaderName, out var header))
            return header.ToString().Trim();
        var authorization = Request.Headers.Authorization.ToString();
        return authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? authorization[Bearer.Length..].Trim() : null;
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = SchemeName;
        var refusal = (await HandleAuthenticateOnceSafeAsync()).Failure?.Message;
        await ApiProblem.Of(StatusCodes.Status401Unauthorized, refusal ?? $"This address needs an API key: send it in the header {HeaderName}.")
            .ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        var name = Context.User.Identity?.Name;
        return ApiProblem.Of(StatusCodes.Status403Forbidden, OwnAddresses.Allow(Context.User, Request.Path)
            ? $"The API key '{name}' has the role '{Context.User.FindFirstValue(ClaimTypes.Role)}', which may not do this."
            : $"The API key '{name}' is agent {Context.User.AgentId()}'s and opens only that agent's own addresses.")
            .ExecuteAsync(Context);
    }
}

internal static class ApiKeyRegistration
{
    public static void AddApiKeys(this IServiceCollection services)
    {
        services.AddSingleton<IConfigureOptions<ApiKeyOptions>, BindApiKeys>();
        services.AddSingleton<IValidateOptions<ApiKeyOptions>, ApiKeyOptionsValidator>();
        services.AddOptions<ApiKeyOptions>().ValidateOnStart();
        services.AddSingleton<ApiKeyRing>();
        services.AddSingleton<KeyWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<KeyWatch>());
        services.AddSingleton<IValidateOptions<IdentityOptions>, IdentityOptionsValidator>();
        services.AddOptions<IdentityOptions>().BindConfiguration(IdentityOptions.Section).ValidateOnStart();
        // Real time: how long a statement is believed has nothing to do with the speed of the platform's clock.
        services.AddSingleton(provider => new IdentityStatements(provider.GetRequiredService<IOptions<IdentityOptions>>(), TimeProvider.System));
        services.AddSingleton<IAuthorizationHandler, OwnAddresses>();
        services.AddAuthentication(ApiKeyAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.SchemeName, null);
        services.AddAuthorizationBuilder()
            .AddPolicy(ApiPolicies.Read, policy => policy.RequireRole(ApiRoles.All))
            .AddPolicy(ApiPolicies.Work, policy => policy.RequireRole(ApiRoles.Agent, ApiRoles.Supervisor, ApiRoles.Admin))
            .AddPolicy(ApiPolicies.Operate, policy => policy.RequireRole(ApiRoles.Supervisor, ApiRoles.Admin))
            .AddPolicy(ApiPolicies.Admin, policy => policy.RequireRole(ApiRoles.Admin));
    }
}
