namespace Outdial.Providers;

/// <summary>The query of a provider's request, as the provider means it.</summary>
public static class QueryText
{
    /// <summary>
    /// The query with <c>&amp;</c> where a provider began a second one: an address that was entered with a query of its own
    /// (<c>…/passthru?flow=main</c>) comes as <c>?flow=main?CallSid=…</c>, and one that was copied out of a page as
    /// <c>?flow=main&amp;amp;CallSid=…</c>.
    /// A question mark inside an address that is a value stays, unless the call's id follows it.
    /// </summary>
    /// <param name="query">As sent, still encoded, with or without the first question mark.</param>
    public static string Plain(string query)
    {
        var plain = query.TrimStart('?').Replace("&amp;", "&", StringComparison.OrdinalIgnoreCase);
        var begin = 0;
        for (var i = 0; i < plain.Length; i++)
        {
            if (plain[i] == '&')
                begin = i + 1;
            else if (plain[i] == '?' && BeginsField(plain.AsSpan(i + 1))
                && (!IsAddress(plain.AsSpan(begin, i - begin)) || BeginsCall(plain.AsSpan(i + 1))))
            {
                plain = string.Concat(plain.AsSpan(0, i), "&", plain.AsSpan(i + 1));
                begin = i + 1;
            }
        }
        return plain;
    }

    private static bool BeginsField(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAny('=', '&', '?');
        return end > 0 && text[end] == '=';
    }

    private static bool BeginsCall(ReadOnlySpan<char> text) => text.StartsWith("CallSid=", StringComparison.OrdinalIgnoreCase);

    private static bool IsAddress(ReadOnlySpan<char> text) =>
        text.Contains("://", StringComparison.Ordinal) || text.Contains("%3A%2F%2F", StringComparison.OrdinalIgnoreCase);
}
