using System.Diagnostics.CodeAnalysis;

namespace Outdial.Providers;

/// <summary>Addresses of configuration and API, checked before anybody is told to go there.</summary>
public static class HttpAddress
{
    /// <summary>What is wrong with an address, in words that go on after "… is "x", which"; null: nothing.</summary>
    /// <param name="allowPrivate">Hosts that only our own network knows will do.</param>
    /// <param name="mayNameUser">User name and password may stand in it.</param>
    /// <param name="isBase">Paths are put behind it: neither query nor fragment.</param>
    public static string? Fault(string? text, bool allowPrivate, bool mayNameUser = false, bool isBase = true)
    {
        if (string.IsNullOrWhiteSpace(text) || !Uri.TryCreate(text, UriKind.Absolute, out var address)
            || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps)
            || !text.StartsWith(address.Scheme + Uri.SchemeDelimiter, StringComparison.OrdinalIgnoreCase))
            return "is not an absolute http or https address";
        // Readers of addresses differ about these: what one takes for the host another takes for the path.
        if (text.Any(character => character is <= ' ' or '\\' or >= '\u007f'))
            return "has blanks, backslashes, control characters or letters outside of ASCII";
        if (address.Host.Length == 0 || address.Port is < 1 or > 65_535)
            return "has no host, or a port outside of 1 to 65535";
        if (!mayNameUser && address.UserInfo.Length > 0)
            return "has a user name or password in it";
        if (isBase && (address.Query.Length > 0 || address.Fragment.Length > 0))
            return "has a query or fragment, where paths are put behind it";
        return !allowPrivate && NetworkHost.IsPrivate(address.Host) ? "is an address that the public network does not lead to" : null;
    }

    /// <summary>The address as it may be shown: without user name and password, control characters made visible.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Shown(string? text)
    {
        if (text is null)
            return null;
        var at = text.LastIndexOf('@');
        var start = text.IndexOf("://", StringComparison.Ordinal) is var scheme and >= 0 ? scheme + 3 : 0;
        var shown = at > start ? $"{text[..start]}…{text[at..]}" : text;
        return string.Concat(shown.Select(character => char.IsControl(character) ? $"\\u{(int)character:x4}" : character.ToString()));
    }
}
