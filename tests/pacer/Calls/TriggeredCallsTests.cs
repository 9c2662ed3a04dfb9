using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Tests.Nodes;

namespace Outdial.Pacer.Tests.Calls;

public sealed class TriggeredCallsTests
{
    private static async Task<HttpResponseMessage> Trigger(PacerNode node, string? key, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/calls") { Content = JsonContent.Create(body) };
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        return await node.Http.SendAsync(request);
    }

    private static async Task<PacerNode> ANode()
    {
        var node = await PacerNode.Start();
        (await node.Http.PutAsJsonAsync("/api/v1/caller-ids", new[] { new { number = "+918040000002", isDefault = true } })).EnsureSuccessStatusCode();
        await node.Publish(Known("+919825010001", dnd: false, "GJ"));
        await node.Until(db => db.Numbers.AnyAsync(n => n.Status == "found"), "the number is known");
        return node;
    }

    internal static NumberEnriched Known(string number, bool? dnd, string circle) => new()
    {
        EventId = Guid.NewGuid(),
        Number = number,
        Status = "found",
        Circle = circle,
        Dnd = dnd,
        AsOf = PacerNode.Noon,
        ExpiresAt = PacerNode.Noon.AddDays(30),
    };

    [Fact]
    public async Task A_single_call_goes_through_the_same_ledger_and_the_same_key_never_calls_twice()
    {
        await using var node = await ANode();

        var first = await Trigger(node, "alert-17", new { to = "098250 10001", purpose = "transactional" });
        var second = await Trigger(node, "alert-17", new { to = "+919825010001", purpose = "transactional" });
        await node.Until(_ => Task.FromResult(!node.Provider.Originated.IsEmpty), "the person is called");
        await node.Publish(node.Provider.Originated.Single().Ended(Outcomes.Completed, node.Clock.GetUtcNow()));
        await node.Until(db => db.Leads.AnyAsync(l => l.State == "Completed"), "the lead is done");
        var third = await Trigger(node, "alert-17", new { to = "+919825010001", purpose = "transactional" });

        Assert.Equal([HttpStatusCode.Accepted, HttpStatusCode.Accepted, HttpStatusCode.Accepted], new[] { first.StatusCode, second.StatusCode, third.StatusCode });
        Assert.Equal(first.Headers.Location, third.Headers.Location);
        Assert.Equal("+919825010001", Assert.Single(node.Provider.Originated).Request.To);
    }

    [Fact]
    public async Task The_same_key_for_another_number_is_refused()
    {
        await using var node = await ANode();
        await Trigger(node, "k", new { to = "+919825010001", purpose = "service" });

        Assert.Equal(HttpStatusCode.Conflict, (await Trigger(node, "k", new { to = "+919825010002", purpose = "service" })).StatusCode);
    }

    [Fact]
    public async Task Every_field_that_is_wrong_is_named()
    {
        await using var node = await PacerNode.Start();

        var answer = await Trigger(node, null, new { to = "12", purpose = "fun" });
        var body = await answer.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.All(new[] { "to", "purpose", "Idempotency-Key" }, field => Assert.Contains($"\"field\":\"{field}\"", body, StringComparison.Ordinal));
    }
}
