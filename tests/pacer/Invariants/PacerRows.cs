using System.Text.Json;
using Outdial.Pacer.Campaigns;
using Outdial.Testing;

namespace Outdial.Pacer.Tests.Invariants;

/// <summary>Rows of the ledger: whole and healthy but for what a test says of them.</summary>
public sealed class PacerRows : IAsyncLifetime
{
    private int _numbers;

    public InvariantRig Rig { get; private set; } = null!;

    /// <summary>Two accounts, each with three calls per minute and two at once.</summary>
    public async Task InitializeAsync() => Rig = await InvariantRig.CreateAsync("pacer", builder => builder.AddPacer(), Account("default"), Account("calm"));

    public async Task DisposeAsync() => await Rig.DisposeAsync();

    public static DateTimeOffset Ago(double minutes) => InvariantRig.Now.AddMinutes(-minutes);

    internal async Task<Guid> Campaign(object? with = null, CampaignRules? rules = null)
    {
        var id = Guid.NewGuid();
        await Rig.InsertAsync("campaigns", new
        {
            Id = id,
            Name = "test",
            Mode = "notification",
            Purpose = "service",
            Account = "default",
            State = "Running",
            Rules = JsonSerializer.SerializeToNode(rules ?? new CampaignRules(), JsonSerializerOptions.Web),
            CreatedAt = Ago(600),
            CreatedBy = "tests",
            StartedAt = Ago(300),
        }, with);
        return id;
    }

    public async Task Pulse(Guid campaign, DateTimeOffset? nextAt) =>
        await Rig.InsertAsync("campaign_pulses", new { CampaignId = campaign, NextAt = nextAt });

    public async Task<Guid> Lead(Guid campaign, object? with = null)
    {
        var id = Guid.NewGuid();
        await Rig.InsertAsync("leads", new
        {
            Id = id,
            CampaignId = campaign,
            Number = NextNumber(),
            TimeZone = "Asia/Kolkata",
            DueAt = Ago(5),
            ReasonAt = Ago(1),
            ImportedAt = Ago(600),
        }, with);
        return id;
    }

    /// <summary>An attempt to reach a lead: under way, unless the test says otherwise.</summary>
    public async Task<Guid> Attempt(Guid campaign, Guid lead, object? with = null)
    {
        var id = Guid.NewGuid();
        await Rig.InsertAsync("attempts", new
        {
            Id = id,
            CampaignId = campaign,
            LeadId = lead,
            AttemptNumber = 1,
            Account = "default",
            Mode = "notification",
            Number = NextNumber(),
            CallerId = "+918040000002",
            TimeZone = "Asia/Kolkata",
            Flow = "926",
            RingTimeout = "00:00:30",
            State = "Submitted",
            RequestedAt = Ago(1),
            ExpiresAt = Ago(0),
            DeadlineAt = Ago(-2),
        }, with);
        return id;
    }

    /// <summary>A lead that is being dialed, and its attempt.</summary>
    public async Task<(Guid Lead, Guid Attempt)> Dialed(Guid campaign, object? with = null)
    {
        var lead = await Lead(campaign, new { State = "Dialing", Attempts = 1 });
        return (lead, await Attempt(campaign, lead, with));
    }

    /// <summary>The columns of an attempt that is over.</summary>
    public static object Over(object? endedAt = null, string? outcome = "Busy") =>
        new { State = "Ended", Outcome = outcome, EndedAt = endedAt ?? Ago(0.5), Dialed = true };

    public async Task Import(Guid campaign, long accepted, string state = "Completed") => await Rig.InsertAsync("imports", new
    {
        Id = Guid.NewGuid(),
        CampaignId = campaign,
        State = state,
        Format = "csv",
        Accepted = accepted,
        StartedAt = Ago(400),
    });

    public string NextNumber() => $"+9198250{10000 + ++_numbers}";

    private static IEnumerable<KeyValuePair<string, string?>> Account(string name) => new Dictionary<string, string?>
    {
        [$"Accounts:{name}:BaseAddress"] = "http://127.0.0.1:9/",
        [$"Accounts:{name}:AccountSid"] = "test",
        [$"Accounts:{name}:ApiKey"] = "key",
        [$"Accounts:{name}:ApiToken"] = "token",
        [$"Accounts:{name}:CallbackBaseAddress"] = "http://127.0.0.1:9/",
        [$"Accounts:{name}:AllowPrivateAddresses"] = "true",
        [$"Accounts:{name}:CallsPerMinute"] = "3",
        [$"Accounts:{name}:MaxConcurrentCalls"] = "2",
    };
}
