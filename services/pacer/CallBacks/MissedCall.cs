using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Outdial.Pacer.Leads;

namespace Outdial.Pacer.CallBacks;

/// <summary>The states of a missed call.</summary>
internal static class MissedCallStates
{
    /// <summary>The provider's records are asked, or a limit is waited for.</summary>
    public const string Waiting = "Waiting";

    /// <summary>A call-back was promised.</summary>
    public const string Promised = "Promised";

    /// <summary>Nobody is called back, for the reason that is told.</summary>
    public const string Refused = "Refused";

    public static readonly IReadOnlyList<string> All = [Waiting, Promised, Refused];
}

/// <summary>The words of a refusal.</summary>
internal static class MissedCallCodes
{
    /// <summary>The campaign that would call back is completed, stopped or past its end.</summary>
    public const string CampaignOver = "campaign-over";

    /// <summary>Somebody talked in the call, or a message was left.</summary>
    public const string NotMissed = "not-missed";

    /// <summary>A person took the caller's lead back: nobody calls them again for that campaign.</summary>
    public const string Withdrawn = "withdrawn";

    /// <summary>Every word that a refusal may have.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        CampaignOver, NotMissed, "no-account", "no-records", "not-in-records", "unreadable", "another-call", "not-ended", "no-campaign", "suppressed",
        "not-called", "number-limit", Withdrawn,
    ];
}

/// <summary>A customer who called a number of ours and reached nobody, and what became of it.</summary>
internal sealed class MissedCall
{
    public Guid Id { get; init; }
    public required string Account { get; init; }
    public required string ProviderCallId { get; init; }

    /// <summary>E.164. Personal data.</summary>
    public required string Number { get; init; }

    /// <summary>The number of ours, E.164.</summary>
    public required string Did { get; init; }

    public Guid? CampaignId { get; init; }
    public DateTimeOffset MissedAt { get; init; }

    /// <summary>One of <see cref="MissedCallStates"/>.</summary>
    public required string State { get; set; }

    /// <summary>What it waits for, or why it was decided so; in words, without personal data.</summary>
    public required string Reason { get; set; }

    /// <summary>Why it was refused, as one word such as <c>campaign-over</c>; null: it was not, or by a version that did not say.</summary>
    public string? Code { get; set; }

    /// <summary>How often the provider's records were asked for it.</summary>
    public int Looks { get; set; }

    /// <summary>The records show it: it waits for a limit, and is not looked up again.</summary>
    public bool Seen { get; set; }

    public DateTimeOffset? LookedAt { get; set; }
    public DateTimeOffset DueAt { get; set; }
    public DateTimeOffset? DecidedAt { get; set; }
    public Guid? LeadId { get; set; }

    /// <summary>The lead's <see cref="LeadStanding"/> before the promise, as JSON; null: it is of the promise, or none was made.</summary>
    public string? LeadBefore { get; set; }

    public void Wait(string reason, DateTimeOffset until) => (Reason, DueAt) = (reason, until);

    public void Decide(string state, string reason, DateTimeOffset now, Guid? lead = null) =>
        (State, Reason, DecidedAt, LeadId) = (state, reason, now, lead);
}

internal sealed class MissedCallMapping : IEntityTypeConfiguration<MissedCall>
{
    public void Configure(EntityTypeBuilder<MissedCall> builder)
    {
        builder.ToTable("missed_calls").HasKey(m => m.Id);
        builder.Property(m => m.Id).ValueGeneratedNever();
        builder.Property(m => m.LeadBefore).HasColumnType("jsonb");
    }
}
