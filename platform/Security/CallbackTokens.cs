using System.Buffers.Text;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Outdial.Platform;

/// <summary>What a callback address vouches for.</summary>
/// <param name="Purpose">The one thing that the address is for.</param>
/// <param name="Subject">What it was made for: the attempt, the agent's line, or the row of an account's address.</param>
/// <param name="Account">Name of the provider account, at most 30 bytes of UTF-8.</param>
/// <param name="ExpiresAt">From this instant on the token is refused. Whole seconds; a fraction is rounded up.</param>
/// <param name="TraceParent">W3C trace context of the decision that caused the call, so that its callbacks join that trace.</param>
public sealed record CallbackClaims(CallbackPurpose Purpose, Guid Subject, string Account, DateTimeOffset ExpiresAt, string? TraceParent = null)
{
    /// <summary>The attempt or line that the address is of; null in an address of the account.</summary>
    public Guid? CallOf => Purpose.IsOfAccount() ? null : Subject;
}

/// <summary>Why a token was not believed.</summary>
public enum TokenRefusal
{
    /// <summary>It was believed.</summary>
    None,
    /// <summary>Not a token of ours: wrong alphabet, length or version.</summary>
    Malformed,
    /// <summary>Looks like ours, but no key of ours signed it.</summary>
    WrongSignature,
    /// <summary>Ours, and too old.</summary>
    Expired,
    /// <summary>Ours, and for another kind of address.</summary>
    WrongPurpose,
    /// <summary>Ours, and taken back by a person.</summary>
    Revoked,
}

/// <summary>Issues and reads the signed, expiring tokens in callback addresses. Safe for concurrent use.</summary>
/// <remarks>
/// Layout: version, flags, purpose, expiry (5 bytes, Unix seconds), subject (16), [trace id, span id, trace flags, 25], account,
/// then HMAC-SHA256 cut to 128 bits (RFC 2104, section 5, allows half). Base64url: at most 128 characters, because
/// providers cut long addresses. The claims are readable by anyone; they are signed, not secret.
/// Tokens of version 1 had no purpose. Those of calls that are under way during an upgrade are still read, as what their address is for;
/// those of a whole account, which opened everything, are not.
/// </remarks>
public sealed class CallbackTokens(IOptions<CallbackTokenOptions> options, TimeProvider clock)
{
    /// <summary>Longest account name, in bytes of UTF-8, that still gives a token of 128 characters.</summary>
    public const int LongestAccount = 30;

    private const byte Version = 2, FirstVersion = 1;
    private const byte HasSubject = 1, HasTrace = 2;
    private const int Head = 8, FirstHead = 7, Id = 16, Signature = 16, Trace = 25, Longest = 128;

    private readonly byte[] _key = Encoding.UTF8.GetBytes(options.Value.SigningKey!);
    private readonly byte[]? _previousKey = options.Value.SigningKeyPrevious is { Length: > 0 } key ? Encoding.UTF8.GetBytes(key) : null;

    /// <summary>A token for these claims: URL-safe, at most 128 characters, the same for the same claims.</summary>
    /// <exception cref="ArgumentException">The account name is too long, or the expiry lies before 1970.</exception>
    public string Issue(CallbackClaims claims)
    {
        var account = Encoding.UTF8.GetBytes(claims.Account);
        if (account.Length > LongestAccount)
            throw new ArgumentException($"An account name takes at most {LongestAccount} bytes in a callback token; '{claims.Account}' takes {account.Length}.", nameof(claims));
        var expires = (claims.ExpiresAt - DateTimeOffset.UnixEpoch).Ticks;
        if (expires < 0)
            throw new ArgumentException("A callback token cannot expire before 1970.", nameof(claims));

        Span<byte> buffer = stackalloc byte[Longest];
        (buffer[0], buffer[2]) = (Version, (byte)claims.Purpose);
        WriteSeconds(buffer[3..Head], (expires + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond);
        claims.Subject.TryWriteBytes(buffer[Head..], bigEndian: true, out _);
        byte flags = HasSubject;
        var length = Head + Id;
        // A trace context that cannot be read is left out: tracing must never stop a call.
        if (ActivityContext.TryParse(claims.TraceParent, null, out var trace))
        {
            flags |= HasTrace;
            trace.TraceId.CopyTo(buffer.Slice(length, 16));   // fills, and insists on, the whole span it is given
            trace.SpanId.CopyTo(buffer.Slice(length + 16, 8));
            buffer[length + 24] = (byte)trace.TraceFlags;
            length += Trace;
        }
        buffer[1] = flags;
        account.CopyTo(buffer[length..]);
        length += account.Length;
        Sign(_key, buffer[..length], buffer.Slice(length, Signature));
        return Base64Url.EncodeToString(buffer[..(length + Signature)]);
    }

    /// <summary>Reads a token from a callback address.</summary>
    /// <param name="token">The token as received; null and rubbish are refused, never thrown at.</param>
    /// <param name="opens">The purposes that open the address which the token came with.</param>
    /// <param name="claims">The claims. Also given for a genuine token that is refused, so that it can be told whose it was.</param>
    /// <param name="refusal">Why the answer is false.</param>
    public bool TryRead(
        string? token, IReadOnlyCollection<CallbackPurpose> opens, [NotNullWhen(true)] out CallbackClaims? claims, out TokenRefusal refusal)
    {
        claims = null;
        refusal = TokenRefusal.Malformed;
        Span<byte> buffer = stackalloc byte[Longest];
        if (!TryDecode(token, buffer, out var length) || length < FirstHead + Signature || buffer[0] is not (Version or FirstVersion))
            return false;

        var body = buffer[..(length - Signature)];
        if (!IsSigned(body, buffer.Slice(body.Length, Signature)))
        {
            refusal = TokenRefusal.WrongSignature;
            return false;
        }
        if (Parse(body, opens) is not { } read)
            return false;

        claims = read;
        refusal = clock.GetUtcNow() >= read.ExpiresAt ? TokenRefusal.Expired
            : opens.Contains(read.Purpose) ? TokenRefusal.None
            : TokenRefusal.WrongPurpose;
        return refusal == TokenRefusal.None;
    }

    // Base64 leaves spare bits in the last character; only the canonical spelling counts, or two texts would be one token.
    private static bool TryDecode(string? token, Span<byte> buffer, out int length)
    {
        length = 0;
        return token is { Length: > 0 and <= Longest }
            && Base64Url.IsValid(token)
            && Base64Url.TryDecodeFromChars(token, buffer, out length)
            && Base64Url.EncodeToString(buffer[..length]) == token;
    }

    private static CallbackClaims? Parse(ReadOnlySpan<byte> body, IReadOnlyCollection<CallbackPurpose> opens)
    {
        var (first, flags) = (body[0] == FirstVersion, body[1]);
        var head = first ? FirstHead : Head;
        var needed = Id + ((flags & HasTrace) != 0 ? Trace : 0);
        if ((flags & HasSubject) == 0 || body.Length < head + needed)
            return null;

        var subject = new Guid(body.Slice(head, Id), bigEndian: true);
        var rest = body[(head + Id)..];
        string? trace = null;
        if ((flags & HasTrace) != 0)
        {
            trace = $"00-{Convert.ToHexStringLower(rest[..16])}-{Convert.ToHexStringLower(rest[16..24])}-{rest[24]:x2}";
            rest = rest[Trace..];
        }
        // The first version did not say whether its subject was an attempt or a line: it can be no other call's either way.
        var purpose = !first ? (CallbackPurpose)body[2] : opens.Contains(CallbackPurpose.Line) ? CallbackPurpose.Line : CallbackPurpose.Attempt;
        var expires = DateTimeOffset.UnixEpoch.AddSeconds(ReadSeconds(body[(head - 5)..head]));
        return new CallbackClaims(purpose, subject, Encoding.UTF8.GetString(rest), expires, trace);
    }

    private bool IsSigned(ReadOnlySpan<byte> body, ReadOnlySpan<byte> signature)
    {
        Span<byte> expected = stackalloc byte[Signature];
        Sign(_key, body, expected);
        if (CryptographicOperations.FixedTimeEquals(expected, signature))
            return true;
        if (_previousKey is null)
            return false;
        Sign(_previousKey, body, expected);
        return CryptographicOperations.FixedTimeEquals(expected, signature);
    }

    private static void Sign(byte[] key, ReadOnlySpan<byte> body, Span<byte> signature)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, body, hash);
        hash[..Signature].CopyTo(signature);
    }

    // Five bytes last until the year 36812, which is past what a DateTimeOffset can hold.
    private static void WriteSeconds(Span<byte> target, long seconds)
    {
        for (var i = 4; i >= 0; i--, seconds >>= 8)
            target[i] = (byte)seconds;
    }

    private static long ReadSeconds(ReadOnlySpan<byte> source)
    {
        long seconds = 0;
        foreach (var part in source)
            seconds = seconds << 8 | part;
        return seconds;
    }
}
