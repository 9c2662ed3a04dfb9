using System.Buffers.Text;
using System.Text.Json;
using Outdial.Providers.PortaSwitch.Words;

namespace Outdial.Providers.PortaSwitch.Session;

/// <summary>What a log-in yields. Secret.</summary>
/// <param name="ExpiresAt">Null when the provider did not tell, or told nonsense: then it is used until it is refused.</param>
internal sealed record PortaToken(string Access, string? Refresh, DateTimeOffset? ExpiresAt)
{
    /// <summary>Null when the answer has no access token.</summary>
    public static PortaToken? Read(JsonElement reply, PortaToken? before, TimeZoneInfo zone, DateTimeOffset now)
    {
        if (reply.Text("access_token") is null || Whole(reply, "access_token") is not { } access)
            return null;
        var expires = reply.Time("expires_at", zone) ?? Claimed(access);
        return new PortaToken(access, Whole(reply, "refresh_token") ?? before?.Refresh, expires > now ? expires : null);
    }

    /// <summary>A token is longer than any word that is read elsewhere.</summary>
    private static string? Whole(JsonElement reply, string name) =>
        reply.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>The expiry in the token itself (a JWT); null when it is none.</summary>
    private static DateTimeOffset? Claimed(string access)
    {
        try
        {
            var parts = access.Split('.');
            return parts.Length == 3 ? JsonElement.Parse(Base64Url.DecodeFromChars(parts[1])).Time("exp", TimeZoneInfo.Utc) : null;
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            return null;
        }
    }
}
