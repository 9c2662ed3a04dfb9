using Microsoft.Net.Http.Headers;
using Outdial.Platform;

namespace Outdial.Ingress.Webhooks;

/// <summary>The headers of a webhook, as they are kept with it.</summary>
internal static class RequestHeaders
{
    // What opens doors is no part of what a provider tells.
    private static readonly HashSet<string> Secrets = new(
        [HeaderNames.Authorization, HeaderNames.ProxyAuthorization, HeaderNames.Cookie, "X-Api-Key", IdentityStatements.HeaderName],
        StringComparer.OrdinalIgnoreCase);

    public static IReadOnlyList<string> Kept(IHeaderDictionary headers) =>
        [.. from header in headers where !Secrets.Contains(header.Key) from value in header.Value select $"{header.Key}: {value}"];

    /// <summary>The values of a header, joined by commas; null when it was not sent.</summary>
    public static string? Find(IEnumerable<string> kept, string name)
    {
        var begin = name + ": ";
        var found = kept.Where(line => line.StartsWith(begin, StringComparison.OrdinalIgnoreCase)).Select(line => line[begin.Length..]).ToList();
        return found.Count == 0 ? null : string.Join(',', found);
    }
}
