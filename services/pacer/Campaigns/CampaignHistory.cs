using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Outdial.Pacer.CallingHours;
using Outdial.Pacer.Data;

namespace Outdial.Pacer.Campaigns;

/// <summary>One change that a person made of a campaign.</summary>
internal sealed class CampaignRevision
{
    public Guid CampaignId { get; init; }

    /// <summary>1 is the first change; a campaign as it was made is of revision 0.</summary>
    public int Revision { get; init; }

    public DateTimeOffset At { get; init; }
    public required string By { get; init; }

    /// <summary>A list of <see cref="FieldChange"/>, as JSON.</summary>
    public required string Changes { get; init; }

    public List<FieldChange> Read() => JsonSerializer.Deserialize<List<FieldChange>>(Changes, JsonSerializerOptions.Web)!;
}

/// <summary>What a field was and is, each as the API writes it; null: nothing.</summary>
internal sealed record FieldChange(string Field, string? From, string? To);

/// <summary>A campaign that lists leave out unless they are asked for.</summary>
internal sealed class ArchivedCampaign
{
    public Guid CampaignId { get; init; }
    public DateTimeOffset At { get; init; }
    public required string By { get; init; }
}

internal sealed class CampaignHistoryMapping : IEntityTypeConfiguration<CampaignRevision>, IEntityTypeConfiguration<ArchivedCampaign>
{
    public void Configure(EntityTypeBuilder<CampaignRevision> builder)
    {
        builder.ToTable("campaign_changes").HasKey(c => new { c.CampaignId, c.Revision });
        builder.Property(c => c.Changes).HasColumnType("jsonb");
    }

    public void Configure(EntityTypeBuilder<ArchivedCampaign> builder)
    {
        builder.ToTable("archived_campaigns").HasKey(a => a.CampaignId);
        builder.Property(a => a.CampaignId).ValueGeneratedNever();
    }
}

internal static class CampaignHistories
{
    /// <summary>The revision that holds; 0: never changed.</summary>
    public static async Task<int> RevisionOf(this PacerDbContext db, Guid campaign, CancellationToken cancel) =>
        await db.Revisions.Where(r => r.CampaignId == campaign).MaxAsync(r => (int?)r.Revision, cancel) ?? 0;

    /// <summary>The window before these changes, which the newest last made what it is.</summary>
    public static CallingWindow WindowBefore(CallingWindow window, IEnumerable<FieldChange> changes)
    {
        var form = CallingWindowForm.Of(window);
        foreach (var change in changes)
        {
            form = change.Field switch
            {
                "window.from" => form with { From = change.From },
                "window.to" => form with { To = change.From },
                "window.days" => form with { Days = List(change.From) },
                "window.holidays" => form with { Holidays = List(change.From) },
                _ => form,
            };
        }
        return form.TryRead(out var before, out _) ? before : window;

        static string[]? List(string? json) => json is null ? null : JsonSerializer.Deserialize<string[]>(json);
    }

    /// <summary>As the headers <c>ETag</c> and <c>If-Match</c> name it.</summary>
    public static string ETag(int revision) => $"\"{revision}\"";
}
