using Outdial.Ingress.Invariants;
using Outdial.Testing;

namespace Outdial.Ingress.Tests.Invariants;

/// <summary>Every monitor of the webhooks sees what it is there to see, and nothing beside it.</summary>
public sealed class IngressInvariantTests : IAsyncLifetime
{
    private readonly string _folder = TemporaryFolder.Make("spool");
    private InvariantRig _rig = null!;

    private static readonly InvariantCases<InvariantRig> Cases = new(IngressInvariants.All)
    {
        ["webhook-of-unknown-call"] = async rig =>
        {
            var unknown = await Webhook(rig, "unmatched", minutes: 11);
            await Webhook(rig, "unmatched", minutes: 9);   // the answer that names its call may be on its way
            await Webhook(rig, "unmatched", minutes: 25 * 60);   // told a day long
            await Webhook(rig, "translated", minutes: 11);
            await Webhook(rig, "quarantined", minutes: 11);
            await Webhook(rig, "ignored", minutes: 11);
            return [unknown];
        },
    };

    public static TheoryData<string> Names => [.. IngressInvariants.All.Select(invariant => invariant.Name)];

    [Theory, MemberData(nameof(Names))]
    public async Task Exactly_the_rows_that_break_it_are_reported(string invariant)
    {
        var (expected, reported, violations) = await Cases.BreakAsync(invariant, _rig, _rig);

        Assert.Equal(expected, reported);
        Assert.Equal(expected.Count(), violations);
    }

    [Fact]
    public void Every_invariant_is_broken_by_a_case() => Assert.Empty(Cases.Unproven);

    [Fact]
    public async Task Healthy_webhooks_violate_none()
    {
        Assert.Empty(await Cases.ViolatedAsync(_rig));
        await Webhook(_rig, "translated", minutes: 11);

        Assert.Empty(await Cases.ViolatedAsync(_rig));
    }

    public async Task InitializeAsync() => _rig = await InvariantRig.CreateAsync(
        "ingress", builder => builder.AddIngress(), new Dictionary<string, string?> { ["Ingress:SpoolFolder"] = _folder });

    public async Task DisposeAsync()
    {
        await _rig.DisposeAsync();
        TemporaryFolder.Remove(_folder);
    }

    private static async Task<Guid> Webhook(InvariantRig rig, string disposition, int minutes)
    {
        var id = Guid.NewGuid();
        await rig.InsertAsync("webhooks", new
        {
            Id = id,
            Account = "default",
            Provider = "exotel",
            Kind = "status",
            Method = "POST",
            Query = "",
            Body = "CallSid=c",
            ReceivedAt = InvariantRig.Now.AddMinutes(-minutes),
            Disposition = disposition,
            Events = 0,
        });
        return id;
    }
}
