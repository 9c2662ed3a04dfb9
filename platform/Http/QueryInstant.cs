using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Outdial.Platform;

/// <summary>
/// An instant in the query of a request. A bare <see cref="DateTimeOffset"/> there would take a time without an offset for the server's own.
/// </summary>
/// <param name="Value">UTC.</param>
public readonly partial record struct QueryInstant(DateTimeOffset Value)
{
    /// <summary>As <see cref="InstantText.TryRead"/>; the <c>+</c> of an offset may have become a blank on the way.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, IFormatProvider? provider, out QueryInstant instant)
    {
        var read = InstantText.TryRead(text, out var value) || InstantText.TryRead(LostPlus().Replace(text ?? "", "+$1"), out value);
        instant = new(value);
        return read;
    }

    [GeneratedRegex(@"(?<=[0-9]) ([0-9]{2}:?[0-9]{2})\s*\z", RegexOptions.CultureInvariant)]
    private static partial Regex LostPlus();
}

/// <summary>Instants in the documents of requests and answers, as <see cref="InstantText"/> reads them.</summary>
internal sealed class InstantJson : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && InstantText.TryRead(reader.GetString(), out var instant) ? instant : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
