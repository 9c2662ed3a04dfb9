using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Outdial.Platform;

/// <summary>Says in words what a .NET type looks like in JSON.</summary>
internal static class ExpectedValues
{
    private const string WholeNumber = "a whole number";
    private const int MostNamed = 60;

    private static readonly Dictionary<string, string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        ["TimeSpan"] = DurationJson.Expected,
        ["DateTimeOffset"] = InstantText.Expected,
        ["QueryInstant"] = InstantText.Expected,
        ["DateOnly"] = "a date such as \"2026-01-31\"",
        ["TimeOnly"] = "a time of day such as \"09:00:00\"",
        ["Guid"] = "an id such as \"0198c1a2-7b3c-7d4e-8f5a-6b7c8d9e0f1a\"",
        ["Boolean"] = "true or false",
        ["bool"] = "true or false",
        ["Int32"] = WholeNumber,
        ["Int64"] = WholeNumber,
        ["int"] = WholeNumber,
        ["long"] = WholeNumber,
        ["Decimal"] = "a number",
        ["Double"] = "a number",
        ["String"] = "a text",
    };

    /// <summary>Of what there are no words for, which no request has by now.</summary>
    private const string Other = "what the OpenAPI document describes";

    /// <param name="typeName">
    /// A type as binding errors name it: <c>int</c>, <c>Guid?</c>, <c>Nullable&lt;Guid&gt;</c>, <c>System.DateOnly</c>.
    /// </param>
    public static string Of(string typeName)
    {
        var name = typeName.TrimEnd('?');
        if (name.StartsWith("Nullable<", StringComparison.Ordinal))
            name = name["Nullable<".Length..].TrimEnd('>');
        if (Find(name) is { IsEnum: true } type)
            return "one of " + string.Join(", ", Enum.GetNames(type));
        return Words.GetValueOrDefault(name[(name.LastIndexOf('.') + 1)..]) ?? Other;
    }

    /// <param name="attributes">Those of the property that holds the value: what it may be.</param>
    public static string Of(JsonTypeInfo info, IReadOnlyCollection<object> attributes)
    {
        var type = Nullable.GetUnderlyingType(info.Type) ?? info.Type;
        if (info.Kind == JsonTypeInfoKind.Object)
            return $"an object with {string.Join(", ", info.Properties.Take(MostNamed).Select(property => property.Name))}";
        if (info.Kind == JsonTypeInfoKind.Dictionary)
            return "an object that names values";
        if (info.Kind == JsonTypeInfoKind.Enumerable)
            return "an array";
        if (attributes.OfType<OneOfAttribute>().FirstOrDefault() is { } set)
            return $"one of {string.Join(", ", set.Values)}";
        if (attributes.OfType<AllowedValuesAttribute>().FirstOrDefault() is { } allowed)
            return $"one of {string.Join(", ", allowed.Values)}";
        var words = type.IsEnum ? "one of " + string.Join(", ", Enum.GetNames(type)) : Words.GetValueOrDefault(type.Name) ?? Other;
        return words + (attributes.OfType<RangeAttribute>().FirstOrDefault() is { } range ? Bounds(range.Minimum, range.Maximum)
            : attributes.OfType<StringLengthAttribute>().FirstOrDefault() is { } length ? Length(length)
            : "");
    }

    /// <summary>The same of a value that may be a whole number, and one that is too large.</summary>
    public static string Of(JsonTypeInfo info, IReadOnlyCollection<object> attributes, JsonElement value)
    {
        var (type, words) = (Nullable.GetUnderlyingType(info.Type) ?? info.Type, Of(info, attributes));
        return words != WholeNumber || value.ValueKind != JsonValueKind.Number ? words
            : words + (type == typeof(long) ? Bounds(long.MinValue, long.MaxValue) : Bounds(int.MinValue, int.MaxValue));
    }

    /// <summary>No telephone number is one, however many digits it has.</summary>
    public static bool IsNumber(Type type) => (Nullable.GetUnderlyingType(type) ?? type) is var plain
        && (plain == typeof(int) || plain == typeof(long) || plain == typeof(decimal) || plain == typeof(double));

    private static string Bounds(object least, object most) => string.Create(CultureInfo.InvariantCulture, $" from {least} to {most}");

    private static string Length(StringLengthAttribute length) => length.MinimumLength == 0 ? $" of at most {length.MaximumLength} characters"
        : $" of {length.MinimumLength} to {length.MaximumLength} characters";

    private static Type? Find(string name) => name.Length == 0 ? null
        : AppDomain.CurrentDomain.GetAssemblies().Select(assembly => assembly.GetType(name)).FirstOrDefault(type => type is not null);
}
