using System.Net.Http.Json;
using System.Text.Json;

namespace Outdial.Testing;

/// <summary>Reads lists of the API as their readers do.</summary>
public static class Pages
{
    /// <summary>One page, and the address of the next; null: it is the last.</summary>
    public static async Task<(List<JsonElement> Rows, string? Next)> Page(this HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path);
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"{path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        var next = answer.Headers.TryGetValues("Link", out var links) ? links.Single().Split('<', '>')[1] : null;
        return ((await answer.Content.ReadFromJsonAsync<List<JsonElement>>())!, next);
    }

    /// <summary>The whole list, row by row, and the same as one page: as text, so that they can be compared.</summary>
    public static async Task<(List<string> OneByOne, List<string> AtOnce)> Walk(this HttpClient client, string path)
    {
        var all = new List<string>();
        var between = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        for (var next = $"{path}{between}limit=1"; next is not null && all.Count < 1000;)
        {
            var page = await client.Page(next);
            all.AddRange(page.Rows.Select(row => row.GetRawText()));
            next = page.Next;
        }
        return (all, (await client.Page(path)).Rows.ConvertAll(row => row.GetRawText()));
    }
}
