using Outdial.AgentRouter.Sessions;
using Outdial.AgentRouter.Tests.Nodes;
using Outdial.AgentRouter.Trunks;
using Outdial.Contracts;
using Outdial.Testing;

namespace Outdial.AgentRouter.Tests.Invariants;

/// <summary>Rows of agents and of the hopper: whole and healthy but for what a test says of them.</summary>
public sealed class RouterRows : IAsyncLifetime
{
    private int _numbers;

    public InvariantRig Rig { get; private set; } = null!;

    public async Task InitializeAsync() => Rig = await InvariantRig.CreateAsync(
        "router", builder => builder.AddAgentRouter(), RouterNode.Settings("").Where(setting => setting.Key.StartsWith("Accounts", StringComparison.Ordinal)));

    public async Task DisposeAsync() => await Rig.DisposeAsync();

    public static DateTimeOffset Ago(double minutes) => InvariantRig.Now.AddMinutes(-minutes);

    /// <summary>A session of an agent of its own.</summary>
    public async Task<Guid> Session(object? with = null)
    {
        var (id, agent, phone) = (Guid.NewGuid(), Guid.NewGuid(), NextNumber());
        await Rig.InsertAsync("agents", new
        {
            Id = agent,
            Name = "Asha",
            Phone = phone,
            Skills = Array.Empty<string>(),
            Campaigns = Array.Empty<Guid>(),
            Account = "default",
            CreatedAt = Ago(600),
            CreatedBy = "tests",
        });
        await Rig.InsertAsync("sessions", new
        {
            Id = id,
            AgentId = agent,
            AgentName = "Asha",
            Phone = phone,
            Account = "default",
            Reach = AgentReach.Line,
            Campaigns = Array.Empty<Guid>(),
            Skills = Array.Empty<string>(),
            State = AgentStates.Ready,
            Sequence = 1,
            StateSince = Ago(30),
            StartedAt = Ago(300),
        }, with);
        return id;
    }

    /// <summary>An offered lead that waits, unless the test says otherwise.</summary>
    public async Task<Guid> Lead(object? with = null)
    {
        var id = Guid.NewGuid();
        await Rig.InsertAsync("hopper", new
        {
            AttemptId = id,
            CampaignId = Guid.NewGuid(),
            LeadId = Guid.NewGuid(),
            Number = NextNumber(),
            CallerId = Floor.CallerId,
            Priority = 0,
            DueAt = Ago(5),
            DialUntil = Ago(-60),
            Lead = new { },
            State = "Waiting",
            OfferedAt = Ago(30),
        }, with);
        return id;
    }

    /// <summary>A lead that was given to an agent's line.</summary>
    public Task<Guid> Taken(Guid session, object? with = null) =>
        Lead(InvariantRig.Merged(new { State = "Taken", SessionId = session, TakenAt = Ago(1) }, with));

    public async Task<Guid> Caller(object with)
    {
        var id = Guid.NewGuid();
        await Rig.InsertAsync("inbound_calls", new
        {
            Id = id,
            Account = "default",
            ProviderCallId = $"{id:N}",
            Did = Floor.CallerId,
            Tried = Array.Empty<Guid>(),
            StartedAt = Ago(30),
        }, with);
        return id;
    }

    public string NextNumber() => $"+9198250{10000 + ++_numbers}";
}
