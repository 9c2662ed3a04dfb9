using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Outdial.Enrichment.Details;

/// <summary>One call whose record is to be read after it ended.</summary>
internal sealed record DetailRequest
{
    public Guid AttemptId { get; init; }
    public Guid CampaignId { get; init; }
    public required string Account { get; init; }
    public required string ProviderCallId { get; init; }

    /// <summary>Only an answered call has a price worth waiting for.</summary>
    public bool Answered { get; init; }

    /// <summary>A webhook named the call's recording: the record's is not waited for.</summary>
    public bool RecordingKnown { get; init; }

    /// <summary>The record tells of a conversation.</summary>
    public bool Talked { get; init; }

    /// <summary>Its recording is known.</summary>
    public bool Recorded { get; init; }

    /// <summary>Trace context of the call; null where it is not traced.</summary>
    public string? TraceParent { get; init; }

    public DateTimeOffset EndedAt { get; init; }
    public DateTimeOffset DueAt { get; init; }
    public int Tries { get; init; }
    public Guid? ClaimedBy { get; init; }
    public DateTimeOffset? DoneAt { get; init; }

    /// <summary><c>complete</c>, <c>incomplete</c> (given up with what was there) or <c>missing</c> (never read); null while it goes on.</summary>
    public string? Result { get; init; }
}

internal sealed class DetailRequestMapping : IEntityTypeConfiguration<DetailRequest>
{
    public void Configure(EntityTypeBuilder<DetailRequest> builder)
    {
        builder.ToTable("detail_requests");
        builder.HasKey(request => request.AttemptId);
    }
}
