using System.Text.Json;
using System.Text.Json.Serialization;

namespace Outdial.AgentRouter.Calls;

/// <summary>Whom to dial, and how, in the words of a Connect applet.</summary>
internal sealed record DialWhomAnswer
{
    /// <summary>E.164. Empty: nobody.</summary>
    public required IReadOnlyList<string> Numbers { get; init; }

    /// <summary>True: the JSON of Programmable Connect. False: plain text, the numbers alone.</summary>
    public required bool Json { get; init; }

    /// <summary>The number of ours that the dialed party sees, E.164; null: the flow's own.</summary>
    public string? CallerId { get; init; }

    public bool Record { get; init; }

    /// <summary>At most a minute; longer is cut.</summary>
    public TimeSpan? MaxRinging { get; init; }

    /// <summary>At most 75 minutes; longer is cut.</summary>
    public TimeSpan? MaxConversation { get; init; }

    /// <summary>Ring up to so many at the same time, at most 5; null: one after the other.</summary>
    public int? Parallel { get; init; }

    /// <summary>For the metrics: <c>lead</c>, <c>same</c>, <c>agents</c>, <c>nobody</c>, …</summary>
    public required string Result { get; init; }

    /// <summary>
    /// The caller may be one that we called ourselves and whose call id we are about to be told: the same question may be asked again in a moment.
    /// </summary>
    public bool IsAwaited { get; init; }

    public static DialWhomAnswer Awaited(bool json) => new() { Numbers = [], Json = json, Result = "not-known-yet", IsAwaited = true };

    public static DialWhomAnswer Nobody(bool json, string result = "nobody") => new() { Numbers = [], Json = json, Result = result };

    /// <summary>
    /// What the provider reads. A value that it does not know makes it drop the whole answer: only documented fields, valid values.
    /// </summary>
    public string Body()
    {
        if (!Json)
            return string.Join(',', Numbers);
        if (Numbers.Count == 0)
            return """{"destination":{"numbers":[]}}""";
        return JsonSerializer.Serialize(new Connect(
            false, new(Numbers), CallerId, Record, Record ? "single" : null, Seconds(MaxRinging, 60), Seconds(MaxConversation, 4500),
            Parallel is > 1 ? new(true, Math.Min(Parallel.Value, 5)) : null), Options);
    }

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,   // "+91…" as it is
    };

    private static int? Seconds(TimeSpan? time, int most) => time is { } t ? Math.Clamp((int)t.TotalSeconds, 1, most) : null;

    private sealed record Connect(
        bool FetchAfterAttempt, Destination Destination, string? OutgoingPhoneNumber, bool Record, string? RecordingChannels, int? MaxRingingDuration,
        int? MaxConversationDuration, ParallelRinging? ParallelRinging);

    private sealed record Destination(IReadOnlyList<string> Numbers);

    private sealed record ParallelRinging(bool Activate, int MaxParallelAttempts);
}
