using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Outdial.Platform;

/// <summary>
/// What goes along with a request for a call, and comes back in the middle of it where the provider has no address of this call alone (Exotel's
/// <c>CustomField</c>): the id of the attempt or line, and a signature by which it is known to have come from us. Safe for concurrent use.
/// </summary>
/// <remarks>
/// The id as text, a dot, and HMAC-SHA256 cut to 128 bits over the account and the id: 59 characters, of the 128 that Exotel takes.
/// </remarks>
public sealed class CallbackEchoes(IOptions<CallbackTokenOptions> options)
{
    private const int IdLength = 36, SignatureBytes = 16;

    private readonly byte[][] _keys = [.. new[] { options.Value.SigningKey, options.Value.SigningKeyPrevious }
        .Where(key => key is { Length: > 0 }).Select(key => Encoding.UTF8.GetBytes(key!))];

    /// <summary>The text for an attempt or a line of an account.</summary>
    public string Of(Guid id, string account) => $"{id:D}.{Base64Url.EncodeToString(Sign(_keys[0], id, account))}";

    /// <summary>The attempt or line that the text was made for; null when we did not make it, or for another account.</summary>
    public Guid? Read(string account, string? echo)
    {
        if (echo is null || echo.Length <= IdLength || echo[IdLength] != '.' || !Guid.TryParseExact(echo.AsSpan(0, IdLength), "D", out var id))
            return null;
        var text = echo.AsSpan(IdLength + 1);
        Span<byte> signature = stackalloc byte[SignatureBytes];
        // One spelling only: spare bits of the last character, or blanks in between, would be a second one.
        return Base64Url.IsValid(text) && Base64Url.TryDecodeFromChars(text, signature, out var length) && length == SignatureBytes
            && text.SequenceEqual(Base64Url.EncodeToString(signature)) && IsSigned(id, account, signature)
            ? id
            : null;
    }

    private bool IsSigned(Guid id, string account, ReadOnlySpan<byte> signature)
    {
        foreach (var key in _keys)
        {
            if (CryptographicOperations.FixedTimeEquals(Sign(key, id, account), signature))
                return true;
        }
        return false;
    }

    // The first byte keeps these apart from tokens, whose first byte is their version.
    private static byte[] Sign(byte[] key, Guid id, string account) =>
        HMACSHA256.HashData(key, (byte[])[(byte)'e', .. id.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(account)])[..SignatureBytes];
}
