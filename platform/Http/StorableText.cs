using System.Text.Json;
using System.Text.Json.Serialization;

namespace Outdial.Platform;

/// <summary>
/// Texts as JSON has them, but for the one character that no text of the database can hold: refused here, where the field is known.
/// </summary>
internal sealed class StorableText : JsonConverter<string>
{
    public const string Expected = @"a text without the character \u0000";

    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Checked(reader.GetString());

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Checked(reader.GetString())!;

    public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WritePropertyName(value);

    private static string? Checked(string? text) => text?.Contains('\0') == true ? throw new JsonException(Expected) : text;
}
