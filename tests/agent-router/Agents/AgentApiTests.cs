using System.Net;
using System.Net.Http.Json;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Outdial.AgentRouter.Tests.Nodes;
using Outdial.Contracts;
using Outdial.Testing;

namespace Outdial.AgentRouter.Tests.Agents;

public sealed class AgentApiTests
{
    [Fact]
    public async Task An_agent_without_campaigns_signs_in_by_phone_and_is_ready_at_once()
    {
        await using var node = await RouterNode.Start();
        var agent = (await node.Post("agents", new { name = "Asha", phone = "077095 62799", skills = new[] { "hindi" } })).GetProperty("id").GetGuid();

        var session = await node.Post($"agents/{agent}/sign-in");

        Assert.Equal(("Ready", "phone"), (session.GetProperty("state").GetString(), session.GetProperty("reach").GetString()));
        await Eventually.Async(() =>
            node.Heard.Of<AgentStateChanged>().Any(e => e is { State: AgentStates.Ready, Sequence: 1 } && e.AgentId == agent));
    }

    [Fact]
    public async Task Two_agents_cannot_share_a_phone_and_one_agent_cannot_sign_in_twice()
    {
        await using var node = await RouterNode.Start(
            settings: new Dictionary<string, string?> { ["Logging:LogLevel:Microsoft.EntityFrameworkCore.Update"] = "Debug" });
        using var log = new WrittenLog();
        node.Services.GetRequiredService<ILoggerFactory>().AddProvider(log);
        var agent = (await node.Post("agents", new { name = "Asha", phone = "07709562799" })).GetProperty("id").GetGuid();
        await node.Post($"agents/{agent}/sign-in", new { reach = "phone" });

        var second = await node.Http.PostAsJsonAsync("/api/v1/agents", new { name = "Binod", phone = "+91 77095 62799" });
        var again = await node.Http.PostAsJsonAsync($"/api/v1/agents/{agent}/sign-in", new { reach = "phone" });

        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.Conflict), (second.StatusCode, again.StatusCode));
        Assert.Equal(1, await node.Ask(db => db.Sessions.CountAsync()));
        // A phone that is taken is the client's fault, and told to the client alone.
        Assert.Contains(log.Lines, line => line is { Level: LogLevel.Debug, Failure: DbUpdateException });   // who asks for details has them
        Assert.Empty(log.AlarmsOfRequests);
    }

    [Fact]
    public async Task A_wrong_agent_is_refused_with_every_field_that_is_wrong()
    {
        await using var node = await RouterNode.Start();

        var answer = await node.Http.PostAsJsonAsync("/api/v1/agents", new { name = " ", phone = "12", account = "elsewhere" });

        var text = await answer.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.All(["name", "phone", "account"], field => Assert.Contains($"\"{field}\"", text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Text_that_no_database_can_keep_is_refused_by_field_and_not_an_error()
    {
        await using var node = await RouterNode.Start();

        var empty = await node.Http.PostAsJsonAsync("/api/v1/agents", new { name = "Asha", phone = "07709562799", skills = new string?[] { null } });
        var nul = await node.Http.PostAsync("/api/v1/agents", new StringContent("""{"name":"As\u0000ha","phone":"07709562799"}""", Encoding.UTF8, "application/json"));

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (empty.StatusCode, nul.StatusCode));
        Assert.Contains("\"skills\"", await empty.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("\"name\"", await nul.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
