using System.Text;

namespace Outdial.Platform.OpenApi;

/// <summary>What an operation is called, for programs that are made of the description.</summary>
internal static class OperationNames
{
    /// <param name="method">GET, POST, …</param>
    /// <param name="path">From the root, parameters in braces.</param>
    /// <param name="isList">It answers with a list.</param>
    /// <returns>Such as <c>StartCampaign</c> of <c>POST /api/v1/campaigns/{id}/start</c>.</returns>
    public static string Of(string method, string path, bool isList)
    {
        var parts = path.Trim('/').Split('/').Where(part => part is not ("api" or "v1")).ToList();
        var nouns = new List<string>();
        for (var i = 0; i < parts.Count; i++)
        {
            if (!IsParameter(parts[i]))
                nouns.Add(i + 1 < parts.Count && IsParameter(parts[i + 1]) ? Singular(Pascal(parts[i])) : Pascal(parts[i]));
        }
        if (method == "POST" && parts.Count > 1 && !IsParameter(parts[^1]) && !parts[^1].EndsWith('s'))
            return nouns[^1] + string.Concat(nouns[..^1]);   // a verb: campaigns/{id}/start
        if (method == "GET" && parts[^1] == "explain")
            return "Explain" + string.Concat(nouns[..^1]);
        return method switch
        {
            "GET" => (isList ? "List" : "Get") + string.Concat(nouns),
            "POST" => "Create" + string.Concat(nouns[..^1]) + Singular(nouns[^1]),
            "PUT" => "Put" + string.Concat(nouns),
            "PATCH" => "Change" + string.Concat(nouns),
            "DELETE" => "Delete" + string.Concat(nouns),
            _ => Pascal(method.ToLowerInvariant()) + string.Concat(nouns),
        };
    }

    /// <summary>What the path's <c>{id}</c> is of.</summary>
    public static string Owner(string path)
    {
        var parts = path.Trim('/').Split('/').ToList();
        var at = parts.FindIndex(part => part.StartsWith("{id", StringComparison.Ordinal));
        return at > 0 ? Singular(parts[at - 1]).Replace('-', ' ') : "thing";
    }

    private static bool IsParameter(string part) => part.StartsWith('{');

    private static string Singular(string noun) =>
        noun.EndsWith("ies", StringComparison.Ordinal) ? noun[..^3] + "y"
        : noun.EndsWith("sses", StringComparison.Ordinal) ? noun[..^2]
        : noun.EndsWith('s') ? noun[..^1] : noun;

    private static string Pascal(string part)
    {
        var name = new StringBuilder();
        foreach (var word in part.Split('-', '.'))
            name.Append(word[..1].ToUpperInvariant()).Append(word[1..]);
        return name.ToString();
    }
}
