using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Outdial.AgentRouter.Sessions;
using Outdial.AgentRouter.Trunks;
using Outdial.Contracts;

namespace Outdial.AgentRouter.Tests.Nodes;

/// <summary>A customer's call as the provider has it: who called in, or was called first and answered.</summary>
internal sealed record Caller(RouterNode Node, string From, string To, string CallSid)
{
    public static Caller Of(RouterNode node, int customer, string to) => new(node, Floor.NumberOf(customer), to, $"in-{Guid.NewGuid():N}");

    /// <summary>The numbers to dial, in order.</summary>
    public async Task<IReadOnlyList<string>> Ask(string? lastDialed = null, DateTimeOffset? at = null)
    {
        var numbers = JsonDocument.Parse(await AskBody(json: true, lastDialed, at)).RootElement.GetProperty("destination").GetProperty("numbers");
        return [.. numbers.EnumerateArray().Select(n => n.GetString()!)];
    }

    public async Task<string> AskBody(bool json, string? lastDialed = null, DateTimeOffset? at = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address("", lastDialed, at));
        if (json)
            request.Headers.Add("Exotel-Version", "1.0");
        var answer = await Node.Provider.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync();
    }

    /// <param name="echo">What the provider sends back of our request for the call.</param>
    public async Task<HttpStatusCode> Stay(string? echo = null) =>
        (await Node.Provider.GetAsync(Address("/stay", null, null) + (echo is null ? "" : $"&CustomField={Uri.EscapeDataString(echo)}"))).StatusCode;

    public Task Popup(string stage, string? agent, DateTimeOffset? at = null) => Node.Publish(PopupOf(stage, agent, at));

    public DialPopup PopupOf(string stage, string? agent, DateTimeOffset? at = null) => new()
    {
        EventId = Guid.NewGuid(),
        Account = "default",
        ProviderCallId = CallSid,
        OccurredAt = at ?? Node.Clock.GetUtcNow(),
        ReceivedAt = Node.Clock.GetUtcNow(),
        Stage = stage,
        From = From,
        DialedNumber = agent,
    };

    public Task Passthru(string? agent, string? outcome, TimeSpan? talk = null, bool hungUp = false, DateTimeOffset? at = null) =>
        Node.Publish(PassthruOf(agent, outcome, talk, hungUp, at));

    public DialEnded PassthruOf(string? agent, string? outcome, TimeSpan? talk = null, bool hungUp = false, DateTimeOffset? at = null) => new()
    {
        EventId = Guid.NewGuid(),
        Account = "default",
        ProviderCallId = CallSid,
        OccurredAt = at ?? Node.Clock.GetUtcNow(),
        ReceivedAt = Node.Clock.GetUtcNow(),
        From = From,
        DialedNumber = agent,
        Outcome = outcome,
        TalkTime = talk,
        FromHungUp = hungUp,
    };

    private Uri Address(string path, string? lastDialed, DateTimeOffset? at)
    {
        var time = (at ?? Node.Clock.GetUtcNow()).ToOffset(TimeSpan.FromHours(5.5)).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        return new($"/dialwhom/exotel/{(path.Length == 0 ? Node.Token : Node.StayToken)}{path}?CallFrom=0{From[3..]}&CallSid={CallSid}&CallStatus=in-progress&CallTo=0{To[3..]}&CallType=call-attempt" +
            $"&CurrentTime={Uri.EscapeDataString(time)}&DialWhomNumber={(lastDialed is null ? "" : "0" + lastDialed[3..])}&Direction=incoming", UriKind.Relative);
    }
}

internal static class PhoneFloor
{
    public const string Did = "+918040001234";

    /// <summary>An agent whose phone is rung for each customer, signed in and free.</summary>
    public static async Task<Guid> AFreeAgent(this RouterNode node, Guid? campaign, int agent, params string[] skills)
    {
        var id = await node.AnAgent(campaign, agent, skills);
        await node.Post($"agents/{id}/sign-in", new { reach = "phone" });
        await node.Clock.Turn(TimeSpan.FromMilliseconds(10));   // the first is idle longest
        return id;
    }

    public static Task<Session> SessionOf(this RouterNode node, Guid agent) =>
        node.Ask(db => db.Sessions.AsNoTracking().SingleAsync(s => s.AgentId == agent && s.State != AgentStates.Ended));

    public static Task Until(this RouterNode node, Guid agent, string state) =>
        node.Soon(db => db.Sessions.AnyAsync(s => s.AgentId == agent && s.State == state), $"the agent is {state}");

    public static async Task<(HttpStatusCode Status, string Body)> Put(this RouterNode node, string path, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/{path}") { Content = JsonContent.Create(body) };
        request.Headers.Add("X-Api-Key", RouterNode.AdminKey);
        var answer = await node.Provider.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    public static async Task ADid(this RouterNode node, object body)
    {
        var (status, text) = await node.Put($"dids/{Did}", body);
        Assert.True(status == HttpStatusCode.OK, text);
    }
}
