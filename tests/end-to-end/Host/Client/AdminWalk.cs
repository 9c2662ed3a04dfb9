using Outdial.Client;
using Outdial.EndToEnd.Tests.Rigs;
using Outdial.Testing;

namespace Outdial.EndToEnd.Tests.Host.Client;

/// <summary>What an admin does: keys, addresses of flows, numbers of ours, what the provider sent.</summary>
internal static class AdminWalk
{
    public static async Task KeysAsync(OutdialClient client)
    {
        var made = await client.CreateApiKeyAsync(new() { Name = "warehouse", Role = ApiRoles.Crm, ExpiresAt = SharedHost.NextYear });
        var all = await OutdialClient.AllAsync((string? after) => client.ListApiKeysAsync(after: after, limit: 1)).ToListAsync();
        var rotated = await client.RotateApiKeyAsync(made.Id, new() { Overlap = TimeSpan.FromDays(1) });
        await client.DeleteApiKeyAsync(made.Id);
        var audit = await client.ListApiKeysAuditAsync(key: made.Id);
        var acts = await client.ListActsAsync(who: "walk");

        Assert.Contains(all, key => (key.Id, key.Name, key.Role) == (made.Id, "warehouse", ApiRoles.Crm));
        Assert.Equal((made.Id, false), (rotated.Id, rotated.Key == made.Key));
        Assert.Equal(3, audit.Result.Count(entry => entry.KeyId == made.Id && entry.Who == "walk"));
        Assert.Contains(acts.Result, act => act is { Method: "DELETE", Status: 204 } && act.Path.EndsWith($"{made.Id}", StringComparison.Ordinal));
    }

    /// <summary>Each address of the flows gets a new one in its place, which the provider is told before the old one is revoked.</summary>
    public static async Task AddressesAsync(OutdialClient client, SharedHost shared)
    {
        var (flows, asks) = (await client.GetAccountFlowAddressesAsync("default"), await client.GetAccountDialwhomAddressesAsync("default"));
        var (passthru, dialWhom) = (Current(flows.Addresses, flows.Passthru!), Current(asks.Addresses, asks.DialWhom!));

        await client.RotateAccountFlowAddressAsync("default", passthru.Id, new() { Overlap = TimeSpan.FromDays(1) });
        await client.RotateAccountDialwhomAddressAsync("default", dialWhom.Id, new() { Overlap = TimeSpan.FromDays(1) });
        await shared.ConnectAsync();
        await client.DeleteAccountFlowAddressAsync("default", passthru.Id);
        await client.DeleteAccountDialwhomAddressAsync("default", dialWhom.Id);

        Assert.NotEqual(flows.Passthru, (await client.GetAccountFlowAddressesAsync("default")).Passthru);
        Assert.NotEqual(asks.DialWhom, (await client.GetAccountDialwhomAddressesAsync("default")).DialWhom);

        static AccountAddressView Current(IEnumerable<AccountAddressView> all, Uri address) => all.Single(each => each.Address == address);
    }

    public static async Task NumbersAsync(OutdialClient client)
    {
        const string Number = "+918047851009";
        var listed = await client.SyncCallerIdsAsync();
        var saved = await client.PutCallerIdsAsync([new() { Number = Number, Circle = "KA", Purposes = [Purposes.Service], MaxPerDay = 100 }]);
        var all = await OutdialClient.AllAsync((string? after) => client.ListCallerIdsAsync(after, limit: 2)).ToListAsync();
        await client.DeleteCallerIdAsync(Number);
        var known = await Eventually.Some(async () => await client.GetNumberAsync("+919813006601") is { Circle: not null } found ? found : null);

        Assert.NotEmpty(listed);
        Assert.Equal([Number], saved.Numbers);
        Assert.Equal((listed.Count + 1, 100), (all.Count, all.Single(each => each.Number == Number).MaxPerDay));
        Assert.True(known.Valid);
    }

    public static async Task SentByTheProviderAsync(OutdialClient client)
    {
        var sent = await Eventually.Some(async () => (await client.ListWebhooksAsync(limit: 5)).Result is { Count: > 0 } some ? some : null);
        var one = await client.GetWebhookAsync(sent[0].Id);
        var replayed = await client.ReplayWebhookAsync(sent[0].Id);
        var invariants = await client.GetInvariantsAsync();

        Assert.Equal((sent[0].Id, sent[0].Kind), (one.Webhook.Id, one.Webhook.Kind));
        Assert.Equal(sent[0].Id, replayed.WebhookId);
        Assert.Empty(invariants.Unanswered);
        Assert.NotEmpty(invariants.Invariants);
    }
}

/// <summary>Who is never called.</summary>
internal static class SuppressionWalk
{
    public static async Task WalkAsync(OutdialClient client)
    {
        var made = await client.CreateSuppressionAsync(new() { Number = "+919813012345", Reason = "asked by mail" });
        var found = await client.ListSuppressionsAsync(number: "+919813012345");
        var several = await client.BulkSuppressionsAsync([new() { Number = "+919813012346", Scope = "promotional" }, new() { Number = "12" }]);
        var list = await client.UploadSuppressionsAsync(
            FileParameter.List(new MemoryStream("phone,mobile\n+919813012347,98130 12348\n"u8.ToArray()), "list.csv"),
            region: "IN", fileName: "list.csv");
        using var exported = await client.GetSuppressionsExportCsvAsync();
        await client.DeleteSuppressionAsync(made.Id);

        Assert.Equal(made.Id, Assert.Single(found.Result).Id);
        Assert.Equal((1, 1), (several.Added, several.Refused));
        Assert.Equal("number", Assert.Single(several.Results[1].Errors!).Field);
        Assert.Equal((1, 2), (list.Rows, list.Added));
        Assert.Contains("+919813012347", await new StreamReader(exported.Stream).ReadToEndAsync(), StringComparison.Ordinal);
    }
}
