using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Outdial.AgentRouter.Sessions;
using Outdial.Contracts;

namespace Outdial.AgentRouter.Tests.Nodes;

/// <summary>An agent's line as the provider has it: asks whom to dial, and reports.</summary>
internal sealed record AgentLine(RouterNode Node, Guid AgentId, Guid SessionId, Guid LineId, string Phone, string CallSid)
{
    /// <summary>The zone of the provider's clock, from UTC.</summary>
    public static readonly TimeSpan India = TimeSpan.FromHours(5.5);

    /// <summary>Leads to the router that the line asks.</summary>
    public HttpClient Provider { get; private init; } = Node.Provider;

    /// <summary>The same line, asking another router of the same installation.</summary>
    public AgentLine At(RouterNode node) => this with { Node = node, Provider = node.Provider };

    /// <inheritdoc cref="At(RouterNode)"/>
    public AgentLine At(RouterProcess process) => this with { Provider = process.Provider };

    /// <summary>The dialed number; null: nobody.</summary>
    public async Task<string?> Ask(string? lastDialed = null, DateTimeOffset? at = null)
    {
        var body = await AskBody(lastDialed, at);
        if (!body.StartsWith('{'))
            return body.Length == 0 ? null : body;
        var numbers = JsonDocument.Parse(body).RootElement.GetProperty("destination").GetProperty("numbers");
        return numbers.GetArrayLength() == 0 ? null : numbers[0].GetString();
    }

    public async Task<string> AskBody(string? lastDialed = null, DateTimeOffset? at = null)
    {
        var answer = await Provider.GetAsync(Address("", lastDialed, at));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync();
    }

    /// <param name="echo">What the provider sends back of our request for the line.</param>
    public async Task<HttpStatusCode> Stay(string? echo = null) =>
        (await Provider.GetAsync(Address("/stay", null, null) + (echo is null ? "" : $"&CustomField={Uri.EscapeDataString(echo)}"))).StatusCode;

    /// <summary>The provider took our order and named the call, and the router knows.</summary>
    public async Task IsOpened()
    {
        await Node.Publish(
            new AgentLineOpened
            {
                EventId = Guid.NewGuid(),
                LineId = LineId,
                Account = "default",
                ProviderCallId = CallSid,
                OccurredAt = Node.Time.GetUtcNow()
            });
        await Node.Soon(db => db.Sessions.AnyAsync(s => s.LineCallId == CallSid), "the router knows the line's call");
    }

    public Task<Session> Session() => Node.Ask(db => db.Sessions.AsNoTracking().SingleAsync(s => s.Id == SessionId));

    public Task Until(string state) => Node.Soon(db => db.Sessions.AnyAsync(s => s.Id == SessionId && s.State == state), $"the agent is {state}");

    public DialPopup Popup(string stage, string? number, DateTimeOffset? at = null) => new()
    {
        EventId = Guid.NewGuid(),
        Account = "default",
        ProviderCallId = CallSid,
        OccurredAt = at ?? Node.Time.GetUtcNow(),
        ReceivedAt = Node.Time.GetUtcNow(),
        RawStatus = "busy",
        Stage = stage,
        From = Phone,
        DialedNumber = number,
    };

    public DialEnded Passthru(string? number, string? outcome, TimeSpan? talk = null, DateTimeOffset? at = null, bool hungUp = false) => new()
    {
        EventId = Guid.NewGuid(),
        Account = "default",
        ProviderCallId = CallSid,
        OccurredAt = at ?? Node.Time.GetUtcNow(),
        ReceivedAt = Node.Time.GetUtcNow(),
        RawStatus = "completed",
        From = Phone,
        DialedNumber = number,
        Outcome = outcome,
        TalkTime = talk,
        FromHungUp = hungUp,
    };

    public LineEnded Ended(string outcome = Outcomes.Completed) => new()
    {
        EventId = Guid.NewGuid(),
        Account = "default",
        ProviderCallId = CallSid,
        LineId = LineId,
        OccurredAt = Node.Time.GetUtcNow(),
        ReceivedAt = Node.Time.GetUtcNow(),
        Outcome = outcome,
    };

    private Uri Address(string path, string? lastDialed, DateTimeOffset? at)
    {
        var time = (at ?? Node.Time.GetUtcNow()).ToOffset(India).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        return new($"/dialwhom/exotel/{(path.Length == 0 ? Node.Token : Node.StayToken)}{path}?CallFrom=0{Phone[3..]}&CallSid={CallSid}&CallStatus=in-progress&CallTo=07314853246" +
            $"&CallType=call-attempt&CurrentTime={Uri.EscapeDataString(time)}&DialCallDuration=0&DialWhomNumber={(lastDialed is null ? "" : "0" + lastDialed[3..])}" +
            "&Direction=incoming&EndTime=1970-01-01%2005:30:00&flow_id=383431&tenant_id=53926", UriKind.Relative);
    }
}
