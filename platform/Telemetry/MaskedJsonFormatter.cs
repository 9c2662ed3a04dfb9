using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Outdial.Platform;

/// <summary>One JSON object per line for machines. Values are masked one by one: masking the finished line could break its syntax.</summary>
internal sealed class MaskedJsonFormatter(TimeProvider clock) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "outdial-json";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public override void Write<TState>(in LogEntry<TState> entry, IExternalScopeProvider? scopes, TextWriter writer)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("time", clock.GetUtcNow().UtcDateTime);
            json.WriteString("level", MaskedTextFormatter.Word(entry.LogLevel));
            json.WriteString("category", entry.Category);
            json.WriteNumber("event", entry.EventId.Id);
            json.WriteString("message", Masked.Text(entry.Formatter(entry.State, entry.Exception)));
            if (Activity.Current is { } activity)
                json.WriteString("traceId", activity.TraceId.ToHexString());
            if (entry.Exception is { } exception)
                json.WriteString("exception", Masked.Text(exception.ToString()));
            WriteFields(json, entry.State, scopes);
            json.WriteEndObject();
        }
        writer.WriteLine(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
    }

    private static void WriteFields(Utf8JsonWriter json, object? state, IExternalScopeProvider? scopes)
    {
        // The innermost value of a name wins; a name twice in one object is read differently by every reader.
        var fields = new Dictionary<string, object?>(StringComparer.Ordinal);
        scopes?.ForEachScope(static (scope, all) => Collect(scope, all), fields);
        Collect(state, fields);
        if (fields.Count == 0)
            return;
        json.WriteStartObject("fields");
        foreach (var (name, value) in fields)
            json.WriteString(name, Masked.Text(Convert.ToString(value, CultureInfo.InvariantCulture)));
        json.WriteEndObject();
    }

    private static void Collect(object? values, Dictionary<string, object?> fields)
    {
        if (values is not IEnumerable<KeyValuePair<string, object?>> pairs)
            return;
        foreach (var (name, value) in pairs)
        {
            if (name != "{OriginalFormat}")
                fields[name] = value;
        }
    }
}
