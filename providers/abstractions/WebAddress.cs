using System.Buffers;

namespace Outdial.Providers;

/// <summary>
/// Addresses that a provider's webhook or record brings, such as a recording's. People will open them, so only what is plainly a
/// page of the web is kept; everything else is as good as none.
/// </summary>
public static class WebAddress
{
    /// <summary>Characters. Longer ones may have been cut on the way.</summary>
    public const int Longest = 2_000;

    /// <summary>The word under which an address that was not kept is counted.</summary>
    public const string Oddity = "unusable-address";

    // RFC 3986 has no others; a backslash is a slash to browsers and none to us.
    private static readonly SearchValues<char> s_allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&'()*+,;=%|{}");

    /// <summary>The address as it was given, if it is an absolute one of http or https, with a host and without a user's name.</summary>
    /// <returns>Null for every other text, and for none.</returns>
    public static string? Kept(string? text) =>
        text is { Length: > 0 and <= Longest }
        && text.AsSpan().IndexOfAnyExcept(s_allowed) < 0
        && HasAuthority(text)
        && Uri.TryCreate(text, UriKind.Absolute, out var address)
        && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
        && address is { Host.Length: > 0, UserInfo: "" }
            ? text
            : null;

    /// <summary>
    /// Two slashes and no more: browsers step over more of them, and over none, to find another host than we do. No at sign before the path.
    /// </summary>
    private static bool HasAuthority(string text)
    {
        var at = text.IndexOf("://", StringComparison.Ordinal);
        if (at < 0 || at + 3 == text.Length || text[at + 3] == '/')
            return false;
        var authority = text.AsSpan(at + 3);
        var end = authority.IndexOfAny('/', '?', '#');
        return (end < 0 ? authority : authority[..end]).IndexOf('@') < 0;
    }
}
