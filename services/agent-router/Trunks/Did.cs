using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Outdial.AgentRouter.Trunks;

/// <summary>How the provider handles a call once it reaches the number.</summary>
internal static class RoutingModes
{
    /// <summary>Telephony alone: outbound, or a flow whose Connect applet leads on.</summary>
    public const string Pstn = "pstn";

    /// <summary>The flow runs and stays in control: voicebots and all applets but Connect need it.</summary>
    public const string Flow = "flow";
}

/// <summary>What handles a call to the number.</summary>
internal static class Applets
{
    /// <summary>Nothing: the number is only shown to those who are called.</summary>
    public const string None = "none";

    public const string Connect = "connect";
    public const string Voicebot = "voicebot";

    /// <summary>Any other applets.</summary>
    public const string Others = "applets";

    public static readonly IReadOnlyList<string> All = [None, Connect, Voicebot, Others];
}

/// <summary>How several free agents are rung.</summary>
internal static class Strategies
{
    /// <summary>Up to five phones at the same time; the first who picks up has the caller.</summary>
    public const string Parallel = "parallel";

    /// <summary>One phone after the other.</summary>
    public const string Order = "order";
}

/// <summary>A number of ours that people call in to.</summary>
internal sealed class Did
{
    /// <summary>E.164.</summary>
    public required string Number { get; init; }

    public required string Account { get; set; }

    /// <summary>Name of the trunk it is mapped to; null: none, the flow dials phones.</summary>
    public string? Trunk { get; set; }

    /// <summary>One of <see cref="RoutingModes"/>.</summary>
    public required string Mode { get; set; }

    /// <summary>One of <see cref="Applets"/>.</summary>
    public required string Applet { get; set; }

    /// <summary>The provider's flow that takes the calls.</summary>
    public string? Flow { get; set; }

    /// <summary>Its agents answer, and it calls back whom nobody answered; null: any agent, and nobody calls back.</summary>
    public Guid? CampaignId { get; set; }

    /// <summary>Calls back in its stead, also when it is over; null: <see cref="CampaignId"/> does.</summary>
    public Guid? CallBackCampaignId { get; set; }

    public string? Skill { get; set; }

    /// <summary>One of <see cref="Strategies"/>.</summary>
    public required string Strategy { get; set; }

    /// <summary>How long a phone rings, 5 to 60.</summary>
    public int RingSeconds { get; set; }

    /// <summary>Dialed when nobody is free (voicemail, reception), E.164; null: nobody is.</summary>
    public string? FallbackNumber { get; set; }

    public DateTimeOffset ChangedAt { get; set; }
    public required string ChangedBy { get; set; }

    public TimeSpan Ring => TimeSpan.FromSeconds(RingSeconds);
}

internal sealed class DidMapping : IEntityTypeConfiguration<Did>
{
    public void Configure(EntityTypeBuilder<Did> builder) => builder.ToTable("dids").HasKey(d => d.Number);
}
