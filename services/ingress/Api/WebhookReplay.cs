using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Outdial.Ingress.Api;

/// <summary>Who had a webhook translated and published again, and what came of it.</summary>
internal sealed class WebhookReplay
{
    public required Guid Id { get; init; }
    public required Guid WebhookId { get; init; }
    public required DateTimeOffset ReplayedAt { get; init; }

    /// <summary>Name of the API key.</summary>
    public required string ReplayedBy { get; init; }

    public required string Disposition { get; init; }
    public required int Events { get; init; }
}

internal sealed class WebhookReplayMapping : IEntityTypeConfiguration<WebhookReplay>
{
    public void Configure(EntityTypeBuilder<WebhookReplay> builder) => builder.Property(replay => replay.Id).ValueGeneratedNever();
}
