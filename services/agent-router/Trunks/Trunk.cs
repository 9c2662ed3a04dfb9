using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Outdial.AgentRouter.Trunks;

/// <summary>Which way calls go over a trunk.</summary>
internal static class Directions
{
    public const string Outbound = "outbound";
    public const string Inbound = "inbound";
    public const string Bidirectional = "bidirectional";

    public static readonly IReadOnlyList<string> All = [Outbound, Inbound, Bidirectional];

    public static bool TakesInbound(string direction) => direction is Inbound or Bidirectional;

    public static bool TakesOutbound(string direction) => direction is Outbound or Bidirectional;
}

/// <summary>A SIP trunk between the provider and a system of ours.</summary>
internal sealed class Trunk
{
    public required string Name { get; init; }
    public required string Account { get; set; }

    /// <summary>The provider's; flows dial <c>sip:&lt;sid&gt;</c>.</summary>
    public string? Sid { get; set; }

    /// <summary>One of <see cref="Directions"/>.</summary>
    public required string Direction { get; set; }

    /// <summary>Addresses of ours that may send calls, as <c>ip/mask</c>.</summary>
    public required List<string> Acl { get; set; }

    /// <summary>Where calls are sent to, as <c>&lt;ip_or_fqdn&gt;:&lt;port&gt;;transport=&lt;tls|tcp&gt;</c>.</summary>
    public required List<string> DestinationUris { get; set; }

    public DateTimeOffset ChangedAt { get; set; }
    public required string ChangedBy { get; set; }
}

internal sealed class TrunkMapping : IEntityTypeConfiguration<Trunk>
{
    public void Configure(EntityTypeBuilder<Trunk> builder) => builder.ToTable("trunks").HasKey(t => t.Name);
}
