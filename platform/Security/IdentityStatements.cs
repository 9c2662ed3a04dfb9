using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;

namespace Outdial.Platform;

/// <summary>The keys that sign the gateway's statements; section <c>Identity</c>. The same for the gateway and all services.</summary>
public sealed class IdentityOptions
{
    public const string Section = "Identity";

    /// <summary>Signs statements and is tried first when one is read. At least 32 characters; without it no statement is believed.</summary>
    public string? SigningKey { get; set; }

    /// <summary>The key before the last rotation: still accepted, never used to sign. At least 32 characters, or absent.</summary>
    public string? SigningKeyPrevious { get; set; }

    /// <summary>False in the gateway itself, to which nobody but a forger sends statements.</summary>
    public bool Believe { get; set; } = true;
}

internal sealed class IdentityOptionsValidator : IValidateOptions<IdentityOptions>
{
    public ValidateOptionsResult Validate(string? name, IdentityOptions options)
    {
        // The value itself is never repeated: it is a secret even when it is a bad one.
        if (options.SigningKey is { Length: > 0 and < CallbackTokenOptions.ShortestKey } key)
            return ValidateOptionsResult.Fail($"Identity:SigningKey has {key.Length} characters; at least {CallbackTokenOptions.ShortestKey} are needed.");
        if (options.SigningKeyPrevious is { Length: > 0 and < CallbackTokenOptions.ShortestKey } previous)
            return ValidateOptionsResult.Fail($"Identity:SigningKeyPrevious has {previous.Length} characters; at least {CallbackTokenOptions.ShortestKey} are needed, or leave it out.");
        return ValidateOptionsResult.Success;
    }
}

/// <summary>Who asks, as the gateway vouches for it.</summary>
/// <param name="Holder">Whom the presented key stands for; role <see cref="ApiRoles.Provider"/> for a provider's request.</param>
/// <param name="Client">The address that the request came from.</param>
public sealed record StatedIdentity(ApiKeyHolder Holder, string? Client);

/// <summary>
/// Issues and reads the header <c>X-Outdial-Identity</c>, by which a service believes the gateway who asks. A statement is about one method and
/// one path and lasts a minute: copied from a log it opens one address for a moment. Safe for concurrent use.
/// </summary>
/// <remarks>
/// Form: base64url of a small JSON object, a dot, base64url of HMAC-SHA256 over a fixed word, method, path and that object. The word keeps
/// signatures of other things under the same key from being taken for statements.
/// </remarks>
public sealed class IdentityStatements(IOptions<IdentityOptions> options, TimeProvider clock)
{
    public const string HeaderName = "X-Outdial-Identity";

    /// <summary>How long a statement is believed.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(60);

    private const int Longest = 2_048;
    private readonly byte[]? _key = Bytes(options.Value.SigningKey);
    private readonly byte[]? _previousKey = Bytes(options.Value.SigningKeyPrevious);

    /// <summary>Whether statements are read at all: there is a key, and this process is not the one that issues them.</summary>
    public bool AreBelieved => _key is not null && options.Value.Believe;

    /// <summary>A statement for one request.</summary>
    /// <exception cref="InvalidOperationException"><c>Identity:SigningKey</c> is missing.</exception>
    public string Issue(StatedIdentity identity, string method, string path)
    {
        if (_key is null)
            throw new InvalidOperationException("Identity:SigningKey is missing.");
        var expires = (clock.GetUtcNow() + Life).ToUnixTimeSeconds();
        var payload = JsonSerializer.SerializeToUtf8Bytes(
            new Payload(identity.Holder.Name, identity.Holder.Role, identity.Holder.AgentId, identity.Client, expires));
        return $"{Base64Url.EncodeToString(payload)}.{Base64Url.EncodeToString(Sign(_key, method, path, payload))}";
    }

    /// <summary>Reads a statement; rubbish is refused, never thrown at.</summary>
    public bool TryRead(string? statement, string method, string? path, [NotNullWhen(true)] out StatedIdentity? identity)
    {
        identity = null;
        if (_key is null || statement is not { Length: > 0 and <= Longest } || statement.Split('.') is not [var body, var signature]
            || !Base64Url.IsValid(body) || !Base64Url.IsValid(signature))
            return false;
        var payload = Base64Url.DecodeFromChars(body);
        var given = Base64Url.DecodeFromChars(signature);
        if (!IsSigned(method, path ?? "", payload, given) || Parse(payload) is not { } read
            || clock.GetUtcNow().ToUnixTimeSeconds() >= read.Expires)
            return false;
        identity = new(new(read.Name, read.Role, read.AgentId), read.Client);
        return true;
    }

    private bool IsSigned(string method, string path, byte[] payload, byte[] given) =>
        CryptographicOperations.FixedTimeEquals(Sign(_key!, method, path, payload), given)
        || (_previousKey is not null && CryptographicOperations.FixedTimeEquals(Sign(_previousKey, method, path, payload), given));

    private static byte[] Sign(byte[] key, string method, string path, byte[] payload) =>
        HMACSHA256.HashData(key, (byte[])[.. Encoding.UTF8.GetBytes($"outdial-identity-1\n{method}\n{path}\n"), .. payload]);

    private static Payload? Parse(byte[] payload)
    {
        try
        {
            return JsonSerializer.Deserialize<Payload>(payload) is { Name: not null, Role: not null } read ? read : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static byte[]? Bytes(string? key) => key is { Length: > 0 } ? Encoding.UTF8.GetBytes(key) : null;

    private sealed record Payload(
        [property: JsonPropertyName("n")] string Name, [property: JsonPropertyName("r")] string Role, [property: JsonPropertyName("a")] Guid? AgentId,
        [property: JsonPropertyName("c")] string? Client, [property: JsonPropertyName("e")] long Expires);
}
