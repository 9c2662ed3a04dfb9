using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Outdial.Platform.OpenApi;

/// <summary>What the description of the API says of a name, wherever it stands.</summary>
internal static class WrittenWords
{
    private const string Id = "0198c1a2-7b3c-7d4e-8f5a-6b7c8d9e0f1a";

    private static readonly Dictionary<string, string> Parameters = new(StringComparer.OrdinalIgnoreCase)
    {
        ["limit"] = "Rows of the page at most.",
        ["after"] = "Where the page begins: as the header Link of the page before says.",
        ["state"] = "Only those in this state.",
        ["outcome"] = "Only those with this outcome.",
        ["campaign"] = "Only of this campaign.",
        ["lead"] = "Only of this lead.",
        ["agent"] = "Only of this agent.",
        ["key"] = "Only of this key.",
        ["number"] = "A telephone number as people write it; best with + and the code of its country.",
        ["from"] = "From then on; with its offset.",
        ["to"] = "Until then; with its offset.",
        ["account"] = "Name of a configured provider account; left out: default.",
        ["all"] = "True: ended ones, too.",
        ["by"] = "The section of the report.",
        ["disposition"] = "Only what became this.",
        ["code"] = "Only those refused for this reason.",
        ["e164"] = "A telephone number as people write it.",
        ["attemptId"] = "The attempt's id.",
        ["name"] = "Its name.",
    };

    private static readonly Dictionary<string, string> Texts = new(StringComparer.OrdinalIgnoreCase)
    {
        ["number"] = "+919825012345",
        ["e164"] = "+919825012345",
        ["phone"] = "+919740005199",
        ["to"] = "+919825012345",
        ["from"] = "+918047851000",
        ["did"] = "+918047851000",
        ["callerId"] = "+918047851000",
        ["callerIds"] = "+918047851000",
        ["numbers"] = "+918047851000",
        ["fallbackNumber"] = "+912240000000",
        ["timeZone"] = "Asia/Kolkata",
        ["ownTimeZone"] = "Asia/Kolkata",
        ["region"] = "IN",
        ["circle"] = "GJ",
        ["account"] = "default",
        ["fileName"] = "leads.csv",
        ["after"] = Id,
        ["flow"] = "926",
        ["trunk"] = "office",
        ["sid"] = "trmum1c2d3e4f5",
        ["acl"] = "203.0.113.5/32",
        ["destinationUris"] = "pbx.example.com:443;transport=tls",
        ["skill"] = "gujarati",
        ["skills"] = "gujarati",
        ["optOutDigits"] = "9",
        ["name"] = "Renewals",
        ["createdBy"] = "sue",
        ["changedBy"] = "sue",
        ["correlationId"] = "0198c1a27b3c7d4e8f5a6b7c8d9e0f1a",
        ["field"] = "callsPerMinute",
        ["value"] = "ten",
        ["expected"] = "a whole number",
        ["title"] = "The request is not valid.",
        ["detail"] = "'callsPerMinute' is 'ten': expected a whole number.",
        ["errorsUrl"] = $"/api/v1/imports/{Id}/errors.csv",
    };

    /// <returns>Null: nothing is said of it.</returns>
    public static string? OfParameter(string name) => Parameters.GetValueOrDefault(name);

    /// <summary>A value that a field or parameter may have.</summary>
    /// <param name="schema">Null: a text.</param>
    public static JsonNode? Example(string name, IOpenApiSchema? schema) =>
        Example(name, schema?.Enum is [{ } first, ..] ? first : null, Kind(schema?.Type), schema?.Format, schema?.Pattern, schema?.Minimum);

    /// <param name="type">As JSON schema says it, null left out.</param>
    public static JsonNode? Example(string name, JsonNode? first, string type, string? format, string? pattern, string? minimum) => type switch
    {
        _ when first is not null => first.DeepClone(),
        "boolean" => true,
        "integer" when name == "status" => 400,
        "integer" => minimum is not null && long.TryParse(minimum, out var least) ? Math.Max(least, 1) : 3,
        "number" => 0.5,
        "string" => Text(name, format, pattern),
        _ => null,
    };

    private static string Text(string name, string? format, string? pattern) => format switch
    {
        "uuid" => Id,
        "date-time" => "2026-01-05T09:00:00Z",
        "date" => "2026-01-05",
        "time" => "09:00:00",
        "uri" => "https://calls.example.org/",
        _ when pattern == DurationJson.Pattern => "00:05:00",
        _ => Texts.GetValueOrDefault(name) ?? "text",
    };

    private static string Kind(JsonSchemaType? type) => (type ?? JsonSchemaType.String) switch
    {
        var kind when kind.HasFlag(JsonSchemaType.Boolean) => "boolean",
        var kind when kind.HasFlag(JsonSchemaType.Integer) => "integer",
        var kind when kind.HasFlag(JsonSchemaType.Number) => "number",
        var kind when kind.HasFlag(JsonSchemaType.String) => "string",
        _ => "",
    };
}
