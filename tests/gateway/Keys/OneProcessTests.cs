using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Outdial.Gateway.Tests.Nodes;
using Outdial.Platform;
using Outdial.Testing;

namespace Outdial.Gateway.Tests.Keys;

/// <summary>The key store in a process that is everything in one, and serves streams itself.</summary>
public sealed class OneProcessTests
{
    private const string AdminKey = "an-admin-key-of-the-test";

    [Fact]
    public async Task A_stream_ends_in_good_order_when_its_key_is_revoked()
    {
        var database = await GatewayNode.CreateDatabase();
        var builder = TestApp.Builder("gateway", database, TimeProvider.System, (AdminKey, "admin"));
        builder.AddServiceDefaults("outdial");
        builder.AddApiKeyStore();
        await using var app = builder.Build();
        var never = Channel.CreateUnbounded<SseItem<string>>();
        app.MapServiceDefaults();
        app.MapApiKeyStore();
        app.MapGet("/api/v1/events", () => (IResult)new EventStreamResult<string>(never.Reader.ReadAllAsync(), TimeProvider.System))
            .RequireAuthorization(ApiPolicies.Read);
        await app.StartAsync();
        using var admin = app.Client(AdminKey);
        using var made = await admin.PostAsJsonAsync("/api/v1/api-keys", new { name = "warehouse", role = "crm" });
        var key = await made.Content.ReadFromJsonAsync<JsonElement>();
        using var crm = app.Client(key.GetProperty("key").GetString());
        using var stream = await crm.GetAsync("/api/v1/events", HttpCompletionOption.ResponseHeadersRead);

        using var revoked = await admin.DeleteAsync($"/api/v1/api-keys/{key.GetProperty("id").GetString()}");

        Assert.Equal(": connected\n\n", await stream.Content.ReadAsStringAsync().WaitAsync(Eventually.Patience, TimeProvider.System));
        Assert.Equal(HttpStatusCode.Unauthorized, (await crm.GetAsync("/api/v1/events", HttpCompletionOption.ResponseHeadersRead)).StatusCode);
    }
}
