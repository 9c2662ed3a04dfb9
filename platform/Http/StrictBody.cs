using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Outdial.Platform;

/// <summary>
/// All that cannot be read of a document, wherever it stands: fields that nobody reads, all but the last of those that stand there twice, values of
/// another type, and required ones that are missing. The reader itself stops at the first.
/// </summary>
public static class StrictBody
{
    private const int MostNamed = 20;

    /// <param name="type">What it was to be read as.</param>
    /// <returns>
    /// Empty: it can be read. Otherwise beside them what is wrong with the values that can be, as far as their attributes say what they may be.
    /// </returns>
    public static IReadOnlyList<FieldProblem> Wrong(JsonElement body, Type type, JsonSerializerOptions json)
    {
        var look = new Look(json);
        look.At(body, json.GetTypeInfo(type), null, "");
        return look.Unread.Count == 0 ? [] : [.. look.Unread.Concat(look.Values).Take(MostNamed)];
    }

    /// <summary>A value as it stands there, texts without their quotes.</summary>
    public static string Shown(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().Any() ? "{…}" : "{}",
        JsonValueKind.Array => value.GetArrayLength() > 0 ? "[…]" : "[]",
        JsonValueKind.String => value.GetString()!,
        _ => value.GetRawText(),
    };

    private sealed class Look(JsonSerializerOptions json)
    {
        public List<FieldProblem> Unread { get; } = [];

        /// <summary>Of values that can be read.</summary>
        public List<FieldProblem> Values { get; } = [];

        /// <param name="property">Whose value it is; null: an item's, or the whole.</param>
        public void At(JsonElement element, JsonTypeInfo type, JsonPropertyInfo? property, string path)
        {
            if (Unread.Count > MostNamed)
                return;
            if (element.ValueKind == JsonValueKind.Null)
            {
                var isPlain = type.Type.IsValueType && Nullable.GetUnderlyingType(type.Type) is null;
                if (isPlain || property is { IsSetNullable: false } || path.Length == 0)
                    Unread.Add(new(Named(path), "null", ExpectedValues.Of(type, Attributes(property))));
                return;
            }
            switch (type.Kind, element.ValueKind)
            {
                case (JsonTypeInfoKind.Object, JsonValueKind.Object):
                    Fields(element, type, path);
                    break;
                case (JsonTypeInfoKind.Dictionary, JsonValueKind.Object):
                    foreach (var entry in Once(element, path))
                        At(entry.Value, json.GetTypeInfo(type.ElementType!), null, Join(path, entry.Name));
                    break;
                case (JsonTypeInfoKind.Enumerable, JsonValueKind.Array):
                    foreach (var (index, item) in element.EnumerateArray().Index())
                        At(item, json.GetTypeInfo(type.ElementType!), null, $"{path}[{index}]");
                    break;
                case (JsonTypeInfoKind.None, _):
                    var before = Unread.Count;
                    Whole(element, path);
                    if (Unread.Count == before)
                        Value(element, type, property, path);
                    break;
                default:
                    Unread.Add(new(Named(path), Shown(element), ExpectedValues.Of(type, Attributes(property))));
                    break;
            }
        }

        private void Fields(JsonElement element, JsonTypeInfo type, string path)
        {
            List<string> names = [.. type.Properties.Select(each => each.Name)];
            var known = type.Properties.ToDictionary(property => property.Name, StringComparer.OrdinalIgnoreCase);
            HashSet<string> seen = new(StringComparer.OrdinalIgnoreCase);
            foreach (var field in element.EnumerateObject())
            {
                var at = Join(path, field.Name);
                if (!known.TryGetValue(field.Name, out var property))
                    Unread.Add(new(at, Shown(field.Value), NearestName.Expected(field.Name, "fields", names)));
                else if (!seen.Add(property.Name))
                    Unread.Add(new(at, Shown(field.Value), "each field once"));
                else if (property.CustomConverter is null)
                    At(field.Value, json.GetTypeInfo(property.PropertyType), property, at);
            }
            foreach (var missing in type.Properties.Where(property => property.IsRequired && !seen.Contains(property.Name)))
                Unread.Add(new(Join(path, missing.Name), null, ExpectedValues.Of(json.GetTypeInfo(missing.PropertyType), Attributes(missing))));
            foreach (var missing in type.Properties.Where(property => !property.IsRequired && !seen.Contains(property.Name)))
            {
                if (Attributes(missing).OfType<RequiredAttribute>().Any())
                    Values.Add(new(Join(path, missing.Name), null, ExpectedValues.Of(json.GetTypeInfo(missing.PropertyType), Attributes(missing))));
            }
        }

        /// <summary>Read by whoever asked for it as it is, and it must say one thing all the same.</summary>
        private void Whole(JsonElement element, string path)
        {
            if (element.ValueKind == JsonValueKind.Object)
            {
                foreach (var entry in Once(element, path))
                    Whole(entry.Value, Join(path, entry.Name));
            }
            else if (element.ValueKind == JsonValueKind.Array)
            {
                foreach (var (index, item) in element.EnumerateArray().Index())
                    Whole(item, $"{path}[{index}]");
            }
        }

        /// <summary>The fields of an object whose names are free, each name once; what stands there again is wrong.</summary>
        private IEnumerable<JsonProperty> Once(JsonElement element, string path)
        {
            HashSet<string> seen = new(StringComparer.Ordinal);
            foreach (var field in element.EnumerateObject())
            {
                if (seen.Add(field.Name))
                    yield return field;
                else
                    Unread.Add(new(Join(path, field.Name), Shown(field.Value), "each field once"));
            }
        }

        private void Value(JsonElement element, JsonTypeInfo type, JsonPropertyInfo? property, string path)
        {
            var attributes = Attributes(property);
            object? value;
            try
            {
                value = element.Deserialize(type);
            }
            catch (JsonException e)
            {
                Unread.Add(new(Named(path), Shown(element), Said(e) ?? ExpectedValues.Of(type, attributes, element))
                {
                    Plain = element.ValueKind == JsonValueKind.Number && ExpectedValues.IsNumber(type.Type),
                });
                return;
            }
            if (value is not null && attributes.OfType<ValidationAttribute>().Any(attribute => !IsGood(attribute, value)))
                Values.Add(FieldProblem.Of(Named(path), value, ExpectedValues.Of(type, attributes)));
            else if (value is string text && attributes.OfType<OneOfAttribute>().FirstOrDefault() is { } set && !set.Values.Contains(text))
                Values.Add(new(Named(path), text, ExpectedValues.Of(type, attributes)));
        }

        /// <summary>What a reader of ours says itself; null: nothing.</summary>
        private static string? Said(JsonException e) => e.Message.StartsWith(StorableText.Expected, StringComparison.Ordinal) ? StorableText.Expected
            : e.Message.Contains("could not be converted", StringComparison.Ordinal) || e.InnerException is not null ? null
            : e.Message.Split(" Path:")[0].TrimEnd('.');

        /// <summary>What attributes say of lists is looked at by whoever reads them.</summary>
        private static bool IsGood(ValidationAttribute attribute, object value) => attribute is not (RangeAttribute or StringLengthAttribute
            or AllowedValuesAttribute) || attribute.IsValid(value);

        /// <summary>Also those of the constructor's parameter, where a record has it from there.</summary>
        private static object[] Attributes(JsonPropertyInfo? property) => property?.AttributeProvider is not { } provider ? []
            : [.. provider.GetCustomAttributes(inherit: true), .. ((provider as PropertyInfo)?.DeclaringType?.GetConstructors() ?? [])
                .SelectMany(constructor => constructor.GetParameters())
                .Where(parameter => string.Equals(parameter.Name, property.Name, StringComparison.OrdinalIgnoreCase))
                .SelectMany(parameter => parameter.GetCustomAttributes(inherit: true))];

        private static string Named(string path) => path.Length == 0 ? "body" : path;

        private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
    }
}
