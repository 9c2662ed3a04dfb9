using System.ComponentModel.DataAnnotations;

namespace Outdial.Platform;

/// <summary>Section <c>Messaging</c>. All durations are real time, also under an accelerated clock.</summary>
public sealed class MessagingOptions
{
    public const string Section = "Messaging";

    /// <summary><c>rabbitmq</c> (needs <c>ConnectionStrings:rabbitmq</c>) or <c>memory</c>, the default: everything in one process.</summary>
    [RegularExpression("^(memory|rabbitmq)$", ErrorMessage = "Messaging:Transport must be memory or rabbitmq.")]
    public string Transport { get; init; } = "memory";

    /// <summary>Messages a queue may hand to this process ahead of time. Default 64: enough to hide the broker's round trip.</summary>
    [Range(1, 10_000)] public int Prefetch { get; init; } = 64;

    /// <summary>Messages of one queue that are handled at the same time. Default 16; each may hold one database connection.</summary>
    [Range(1, 1_000)] public int Concurrency { get; init; } = 16;

    /// <summary>Replicated queues on RabbitMQ. Default true. A queue cannot change its kind under the same name.</summary>
    public bool QuorumQueues { get; init; } = true;

    /// <summary>
    /// Whether a process declares all queues of the platform before it publishes. Default true. With false only what a process
    /// reads itself is declared, and an event is kept for those readers alone that have run once before.
    /// </summary>
    public bool DeclareTopology { get; init; } = true;

    /// <summary>
    /// Whether a process waits for all queues of the platform instead of declaring them: under a user who may not make them, after <c>migrate</c>
    /// under one who may. Default false. The verb <c>migrate</c> declares in any case.
    /// </summary>
    public bool AwaitTopology { get; init; }

    /// <summary>Other figures for single queues, by their names: <c>Messaging:Endpoints:originate-call:Concurrency</c>.</summary>
    public Dictionary<string, EndpointFigures> Endpoints { get; init; } = [];

    /// <summary>How long a confirmed publish waits for the broker. Default 2 s: a webhook's sender is waiting for our answer.</summary>
    public TimeSpan ConfirmTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Largest number of outbox rows delivered in one transaction. Default 256.</summary>
    [Range(1, 10_000)] public int DeliveryBatch { get; init; } = 256;

    /// <summary>How long one delivery may take before the row is given back. Default 10 s.</summary>
    public TimeSpan DeliveryTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a process looks for rows that it was not woken for: those of a crashed replica. Default 1 s.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a delivered row is kept on the in-memory transport, and also how often old rows are pruned. Default
    /// 5 minutes: longer than any message waits in a queue of a running process. Delivery to memory is no delivery until
    /// it is consumed; at start every kept row is delivered again, and the inbox drops those that were consumed.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "365.00:00:00")]
    public TimeSpan MemoryRetention { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a handled message is remembered, so that a late copy is recognised. Default 1 day.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "365.00:00:00")]
    public TimeSpan InboxRetention { get; init; } = TimeSpan.FromDays(1);

    internal bool IsMemory => Transport == "memory";
}

/// <summary>How one queue differs from the others; what is null stays as it is.</summary>
public sealed class EndpointFigures
{
    /// <summary>Messages handed to this process ahead of time.</summary>
    [Range(1, 10_000)] public int? Prefetch { get; init; }

    /// <summary>Messages handled at the same time.</summary>
    [Range(1, 1_000)] public int? Concurrency { get; init; }
}
