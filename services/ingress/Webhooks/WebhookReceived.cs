namespace Outdial.Ingress.Webhooks;

/// <summary>A provider's request as it came, not yet looked into. Internal to ingress: nobody else consumes it.</summary>
public sealed record WebhookReceived
{
    /// <summary>Made at receipt (UUIDv7). Names the raw row, and every event that the request yields.</summary>
    public required Guid Id { get; init; }

    public required string Provider { get; init; }
    public required string Account { get; init; }

    /// <summary>One of the translator's kinds, such as <c>status</c>, or <c>other</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>From the signed token: the attempt, or the line where the kind is <c>line</c>; null in an account's address.</summary>
    public Guid? AttemptId { get; init; }

    /// <summary>The account's address that it came to; null where the address was of one attempt or line.</summary>
    public Guid? AddressId { get; init; }

    public required string Method { get; init; }

    /// <summary>The path as asked for, without the token in it.</summary>
    public string? Path { get; init; }

    /// <summary>As sent, one <c>Name: value</c> each, without those that are secrets. Each byte of a value is one letter (Latin-1).</summary>
    public IReadOnlyList<string>? Headers { get; init; }

    /// <summary>As sent, still encoded. Personal data, as is <see cref="Body"/>.</summary>
    public required string Query { get; init; }

    public string? ContentType { get; init; }
    public required byte[] Body { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>Requests with the same key are about the same call and are handled in their order.</summary>
    public required Guid OrderKey { get; init; }

    /// <summary>W3C trace context of the receipt, so that a spooled request stays in its trace.</summary>
    public string? TraceParent { get; init; }
}
