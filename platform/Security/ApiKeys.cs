using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Outdial.Platform;

/// <summary>One configured key: section <c>ApiKeys:0</c>, <c>ApiKeys:1</c>, …</summary>
public sealed class ApiKey
{
    /// <summary>Who holds it, for logs and audit. Unique.</summary>
    public string Name { get; set; } = "";

    /// <summary>The secret, at least 16 characters. Unique. Left out where <see cref="Hash"/> is given.</summary>
    public string Key { get; set; } = "";

    /// <summary>SHA-256 of the secret's UTF-8 bytes, 64 hexadecimal digits, for those who keep no secrets in a configuration.</summary>
    public string Hash { get; set; } = "";

    /// <summary>One of <see cref="ApiRoles.All"/>.</summary>
    public string Role { get; set; } = "";

    /// <summary>With the role agent: the one agent whose addresses the key may use. Left out: every agent's.</summary>
    public Guid? AgentId { get; set; }
}

/// <summary>Whom a key stands for.</summary>
/// <param name="Name">For logs and audit.</param>
/// <param name="Role">One of <see cref="ApiRoles"/>.</param>
/// <param name="AgentId">The one agent whose addresses the key may use; null: not tied to an agent.</param>
public sealed record ApiKeyHolder(string Name, string Role, Guid? AgentId = null);

/// <summary>Keys that are kept elsewhere than in the configuration. Asked after the configured ones.</summary>
public interface IApiKeyStore
{
    /// <summary>
    /// The holder of the key with this hash, or null. Does not throw when the store is away: then only what it still knows is known.
    /// </summary>
    /// <param name="hash">SHA-256 of the presented key's UTF-8 bytes.</param>
    /// <param name="cancel">Ends the asking.</param>
    ValueTask<ApiKeyHolder?> FindAsync(ReadOnlyMemory<byte> hash, CancellationToken cancel);

    /// <summary>Whether a key that was found is good still. Asked every second for each open stream: from memory, and without waiting.</summary>
    /// <param name="hash">As above.</param>
    bool IsGood(ReadOnlyMemory<byte> hash);
}

/// <summary>All configured keys.</summary>
public sealed class ApiKeyOptions
{
    /// <summary>The keys; none means that nobody may use the API.</summary>
    public List<ApiKey> Keys { get; } = [];
}

internal sealed class BindApiKeys(IConfiguration configuration) : IConfigureOptions<ApiKeyOptions>
{
    public void Configure(ApiKeyOptions options) => configuration.GetSection("ApiKeys").Bind(options.Keys);
}

internal sealed class ApiKeyOptionsValidator : IValidateOptions<ApiKeyOptions>
{
    private const int ShortestKey = 16;

    public ValidateOptionsResult Validate(string? name, ApiKeyOptions options)
    {
        var failures = options.Keys.SelectMany((key, index) => Problems(key, index, options.Keys)).ToArray();
        return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> Problems(ApiKey key, int index, List<ApiKey> all)
    {
        if (string.IsNullOrWhiteSpace(key.Name))
            yield return $"ApiKeys:{index}:Name is missing: say who holds the key.";
        if (key is { Hash.Length: > 0, Key.Length: > 0 })
            yield return $"ApiKeys:{index} has both Key and Hash; give one of them.";
        else if (key.Hash.Length > 0 && !IsHash(key.Hash))
            yield return $"ApiKeys:{index}:Hash has {key.Hash.Length} characters; expected the {HashLength} hexadecimal digits of a SHA-256.";
        else if (key.Hash.Length == 0 && key.Key.Length < ShortestKey)
            yield return $"ApiKeys:{index}:Key has {key.Key.Length} characters; at least {ShortestKey} are needed.";
        if (!ApiRoles.All.Contains(key.Role))
            yield return $"ApiKeys:{index}:Role is '{key.Role}'; expected one of {string.Join(", ", ApiRoles.All)}.";
        if (key.AgentId is not null && key.Role != ApiRoles.Agent)
            yield return $"ApiKeys:{index}:AgentId is for the role {ApiRoles.Agent} only.";
        if (all.FindIndex(other => other.Name == key.Name) < index && key.Name.Length > 0)
            yield return $"ApiKeys:{index}:Name '{key.Name}' is used twice.";
        if (key.Key.Length + key.Hash.Length > 0 && all.FindIndex(other => Digest(other).AsSpan().SequenceEqual(Digest(key))) < index)
            yield return $"ApiKeys:{index}:Key is the same as an earlier one; every holder needs a key of their own.";
    }

    private const int HashLength = 2 * SHA256.HashSizeInBytes;

    private static bool IsHash(string text) => text.Length == HashLength && text.All(char.IsAsciiHexDigit);

    /// <summary>The key's hash, given or made; empty when what was given is none.</summary>
    public static byte[] Digest(ApiKey key) => key.Hash.Length == 0
        ? SHA256.HashData(Encoding.UTF8.GetBytes(key.Key))
        : IsHash(key.Hash) ? Convert.FromHexString(key.Hash) : [];
}

/// <summary>Finds the holder of a presented key among the configured ones. Compares hashes in fixed time and always looks at every key.</summary>
internal sealed class ApiKeyRing
{
    private readonly (byte[] Hash, ApiKeyHolder Holder)[] _keys;

    public ApiKeyRing(IOptions<ApiKeyOptions> options) =>
        _keys = [.. options.Value.Keys.Select(key => (ApiKeyOptionsValidator.Digest(key), new ApiKeyHolder(key.Name, key.Role, key.AgentId)))];

    public ApiKeyHolder? Find(ReadOnlySpan<byte> hash)
    {
        ApiKeyHolder? found = null;
        foreach (var (known, holder) in _keys)
        {
            if (CryptographicOperations.FixedTimeEquals(known, hash))
                found = holder;
        }
        return found;
    }
}
