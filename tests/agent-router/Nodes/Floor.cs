using Microsoft.EntityFrameworkCore;
using Outdial.AgentRouter.Agents;
using Outdial.AgentRouter.Hopper;
using Outdial.Contracts;
using Outdial.Testing;

namespace Outdial.AgentRouter.Tests.Nodes;

/// <summary>What the pacer and people do, in the words of the tests.</summary>
internal static class Floor
{
    public const string CallerId = "+917314853246";

    public static string NumberOf(int lead) => $"+9198250{10000 + lead}";

    public static string PhoneOf(int agent) => $"+9177095{60000 + agent}";

    /// <summary>Tells the router of a campaign, as the pacer does, and waits until it knows.</summary>
    public static async Task<Guid> ACampaign(
        this RouterNode node, Func<AgentCampaignChanged, AgentCampaignChanged>? with = null, Guid? id = null, long version = 1)
    {
        var told = new AgentCampaignChanged
        {
            EventId = Guid.NewGuid(),
            CampaignId = id ?? Guid.CreateVersion7(),
            Version = version,
            Name = "Loans",
            Account = "default",
            Mode = CampaignModes.Progressive,
            State = CampaignStates.Running,
            Purpose = Purposes.Service,
            WrapUp = TimeSpan.Zero,
            Dispositions = [new("interested", "Interested"), new("later", "Call later", AsksCallBack: true)],
            OccurredAt = node.Time.GetUtcNow(),
        };
        told = with?.Invoke(told) ?? told;
        await node.Publish(told);
        await node.Soon(db => db.Campaigns.AnyAsync(c => c.Id == told.CampaignId && c.Version >= told.Version), "the campaign is known");
        return told.CampaignId;
    }

    public static async Task<Guid> AnAgent(this RouterNode node, Guid? campaign, int agent = 1, string[]? skills = null) =>
        (await node.Post(
            "agents", new { name = $"Agent {agent}", phone = PhoneOf(agent), campaigns = campaign is { } c ? [c] : Array.Empty<Guid>(), skills = skills ?? [] }))
        .GetProperty("id").GetGuid();

    /// <summary>An agent who is signed in, whose line is ordered and taken by the provider, and picked up at the first question.</summary>
    public static async Task<AgentLine> ALine(this RouterNode node, Guid? campaign, int agent = 1, string[]? skills = null)
    {
        var id = await node.AnAgent(campaign, agent, skills);
        return await node.SignedIn(id, agent);
    }

    /// <param name="opens">False: the provider's answer to the order does not come.</param>
    public static async Task<AgentLine> SignedIn(this RouterNode node, Guid agentId, int agent = 1, bool opens = true)
    {
        var session = (await node.Post($"agents/{agentId}/sign-in", new { reach = "line" })).GetProperty("id").GetGuid();
        var line = await node.Ask(db => db.Sessions.Where(s => s.Id == session).Select(s => s.LineId!.Value).SingleAsync());
        var opened = new AgentLine(node, agentId, session, line, PhoneOf(agent), $"sid-{Guid.NewGuid():N}");
        if (opens)
            await opened.IsOpened();
        return opened;
    }

    public static OfferedLead ALead(this RouterNode node, int lead, int priority = 0) => new()
    {
        AttemptId = Guid.CreateVersion7(),
        LeadId = Guid.NewGuid(),
        AttemptNumber = 1,
        Number = NumberOf(lead),
        CallerId = CallerId,
        TimeZone = "Asia/Kolkata",
        Priority = priority,
        DueAt = node.Time.GetUtcNow(),
        DialUntil = node.Time.GetUtcNow() + TimeSpan.FromHours(8),
        Attributes = new Dictionary<string, string> { ["name"] = $"Lead {lead}" },
    };

    /// <summary>Offers leads as the pacer does, and waits until they are in the hopper.</summary>
    public static async Task Offered(this RouterNode node, Guid campaign, params IReadOnlyList<OfferedLead> leads)
    {
        await node.Publish(new HopperFilled { EventId = Guid.NewGuid(), CampaignId = campaign, Leads = leads, OccurredAt = node.Time.GetUtcNow() });
        var ids = leads.Select(l => l.AttemptId).ToArray();
        await node.Soon(async db => await db.Hopper.CountAsync(h => ids.Contains(h.AttemptId)) == ids.Length, "the leads are in the hopper");
    }

    /// <summary>A line to which a lead was given a moment ago.</summary>
    /// <param name="lead">Offered now, and due before what waits already; null: the first one.</param>
    public static async Task<(AgentLine Line, OfferedLead Lead)> ADialingLine(this RouterNode node, Guid campaign, OfferedLead? lead = null)
    {
        lead ??= node.ALead(1);
        await node.Offered(campaign, lead);
        var line = await node.ALine(campaign);
        Assert.Equal(lead.Number, await line.Ask());
        return (line, lead);
    }

    public static Task<HopperLead> Row(this RouterNode node, OfferedLead lead) =>
        node.Ask(db => db.Hopper.AsNoTracking().SingleAsync(h => h.AttemptId == lead.AttemptId));

    public static async Task<T> Hears<T>(this RouterNode node, Func<T, bool> which, string what) where T : class =>
        await Eventually.Some(() => Task.FromResult(node.Heard.Of<T>().Find(x => which(x))), null, what);
}
