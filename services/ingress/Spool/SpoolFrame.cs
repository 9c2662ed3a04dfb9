using System.Buffers.Binary;

namespace Outdial.Ingress.Spool;

/// <summary>One record in a segment: length (4 bytes), CRC-32C of length and payload (4 bytes), payload. Little endian.</summary>
internal static class SpoolFrame
{
    public const int Header = 8;

    /// <summary>A length above this is damage, not a record.</summary>
    public const int MaxPayload = 64 * 1024 * 1024;

    public static byte[] Write(ReadOnlySpan<byte> payload)
    {
        if (payload.Length > MaxPayload)
            throw new ArgumentException($"The payload has {payload.Length} bytes; expected {MaxPayload} at most.", nameof(payload));
        var frame = new byte[Header + payload.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, payload.Length);
        payload.CopyTo(frame.AsSpan(Header));
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(4), Checksum(frame.AsSpan(0, 4), payload));
        return frame;
    }

    /// <summary>Reads the record at the start of <paramref name="data"/>; false when it is cut or damaged.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, out ReadOnlySpan<byte> payload)
    {
        payload = default;
        if (data.Length < Header)
            return false;
        var length = BinaryPrimitives.ReadInt32LittleEndian(data);
        if (length is < 0 or > MaxPayload || data.Length - Header < length)
            return false;
        var candidate = data.Slice(Header, length);
        if (BinaryPrimitives.ReadUInt32LittleEndian(data[4..]) != Checksum(data[..4], candidate))
            return false;
        payload = candidate;
        return true;
    }

    /// <summary>CRC-32C (Castagnoli, RFC 3720 appendix B.4), over the length too: a file of zeros holds no records.</summary>
    private static uint Checksum(ReadOnlySpan<byte> length, ReadOnlySpan<byte> payload) => ~Add(Add(uint.MaxValue, length), payload);

    private static uint Add(uint crc, ReadOnlySpan<byte> data)
    {
        while (data.Length >= 8)
        {
            crc = System.Numerics.BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
            data = data[8..];
        }
        foreach (var b in data)
            crc = System.Numerics.BitOperations.Crc32C(crc, b);
        return crc;
    }
}
