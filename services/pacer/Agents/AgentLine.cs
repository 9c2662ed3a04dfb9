using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Outdial.Pacer.Agents;

/// <summary>One call to an agent's phone. Its row is committed before the provider is asked, and the provider is asked once.</summary>
internal sealed class AgentLine
{
    public Guid LineId { get; init; }
    public Guid SessionId { get; init; }
    public Guid AgentId { get; init; }
    public required string Account { get; init; }

    /// <summary>One of <see cref="AgentLineStates"/>.</summary>
    public required string State { get; set; }

    public DateTimeOffset SubmittedAt { get; init; }
    public string? ProviderCallId { get; set; }

    /// <summary>Why it was not opened, in words.</summary>
    public string? Reason { get; set; }
}

internal static class AgentLineStates
{
    /// <summary>The provider is being asked, or the process that asked it died.</summary>
    public const string Submitting = "Submitting";

    public const string Opened = "Opened";
    public const string Failed = "Failed";

    /// <summary>The provider's answer was lost: the phone may ring.</summary>
    public const string Uncertain = "Uncertain";
}

internal sealed class AgentLineMapping : IEntityTypeConfiguration<AgentLine>
{
    public void Configure(EntityTypeBuilder<AgentLine> builder)
    {
        builder.ToTable("agent_lines").HasKey(l => l.LineId);
        builder.Property(l => l.LineId).ValueGeneratedNever();
    }
}
