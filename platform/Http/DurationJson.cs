using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Outdial.Platform;

/// <summary>Durations in the documents of requests and answers. A bare number would be one of days, and nobody who writes 15 means that.</summary>
internal sealed class DurationJson : JsonConverter<TimeSpan>
{
    public const string Expected = "a duration with its colons, such as \"00:05:00\" or \"1.12:00:00\"";

    /// <summary>As the description of the API shows it.</summary>
    public const string Pattern = @"^-?(\d+\.)?\d{2}:\d{2}:\d{2}(\.\d{1,7})?$";

    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && reader.GetString() is { } text && text.Contains(':')
            && TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out var duration) ? duration : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString("c", CultureInfo.InvariantCulture));
}
