using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Outdial.Contracts;
using Outdial.Providers;

namespace Outdial.Enrichment.Numbers;

/// <summary>The words for what is known of a number, as the contracts have them.</summary>
internal static class NumberStatus
{
    public const string Found = "found";
    public const string Unknown = "unknown";
    public const string Unavailable = "unavailable";
}

/// <summary>What is known of one number until it expires.</summary>
internal sealed record NumberRecord
{
    /// <summary>E.164. Personal data.</summary>
    public required string Number { get; init; }

    /// <summary>One of <see cref="NumberStatus"/>.</summary>
    public required string Status { get; init; }

    public string? Circle { get; init; }
    public string? CircleName { get; init; }
    public string? Operator { get; init; }
    public string? OperatorName { get; init; }
    public string? Type { get; init; }
    public bool? Dnd { get; init; }
    public DateTimeOffset AsOf { get; init; }
    public DateTimeOffset ExpiresAt { get; init; }

    public bool IsFresh(DateTimeOffset now) => now < ExpiresAt;

    /// <summary>What the provider answered; null means that it does not know the number.</summary>
    public static NumberRecord From(string number, NumberMetadata? found, DateTimeOffset at, EnrichmentOptions options) => found is null
        ? new NumberRecord { Number = number, Status = NumberStatus.Unknown, AsOf = at, ExpiresAt = at + options.UnknownFor }
        : new NumberRecord
        {
            Number = number,
            Status = NumberStatus.Found,
            Circle = found.Circle,
            CircleName = found.CircleName,
            Operator = found.Operator,
            OperatorName = found.OperatorName,
            Type = found.Type,
            Dnd = found.Dnd,
            AsOf = at,
            ExpiresAt = at + options.FoundFor,
        };

    /// <summary>The provider could not be asked.</summary>
    public static NumberRecord NotAsked(string number, DateTimeOffset at, EnrichmentOptions options) =>
        new() { Number = number, Status = NumberStatus.Unavailable, AsOf = at, ExpiresAt = at + options.UnavailableFor };

    /// <summary>The provider has no metadata at all: asking again soon would only hold the lead up.</summary>
    public static NumberRecord NobodyKnows(string number, DateTimeOffset at, EnrichmentOptions options) =>
        NotAsked(number, at, options) with { ExpiresAt = at + options.UnknownFor };

    public NumberEnriched ToEvent(DateTimeOffset now) => new()
    {
        EventId = Guid.CreateVersion7(now),
        Number = Number,
        Status = Status,
        Circle = Circle,
        CircleName = CircleName,
        Operator = Operator,
        OperatorName = OperatorName,
        Type = Type,
        Dnd = Dnd,
        AsOf = AsOf,
        ExpiresAt = ExpiresAt,
    };
}

/// <summary>A number that somebody waits for.</summary>
internal sealed record NumberLookup
{
    public required string Number { get; init; }
    public required string Account { get; init; }

    /// <summary>Somebody waits for it, and not only a list: a single call, or a person.</summary>
    public bool Urgent { get; init; }

    /// <summary>A person at the API waits for it: paid from people's budget.</summary>
    public bool ForPerson { get; init; }

    public DateTimeOffset AskedAt { get; init; }
    public DateTimeOffset DueAt { get; init; }
    public int Tries { get; init; }
    public Guid? ClaimedBy { get; init; }
}

internal sealed class NumberMapping : IEntityTypeConfiguration<NumberRecord>, IEntityTypeConfiguration<NumberLookup>
{
    public void Configure(EntityTypeBuilder<NumberRecord> builder)
    {
        builder.ToTable("numbers");
        builder.HasKey(number => number.Number);
    }

    public void Configure(EntityTypeBuilder<NumberLookup> builder)
    {
        builder.ToTable("number_lookups");
        builder.HasKey(lookup => lookup.Number);
    }
}
