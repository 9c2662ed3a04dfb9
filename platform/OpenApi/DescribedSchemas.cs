using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Outdial.Platform.OpenApi;

/// <summary>
/// What the framework does not know of our types: closed sets, durations, what has to be there, and what the sources say of a field.
/// </summary>
internal static class DescribedSchemas
{
    /// <summary>The name of a closed set, beside its members.</summary>
    public const string SetName = "x-outdial-set";

    public static Task Describe(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancel)
    {
        var type = context.JsonTypeInfo.Type;
        if ((Nullable.GetUnderlyingType(type) ?? type) == typeof(TimeSpan))
            (schema.Type, schema.Pattern) = (Kind(JsonSchemaType.String, type), DurationJson.Pattern);
        TellType(schema, context);
        if (schema.Type is { } kind && kind.HasFlag(JsonSchemaType.String)
            && (kind.HasFlag(JsonSchemaType.Integer) || kind.HasFlag(JsonSchemaType.Number)))
            (schema.Type, schema.Pattern) = (kind & ~JsonSchemaType.String, null);   // it would be read as a text, too, and is never written so

        if (context.JsonTypeInfo.Kind == JsonTypeInfoKind.Object)
            schema.Description ??= WrittenSummaries.Of(type);
        if (context.JsonPropertyInfo is { } field)
        {
            if (context.JsonTypeInfo.Kind != JsonTypeInfoKind.Object)   // that is described where it stands for itself
                schema.Description ??= WrittenSummaries.Of(field);
            if (Has<RequiredAttribute>(field) is not null && schema.Type is { } said)
                schema.Type = said & ~JsonSchemaType.Null;   // null is what it is when it is left out
            if (Has<OneOfAttribute>(field) is { } set)
                Close(schema, set.Values, set.Name);
            else if (Has<AllowedValuesAttribute>(field) is { } allowed)
                Close(schema, [.. allowed.Values.Select(value => $"{value}")], null);
            if (Has<RangeAttribute>(field) is { OperandType: var operand } range && operand == typeof(TimeSpan))
                (schema.Description, schema.Examples) = ($"{schema.Description} From {range.Minimum} to {range.Maximum}.".Trim(),
                    [$"{(range.Minimum is "00:00:00" ? range.Maximum : range.Minimum)}"]);
            if (schema.Maximum == $"{int.MaxValue}")
                schema.Maximum = null;
        }
        else if (context.JsonTypeInfo.Kind == JsonTypeInfoKind.Object)
        {
            foreach (var property in context.JsonTypeInfo.Properties.Where(each => Has<RequiredAttribute>(each) is not null))
                (schema.Required ??= new HashSet<string>()).Add(property.Name);
        }
        return Task.CompletedTask;
    }

    // What has a reader of its own is anything to the framework.
    private static void TellType(OpenApiSchema schema, OpenApiSchemaTransformerContext context)
    {
        var type = context.JsonTypeInfo.Type;
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        var isNullable = plain != type || (!type.IsValueType && context.JsonPropertyInfo is { IsGetNullable: true });
        if (plain == typeof(string) || plain == typeof(DateTimeOffset))
            schema.Type = isNullable ? JsonSchemaType.String | JsonSchemaType.Null : JsonSchemaType.String;
        var item = context.JsonTypeInfo.ElementType == typeof(string) ? context.JsonTypeInfo.Kind : JsonTypeInfoKind.None;
        if (item == JsonTypeInfoKind.Enumerable && schema.Items is null)
            schema.Items = new OpenApiSchema { Type = JsonSchemaType.String };
        if (item == JsonTypeInfoKind.Dictionary && schema.AdditionalProperties is null)
            schema.AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.String };
    }

    /// <summary>Says which texts there are.</summary>
    /// <param name="name">What the set is called; null: nothing.</param>
    public static void Close(OpenApiSchema schema, IReadOnlyList<string> values, string? name)
    {
        if (schema.Items is OpenApiSchema items)
        {
            Close(items, values, name);
            return;
        }
        if (schema.Description?.StartsWith("One of ", StringComparison.Ordinal) == true)
            schema.Description = null;   // the list says it
        schema.Enum = [.. values.Select(value => (JsonNode)value)];
        if (schema.Type?.HasFlag(JsonSchemaType.Null) == true)
            schema.Enum.Add(JsonNullSentinel.JsonNull);
        if (name is not null)
            (schema.Extensions ??= new Dictionary<string, IOpenApiExtension>())[SetName] = new JsonNodeExtension(name);
    }

    private static JsonSchemaType Kind(JsonSchemaType kind, Type type) =>
        Nullable.GetUnderlyingType(type) is null ? kind : kind | JsonSchemaType.Null;

    private static T? Has<T>(JsonPropertyInfo field) where T : Attribute =>
        field.AttributeProvider?.GetCustomAttributes(typeof(T), inherit: true).OfType<T>().FirstOrDefault()
        ?? (field.AttributeProvider as PropertyInfo)?.DeclaringType?.GetConstructors(BindingFlags.Instance | BindingFlags.Public)
            .SelectMany(constructor => constructor.GetParameters())
            .FirstOrDefault(parameter => string.Equals(parameter.Name, field.Name, StringComparison.OrdinalIgnoreCase))?.GetCustomAttribute<T>();
}
