using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Outdial.Providers;

/// <summary>Names an event after the webhook it came from, so that a replay yields the same events and not new ones.</summary>
public static class EventIds
{
    /// <summary>A version 8 UUID (RFC 9562, free form) from SHA-256 of the webhook's id and the event's place in it.</summary>
    public static Guid Of(Guid webhook, int ordinal)
    {
        Span<byte> input = stackalloc byte[20];
        webhook.TryWriteBytes(input, bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(input[16..], ordinal);
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(input, hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
