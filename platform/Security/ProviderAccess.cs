using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Outdial.Platform;

/// <summary>What a provider's request must show besides the token of its address; section <c>Accounts:{name}:Webhooks</c>.</summary>
public sealed class ProviderAccessRule
{
    /// <summary>User of Basic authentication; null: none is asked for.</summary>
    public string? BasicUser { get; set; }

    /// <summary>Its password; given together with the user.</summary>
    public string? BasicPassword { get; set; }

    /// <summary>Where the account's provider may send from, as CIDR (<c>203.0.113.0/24</c>); none: from anywhere.</summary>
    public List<string> SourceRanges { get; } = [];
}

/// <summary>The rules of all accounts, by the account's name.</summary>
public sealed class ProviderAccessOptions
{
    public Dictionary<string, ProviderAccessRule> Accounts { get; } = new(StringComparer.Ordinal);
}

/// <summary>Registration of <see cref="ProviderAccess"/>.</summary>
public static class ProviderAccessRegistration
{
    /// <summary>Adds <see cref="ProviderAccess"/>; a wrong rule stops the start. May be called several times.</summary>
    public static IHostApplicationBuilder AddProviderAccess(this IHostApplicationBuilder builder)
    {
        if (builder.Services.Any(service => service.ServiceType == typeof(ProviderAccess)))
            return builder;
        builder.Services.AddSingleton<ProviderAccess>();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ProviderAccessOptions>, ProviderAccessValidator>());
        builder.Services.AddOptions<ProviderAccessOptions>().ValidateOnStart().Configure<IConfiguration>((options, configuration) =>
        {
            foreach (var account in configuration.GetSection("Accounts").GetChildren())
            {
                if (account.GetSection("Webhooks").Get<ProviderAccessRule>() is { } rule)
                    options.Accounts[account.Key] = rule;
            }
        });
        return builder;
    }
}

/// <summary>
/// The second look at a provider's request, after the token of its address: Basic authentication and source ranges, where the account asks for
/// them. The gateway looks for all; a service looks only at what did not come through a gateway.
/// </summary>
public sealed class ProviderAccess
{
    private readonly Dictionary<string, Rule> _rules;

    public ProviderAccess(IOptions<ProviderAccessOptions> options) => _rules = options.Value.Accounts.ToDictionary(
        account => account.Key,
        account => new Rule(
            account.Value.BasicUser is { Length: > 0 } user ? Hash($"{user}:{account.Value.BasicPassword}") : null,
            [.. account.Value.SourceRanges.Select(IPNetwork.Parse)]),
        StringComparer.Ordinal);

    /// <summary>Null when the request may go on, else the answer that refuses it: 401 or 403.</summary>
    /// <param name="http">The request.</param>
    /// <param name="account">The account that the address's token names.</param>
    public ProblemHttpResult? Refuse(HttpContext http, string account)
    {
        if (http.User.IsInRole(ApiRoles.Provider) || !_rules.TryGetValue(account, out var rule))
            return null;
        if (rule.Sources.Length > 0 && !rule.Admits(http.Connection.RemoteIpAddress))
            return ApiProblem.Of(StatusCodes.Status403Forbidden, "This address may not be called from where the request came from.");
        if (rule.Basic is null || CryptographicOperations.FixedTimeEquals(rule.Basic, Hash(Credentials(http.Request) ?? "")))
            return null;
        http.Response.Headers.WWWAuthenticate = "Basic realm=\"outdial\", charset=\"UTF-8\"";
        return ApiProblem.Of(StatusCodes.Status401Unauthorized, "This address needs the user and password that were agreed on.");
    }

    private static string? Credentials(HttpRequest request)
    {
        const string scheme = "Basic ";
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            return null;
        var text = header[scheme.Length..].Trim();
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) ? Encoding.UTF8.GetString(bytes.AsSpan(0, length)) : null;
    }

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    private sealed record Rule(byte[]? Basic, IPNetwork[] Sources)
    {
        public bool Admits(IPAddress? address)
        {
            if (address is null)
                return false;
            var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
            return Sources.Any(source => source.Contains(plain));
        }
    }
}

internal sealed class ProviderAccessValidator : IValidateOptions<ProviderAccessOptions>
{
    public ValidateOptionsResult Validate(string? name, ProviderAccessOptions options)
    {
        var failures = options.Accounts.SelectMany(account => Problems($"Accounts:{account.Key}:Webhooks", account.Value)).ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> Problems(string section, ProviderAccessRule rule)
    {
        if (string.IsNullOrEmpty(rule.BasicUser) != string.IsNullOrEmpty(rule.BasicPassword))
            yield return $"{section}: BasicUser and BasicPassword belong together; one of them is missing.";
        if (rule.BasicUser?.Contains(':') == true)
            yield return $"{section}:BasicUser has a colon, which Basic authentication cannot carry.";
        for (var i = 0; i < rule.SourceRanges.Count; i++)
        {
            if (!IPNetwork.TryParse(rule.SourceRanges[i], out _))
                yield return $"{section}:SourceRanges:{i} is '{rule.SourceRanges[i]}'; expected a range such as 203.0.113.0/24 or 2001:db8::/32.";
        }
    }
}
