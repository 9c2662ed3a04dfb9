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

    /// <summary>The secret, at least 16 characters. Unique.</summary>
    public string Key { get; set; } = "";

    /// <summary>One of <see cref="ApiRoles.All"/>.</summary>
    public string Role { get; set; } = "";
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
        if (key.Key.Length < ShortestKey)
            yield return $"ApiKeys:{index}:Key has {key.Key.Length} characters; at least {ShortestKey} are needed.";
        if (!ApiRoles.All.Contains(key.Role))
            yield return $"ApiKeys:{index}:Role is '{key.Role}'; expected one of {string.Join(", ", ApiRoles.All)}.";
        if (all.FindIndex(other => other.Name == key.Name) < index && key.Name.Length > 0)
            yield return $"ApiKeys:{index}:Name '{key.Name}' is used twice.";
        if (all.FindIndex(other => other.Key == key.Key) < index && key.Key.Length > 0)
            yield return $"ApiKeys:{index}:Key is the same as an earlier one; every holder needs a key of their own.";
    }
}

/// <summary>Finds the holder of a presented key. Compares hashes in fixed time and always looks at every key.</summary>
internal sealed class ApiKeyRing
{
    private readonly (byte[] Hash, ApiKey Key)[] _keys;

    public ApiKeyRing(IOptions<ApiKeyOptions> options) =>
        _keys = [.. options.Value.Keys.Select(key => (SHA256.HashData(Encoding.UTF8.GetBytes(key.Key)), key))];

    public bool IsEmpty => _keys.Length == 0;

    public ApiKey? Find(string presented)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(presented), hash);
        ApiKey? found = null;
        foreach (var (known, key) in _keys)
        {
            if (CryptographicOperations.FixedTimeEquals(known, hash))
                found = key;
        }
        return found;
    }
}
