using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using RabbitMQ.Client;

namespace Outdial.Cli.Redrive;

/// <summary>What an error queue tells of one message. Its content stays unread, and numbers in the reason are hidden.</summary>
/// <param name="Id">The message's own; null when it carries none that can be read.</param>
/// <param name="Type">Its type without the namespace, or why that is not known.</param>
/// <param name="Exception">Type of the last failure, without the namespace.</param>
/// <param name="Reason">First line of the last failure.</param>
/// <param name="FailedAt">When it came to the error queue; null when nobody wrote it down.</param>
public sealed partial record FailedMessage(string? Id, string Type, string Exception, string Reason, DateTimeOffset? FailedAt)
{
    private const int LongestReason = 160;

    public static FailedMessage Of(IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body)
    {
        var type = TypeOf(body);
        return Text(properties, "MT-Fault-ExceptionType") is { } exception
            ? new(properties.MessageId, type, LastWord(exception), FirstLine(Text(properties, "MT-Fault-Message")), Time(Text(properties, "MT-Fault-Timestamp")))
            // Not sent here by a reader, but by the broker: it was handed out again and again and never answered.
            : new(properties.MessageId, type, Text(properties, "x-first-death-reason") ?? "unknown", "no reader has answered for it", null);
    }

    private static string TypeOf(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var envelope = JsonDocument.Parse(body);
            return envelope.RootElement.ValueKind == JsonValueKind.Object && envelope.RootElement.TryGetProperty("messageType", out var types)
                && types.GetArrayLength() > 0
                ? LastWord(types[0].GetString()!)
                : "(no envelope)";
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return "(not JSON)";
        }
    }

    // urn:message:Outdial.Contracts:CallAnswered, System.InvalidOperationException
    private static string LastWord(string name) => name[(name.LastIndexOfAny([':', '.', '+']) + 1)..];

    private static string FirstLine(string? text)
    {
        var line = Digits().Replace((text ?? "").Split('\n', 2)[0].Trim(), number => "••••••" + number.Value[^4..]);
        return line.Length > LongestReason ? line[..LongestReason] + "…" : line;
    }

    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time : null;

    private static string? Text(IReadOnlyBasicProperties properties, string header) =>
        properties.Headers?.TryGetValue(header, out var value) == true ? value is byte[] bytes ? Encoding.UTF8.GetString(bytes) : value?.ToString()
            : null;

    // Eight digits or more, however they are grouped, unless they belong to an id.
    [GeneratedRegex(@"(?<![0-9A-Za-z-])\+?[0-9](?:[ .()-]{0,2}[0-9]){7,}(?![0-9A-Za-z-])")]
    private static partial Regex Digits();
}
