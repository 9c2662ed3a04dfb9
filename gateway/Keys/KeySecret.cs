using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Outdial.Gateway.Keys;

/// <summary>The secret part of a key: 256 random bits, with a word in front by which scanners for leaked secrets can find it.</summary>
internal static class KeySecret
{
    private const string Word = "outdial_";

    public static string Make() => Word + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
