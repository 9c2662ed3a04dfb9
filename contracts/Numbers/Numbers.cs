namespace Outdial.Contracts;

/// <summary>Look these numbers up; each is answered by a <see cref="NumberEnriched"/>. Sent for the leads that are due next.</summary>
public record EnrichNumbers
{
    /// <summary>The account whose Number Metadata API is asked.</summary>
    public required string Account { get; init; }

    /// <summary>E.164, at most 500. Personal data.</summary>
    public required IReadOnlyList<string> Numbers { get; init; }

    /// <summary>A single call waits for the answer: before the numbers of lists.</summary>
    public bool Urgent { get; init; }
}

/// <summary>What is known of a number. Also published when the look-up found nothing, so that nobody waits for ever.</summary>
public record NumberEnriched
{
    public required Guid EventId { get; init; }

    /// <summary>E.164. Personal data.</summary>
    public required string Number { get; init; }

    /// <summary><c>found</c>, <c>unknown</c> (the provider knows no such number) or <c>unavailable</c> (it could not be asked).</summary>
    public required string Status { get; init; }

    /// <summary>Two letters, such as <c>GJ</c>.</summary>
    public string? Circle { get; init; }

    public string? CircleName { get; init; }
    public string? Operator { get; init; }
    public string? OperatorName { get; init; }

    /// <summary><c>Mobile</c>, <c>Landline</c>, or what the provider says.</summary>
    public string? Type { get; init; }

    /// <summary>On the do-not-disturb registry; null when the provider does not know.</summary>
    public bool? Dnd { get; init; }

    /// <summary>When the provider was asked: the age of the data, UTC.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>The data is good until then, UTC.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}
