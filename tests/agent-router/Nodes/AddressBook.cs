using System.Net.Http.Json;
using System.Text.Json;

namespace Outdial.AgentRouter.Tests.Nodes;

/// <summary>The addresses that an admin is shown, and what an admin does with them.</summary>
internal sealed record AddressBook(RouterNode Node, JsonElement Shown)
{
    public string DialWhom => new Uri(Shown.GetProperty("dialWhom").GetString()!).AbsolutePath;

    public string Stay => new Uri(Shown.GetProperty("stay").GetString()!).AbsolutePath;

    public DateTimeOffset? LastUsedOf(string kind) =>
        Current(kind).GetProperty("lastUsedAt") is { ValueKind: JsonValueKind.String } used ? used.GetDateTimeOffset() : null;

    public Task Delete(string kind) => Send(HttpMethod.Delete, Current(kind).GetProperty("id").GetString()!, null);

    public Task Rotate(string kind, string overlap) => Send(HttpMethod.Post, Current(kind).GetProperty("id").GetString() + "/rotate", new { overlap });

    private JsonElement Current(string kind) => Shown.GetProperty("addresses").EnumerateArray()
        .First(address => address.GetProperty("kind").GetString() == kind && address.GetProperty("revokedAt").ValueKind == JsonValueKind.Null);

    private async Task Send(HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, $"/api/v1/accounts/default/dialwhom-addresses/{path}") { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Add("X-Api-Key", RouterNode.AdminKey);
        (await Node.Provider.SendAsync(request)).EnsureSuccessStatusCode();
    }
}

internal static class AddressBooks
{
    public static async Task<AddressBook> Addresses(this RouterNode node)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/accounts/default/dialwhom-addresses");
        request.Headers.Add("X-Api-Key", RouterNode.AdminKey);
        var answer = await node.Provider.SendAsync(request);
        return new(node, (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()));
    }
}
