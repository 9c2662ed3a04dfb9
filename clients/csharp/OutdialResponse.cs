namespace Outdial.Client;

/// <summary>An answer with its headers.</summary>
public class OutdialResponse(int statusCode, IReadOnlyDictionary<string, IEnumerable<string>> headers)
{
    /// <summary>Its status.</summary>
    public int StatusCode { get; } = statusCode;

    /// <summary>Its headers.</summary>
    public IReadOnlyDictionary<string, IEnumerable<string>> Headers { get; } = headers;

    /// <summary>Where the next page of a list begins; null: this is the last.</summary>
    public string? After
    {
        get
        {
            // </api/v1/calls?limit=1000&after=…>; rel="next"
            var next = Headers.TryGetValue("Link", out var links) ? links.FirstOrDefault(link => link.EndsWith("rel=\"next\"", StringComparison.Ordinal)) : null;
            return next?.Split('<', '>')[1].Split('?', 2)[^1].Split('&').Select(pair => pair.Split('=', 2))
                .Where(pair => pair is ["after", _]).Select(pair => Uri.UnescapeDataString(pair[1].Replace('+', ' '))).FirstOrDefault();
        }
    }
}

/// <summary>The same, with what it holds.</summary>
public class OutdialResponse<TResult>(int statusCode, IReadOnlyDictionary<string, IEnumerable<string>> headers, TResult result)
    : OutdialResponse(statusCode, headers)
{
    /// <summary>What it holds.</summary>
    public TResult Result { get; } = result;
}
