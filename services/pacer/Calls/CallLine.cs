using System.Text.Json;
using System.Text.Json.Nodes;
using Outdial.Contracts;
using Outdial.Platform;

namespace Outdial.Pacer.Calls;

/// <summary>One call as a line of an export: a call detail record, with what is known of its lead.</summary>
internal static class CallLine
{
    /// <param name="Attributes">The lead's as JSON, if they are asked for.</param>
    public sealed record Row(Attempt Call, string? ExternalId, string? Attributes);

    /// <summary>A column: its name, and what stands there.</summary>
    private sealed record Column(string Name, Func<Row, object?> Value);

    private static readonly Column[] Columns =
    [
        new("attemptId", r => r.Call.CorrelationId), new("campaignId", r => r.Call.CampaignId), new("leadId", r => r.Call.LeadId),
        new("externalId", r => r.ExternalId), new(Number, r => r.Call.Number), new("attemptNumber", r => r.Call.AttemptNumber),
        new("account", r => r.Call.Account), new("mode", r => r.Call.Mode), new("state", r => r.Call.State), new("outcome", r => r.Call.Outcome),
        new("reason", r => r.Call.Reason), new("cause", r => r.Call.Cause), new("causeName", r => r.Call.CauseName), new("source", r => r.Call.Source),
        new("dialed", r => r.Call.Dialed), new("countsAsTry", r => r.Call.CountsAsTry), new("dropped", r => r.Call.Dropped),
        new("callerId", r => r.Call.CallerId), new("callerIdCircle", r => r.Call.CallerIdCircle), new("circle", r => r.Call.Circle),
        new("timeZone", r => r.Call.TimeZone), new("providerCallId", r => r.Call.ProviderCallId),
        new("offeredAt", r => r.Call.OfferedAt), new("requestedAt", r => r.Call.RequestedAt), new("submittedAt", r => r.Call.SubmittedAt),
        new("ringingAt", r => r.Call.RingingAt), new("answeredAt", r => r.Call.AnsweredAt), new("queuedAt", r => r.Call.QueuedAt),
        new("dequeuedAt", r => r.Call.DequeuedAt), new("connectedAt", r => r.Call.ConnectedAt), new("endedAt", r => r.Call.EndedAt),
        new("ringSeconds", r => Ring(r.Call)), new("waitSeconds", r => Wait(r.Call)), new("talkSeconds", r => Talk(r.Call)),
        new("durationSeconds", r => r.Call.Duration), new("price", r => r.Call.Price), new("answeredBy", r => r.Call.AnsweredBy),
        new("digits", r => r.Call.Digits), new("recordingUrl", r => r.Call.RecordingUrl), new("agentId", r => r.Call.AgentId),
        new("disposition", r => r.Call.Disposition), new("note", r => r.Call.Note), new(Attributes, r => r.Attributes),
    ];

    private const string Number = "number", Attributes = "attributes";

    /// <summary>The first line of a CSV.</summary>
    public static CsvLine Header(bool attributes) => CsvLine.Of([.. Wanted(attributes).Select(column => column.Name)]);

    /// <param name="masked">The number is not whole.</param>
    public static CsvLine Csv(Row row, bool masked, bool attributes) =>
        CsvLine.Of([.. Wanted(attributes).Select(column => Shown(column, row, masked))]);

    /// <summary>A line of NDJSON; durations in seconds, as in a CSV, and the attributes as they are.</summary>
    public static string Json(Row row, bool masked, bool attributes)
    {
        var line = new JsonObject();
        foreach (var column in Wanted(attributes))
        {
            line[column.Name] = Shown(column, row, masked) switch
            {
                null => null,
                string json when column.Name == Attributes => JsonNode.Parse(json),
                TimeSpan time => JsonValue.Create(time.TotalSeconds),
                var value => JsonSerializer.SerializeToNode(value, JsonSerializerOptions.Web),
            };
        }
        return line.ToJsonString() + "\n";
    }

    /// <summary>How long the phone rang, until it was picked up or the call was over; null: nobody told that it rang.</summary>
    internal static TimeSpan? Ring(Attempt call) => Between(call.RingingAt, call.AnsweredAt ?? call.EndedAt);

    /// <summary>How long the lead waited for an agent; null: did not.</summary>
    internal static TimeSpan? Wait(Attempt call) => Between(call.QueuedAt, call.ConnectedAt ?? call.DequeuedAt ?? call.EndedAt);

    /// <summary>The talk that the provider tells, else that of a conversation from connection to end, as in the reports; null: none.</summary>
    internal static TimeSpan? Talk(Attempt call) =>
        call.TalkTime ?? (call.Outcome == Outcomes.Completed ? Between(call.ConnectedAt, call.EndedAt) : null);

    private static IEnumerable<Column> Wanted(bool attributes) => Columns.Where(column => attributes || column.Name != Attributes);

    private static object? Shown(Column column, Row row, bool masked) =>
        masked && column.Name == Number ? Masked.Number(row.Call.Number) : column.Value(row);

    private static TimeSpan? Between(DateTimeOffset? from, DateTimeOffset? to) =>
        to - from is { } time ? time > TimeSpan.Zero ? time : TimeSpan.Zero : null;
}
