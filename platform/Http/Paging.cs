using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Outdial.Platform;

/// <summary>
/// Lists come in pages: <c>limit</c> says how many rows at most, and <c>after</c> which row the page before ended with. The header
/// <c>Link</c> (RFC 8288, <c>rel="next"</c>) names the next page; a page without it is the last.
/// </summary>
public static class Paging
{
    /// <summary>Rows of a page when the request does not say.</summary>
    public const int UsualLimit = 100;

    /// <summary>Most rows of a page.</summary>
    public const int MostRows = 1000;

    /// <summary>What is wrong with a limit; null: nothing.</summary>
    /// <param name="most">Most rows of a page, for lists whose rows cost much.</param>
    public static ProblemHttpResult? Refusal(int? limit, int most = MostRows) =>
        limit < 1 || limit > most ? ApiProblem.Invalid(FieldProblem.Of("limit", limit, $"a number from 1 to {most}")) : null;

    /// <summary>What is wrong with a limit and a place in a list that is not in order of id; null: nothing.</summary>
    /// <param name="place">Where to go on; null: from the list's beginning.</param>
    public static ProblemHttpResult? Refusal<T>(int? limit, string? after, out T? place) where T : class =>
        Cursor.TryRead(after, out place, out var wrong) ? Refusal(limit) : wrong;

    /// <summary>Reads one page and names the next one in the answer's header.</summary>
    /// <param name="ordered">The rows that are left, in the list's order.</param>
    /// <param name="limit">A limit that <see cref="Refusal"/> does not refuse.</param>
    /// <param name="place">What <c>after</c> has to be in order to go on behind a row: its id, or a <see cref="Cursor"/>.</param>
    /// <param name="usual">Rows of a page when the request does not say.</param>
    public static async Task<List<T>> PageAsync<T>(
        this IQueryable<T> ordered, HttpContext http, int? limit, Func<T, object> place, CancellationToken cancel, int usual = UsualLimit)
    {
        var most = limit ?? usual;
        var rows = await ordered.Take(most + 1).ToListAsync(cancel);   // one more than asked for, to know whether there are more
        if (rows.Count <= most)
            return rows;
        rows.RemoveAt(most);
        http.Response.Headers.Link = $"<{Next(http.Request, $"{place(rows[^1])}")}>; rel=\"next\"";
        return rows;
    }

    private static string Next(HttpRequest request, string after)
    {
        var asked = request.Query.Where(parameter => !parameter.Key.Equals("after", StringComparison.OrdinalIgnoreCase));
        return request.PathBase.Add(request.Path).ToUriComponent() + QueryString.Create(asked).Add("after", after).ToUriComponent();
    }
}
