using Outdial.Ingress.Data;
using Outdial.Platform;

namespace Outdial.Ingress.Invariants;

/// <summary>What must never be so among the webhooks.</summary>
internal static class IngressInvariants
{
    public static IReadOnlyList<Invariant> All { get; } =
    [
        Invariant.Rows<IngressDbContext>("webhook-of-unknown-call", "The provider reports a call of the last day that none of our attempts is known to be.",
            "select id from webhooks where disposition = 'unmatched' and received_at < @overdue and received_at > @now - interval '1 day'"),
    ];
}
