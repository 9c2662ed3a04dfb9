using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Outdial.Analytics.Data;
using Outdial.Contracts;

namespace Outdial.Analytics.Inbound;

/// <summary>A customer's call to a number of ours that is over.</summary>
internal sealed record InboundCall
{
    public Guid InboundId { get; init; }
    public required string Account { get; init; }
    public required string Did { get; init; }

    /// <summary>One of <see cref="InboundOutcomes"/>, or a newer router's word.</summary>
    public required string Outcome { get; init; }

    public Guid? CampaignId { get; init; }
    public Guid? AgentId { get; init; }
    public DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset? ConnectedAt { get; init; }
    public DateTimeOffset EndedAt { get; init; }
    public TimeSpan? TalkTime { get; init; }
    public string? RecordingUrl { get; init; }

    /// <summary>The telling that stands: see <see cref="InboundCallEnded.Revision"/>.</summary>
    public int Revision { get; init; }
}

internal sealed class InboundCallMapping : IEntityTypeConfiguration<InboundCall>
{
    public void Configure(EntityTypeBuilder<InboundCall> builder)
    {
        builder.ToTable("inbound_calls");
        builder.HasKey(call => call.InboundId);
    }
}

/// <summary>Keeps one row per call, as its end was told last. Safe to repeat and to reorder.</summary>
internal sealed class InboundCallsConsumer(AnalyticsDbContext db) : IConsumer<InboundCallEnded>
{
    public Task Consume(ConsumeContext<InboundCallEnded> context)
    {
        var ended = context.Message;
        var (startedAt, connectedAt, endedAt) =
            (ended.StartedAt.ToUniversalTime(), ended.ConnectedAt?.ToUniversalTime(), ended.OccurredAt.ToUniversalTime());
        return db.Database.ExecuteSqlAsync($"""
            insert into inbound_calls as call (
              inbound_id, account, did, outcome, campaign_id, agent_id, started_at, connected_at, ended_at, talk_time, recording_url, revision)
            values (
              {ended.InboundId}, {ended.Account}, {ended.Did}, {ended.Outcome}, {ended.CampaignId}, {ended.AgentId},
              {startedAt}, {connectedAt}, {endedAt}, {ended.TalkTime}, {ended.RecordingUrl}, {ended.Revision})
            on conflict (inbound_id) do update set
              outcome = excluded.outcome,
              agent_id = excluded.agent_id,
              connected_at = excluded.connected_at,
              ended_at = excluded.ended_at,
              talk_time = excluded.talk_time,
              recording_url = excluded.recording_url,
              revision = excluded.revision
            where excluded.revision > call.revision
            """, context.CancellationToken);
    }
}

internal sealed class InboundCallsConsumerDefinition : ConsumerDefinition<InboundCallsConsumer>
{
    public InboundCallsConsumerDefinition() => EndpointName = "analytics-inbound";
}
