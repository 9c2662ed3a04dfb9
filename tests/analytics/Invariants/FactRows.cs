using Outdial.Contracts;
using Outdial.Testing;

namespace Outdial.Analytics.Tests.Invariants;

/// <summary>Facts of calls and agents: whole and healthy but for what a test says of them.</summary>
public sealed class FactRows : IAsyncLifetime
{
    public InvariantRig Rig { get; private set; } = null!;

    public async Task InitializeAsync() => Rig = await InvariantRig.CreateAsync("analytics", builder => builder.AddAnalytics());

    public async Task DisposeAsync() => await Rig.DisposeAsync();

    public static DateTimeOffset Ago(double minutes) => InvariantRig.Now.AddMinutes(-minutes);

    /// <summary>A call that was answered five minutes ago and lasted one.</summary>
    public async Task<Guid> Call(Guid campaign, object? with = null)
    {
        var id = Guid.NewGuid();
        await Rig.InsertAsync("call_facts", new
        {
            AttemptId = id,
            CampaignId = campaign,
            Account = "default",
            Mode = "power",
            AnsweredAt = Ago(5),
            EndedAt = Ago(4),
            RecordedAt = Ago(4),
            Outcome = Outcomes.Completed,
            Dialed = true,
            Dropped = false,
        }, with);
        return id;
    }

    /// <summary>A customer's call that came in five minutes ago and was talked in for four.</summary>
    public async Task<Guid> Inbound(object? with = null)
    {
        var id = Guid.NewGuid();
        await Rig.InsertAsync("inbound_calls", new
        {
            InboundId = id,
            Account = "default",
            Did = "+918040001234",
            Outcome = "Completed",
            StartedAt = Ago(5),
            ConnectedAt = Ago(5),
            EndedAt = Ago(1),
            TalkTime = TimeSpan.FromMinutes(4),
        }, with);
        return id;
    }

    /// <summary>A campaign whose agents need this skill.</summary>
    public async Task<Guid> Asking(string skill)
    {
        var id = Guid.NewGuid();
        await Rig.InsertAsync("campaigns", new { CampaignId = id, Skill = skill });
        return id;
    }

    /// <summary>A session that passed through these states, each from so many minutes ago.</summary>
    public Task Agent(Guid campaign, params (string State, double Since)[] stretches) => Agent(campaign, null, stretches);

    /// <param name="skills">What the agent can do; null: not told.</param>
    public async Task Agent(Guid campaign, string[]? skills, params (string State, double Since)[] stretches)
    {
        var session = Guid.NewGuid();
        foreach (var ((state, since), sequence) in stretches.Select((stretch, i) => (stretch, i + 1)))
        {
            await Rig.InsertAsync("agent_stretches", new
            {
                SessionId = session,
                Sequence = sequence,
                AgentId = session,
                AgentName = "Asha",
                State = state,
                Reach = AgentReach.Phone,
                Campaigns = new[] { campaign },
                Skills = skills,
                FromAt = Ago(since),
            });
        }
    }
}
