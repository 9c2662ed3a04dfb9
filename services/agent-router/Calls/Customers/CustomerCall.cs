using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Outdial.Contracts;

namespace Outdial.AgentRouter.Calls.Customers;

/// <summary>A customer we called first, and who is led to an agent when he answers. Changed only under its row lock.</summary>
internal sealed class CustomerCall
{
    /// <summary>The longest call, and the platform's looking for its end.</summary>
    public static readonly TimeSpan LongestLife = TimeSpan.FromHours(12);

    public Guid AttemptId { get; init; }
    public Guid CampaignId { get; init; }
    public Guid LeadId { get; init; }
    public required string Account { get; init; }

    /// <summary>E.164. Personal data.</summary>
    public required string Number { get; init; }

    /// <summary>The lead, whole, as JSON.</summary>
    public required string Lead { get; init; }

    /// <summary>The provider's id of the call; null until somebody told.</summary>
    public string? ProviderCallId { get; set; }

    /// <summary>Waits for an agent since then; null: does not wait.</summary>
    public DateTimeOffset? QueuedAt { get; set; }

    /// <summary>Agents who did not answer.</summary>
    public required List<Guid> Tried { get; set; }

    /// <summary>Who talks or talked; null: nobody, or it is not known who.</summary>
    public Guid? AgentId { get; set; }

    public DateTimeOffset? ConnectedAt { get; set; }
    public DateTimeOffset PlacedAt { get; init; }
    public DateTimeOffset? OverAt { get; set; }

    public OfferedLead Offered() => JsonSerializer.Deserialize<OfferedLead>(Lead, JsonSerializerOptions.Web)!;
}

internal sealed class CustomerCallMapping : IEntityTypeConfiguration<CustomerCall>
{
    public void Configure(EntityTypeBuilder<CustomerCall> builder)
    {
        builder.ToTable("customer_calls").HasKey(c => c.AttemptId);
        builder.Property(c => c.AttemptId).ValueGeneratedNever();
        builder.Property(c => c.Lead).HasColumnType("jsonb");
    }
}
