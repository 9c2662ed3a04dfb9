using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Outdial.Gateway.Tests.Nodes;
using Outdial.Platform;
using Outdial.Testing;

namespace Outdial.Gateway.Tests.Acts;

/// <summary>Who changed what through the API is kept, with a name and what came of it.</summary>
public sealed class ActTests
{
    [Fact]
    public async Task Each_request_that_is_no_question_is_kept_with_who_sent_it_and_what_was_answered()
    {
        var database = await GatewayNode.CreateDatabase();
        var builder = TestApp.Builder("gateway", database, TimeProvider.System, ("an-admin-key-of-the-test", "admin"));
        builder.AddServiceDefaults("outdial");
        builder.AddApiKeyStore();
        await using var app = builder.Build();
        app.MapServiceDefaults();
        app.MapApiKeyStore();
        app.MapDelete("/api/v1/caller-ids/{number}", (string number) => TypedResults.NoContent()).RequireAuthorization(ApiPolicies.Operate);
        app.MapPost("/api/v1/campaigns/{id}/start", (Guid id) => TypedResults.Conflict()).RequireAuthorization(ApiPolicies.Operate);
        await app.StartAsync();
        using var admin = app.Client("an-admin-key-of-the-test");
        using var nobody = app.Client(null);
        var campaign = Guid.NewGuid();

        (await admin.GetAsync("/api/v1/api-keys")).EnsureSuccessStatusCode();
        await nobody.PostAsync($"/api/v1/campaigns/{campaign}/start", null);
        await admin.PostAsync($"/api/v1/campaigns/{campaign}/start", null);
        await admin.DeleteAsync("/api/v1/caller-ids/+919825012345");

        // Kept when the answer is out already.
        await Eventually.Async(async () => (await admin.GetFromJsonAsync<JsonElement>("/api/v1/acts")).GetArrayLength() == 2, what: "both are kept");
        var acts = await admin.GetFromJsonAsync<JsonElement>("/api/v1/acts");
        Assert.Equal(
            [("tests", "DELETE", "/api/v1/caller-ids/+91••••••2345", 204), ("tests", "POST", $"/api/v1/campaigns/{campaign}/start", 409)],
            acts.EnumerateArray().Select(act => (act.GetProperty("who").GetString()!, act.GetProperty("method").GetString()!,
                act.GetProperty("path").GetString()!, act.GetProperty("status").GetInt32())));
        Assert.Equal(1, (await admin.GetFromJsonAsync<JsonElement>($"/api/v1/acts?path={campaign}")).GetArrayLength());
        Assert.Equal(0, (await admin.GetFromJsonAsync<JsonElement>("/api/v1/acts?who=somebody")).GetArrayLength());
    }
}
