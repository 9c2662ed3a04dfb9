using System.Collections;
using System.Reflection;

namespace Outdial.Platform;

/// <summary>Says in words what a .NET type looks like in JSON.</summary>
internal static class ExpectedValues
{
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
        ["Int32"] = "a whole number",
        ["Int64"] = "a whole number",
        ["int"] = "a whole number",
        ["long"] = "a whole number",
        ["Decimal"] = "a number",
        ["Double"] = "a number",
        ["String"] = "a text",
    };

    private const string AnotherShape = "an object of another shape; the OpenAPI document describes it";

    /// <param name="typeName">
    /// A type as binding errors name it: <c>int</c>, <c>Guid?</c>, <c>Nullable&lt;Guid&gt;</c>, <c>System.DateOnly</c>.
    /// </param>
    public static string Of(string typeName)
    {
        var name = typeName.TrimEnd('?');
        if (name.StartsWith("Nullable<", StringComparison.Ordinal))
            name = name["Nullable<".Length..].TrimEnd('>');
        if (Find(name) is { } type)
            return Of(type);
        return Words.GetValueOrDefault(name[(name.LastIndexOf('.') + 1)..]) ?? AnotherShape;
    }

    /// <param name="typeName">A type as System.Text.Json names it: the value's own, or the one of the object around it.</param>
    /// <param name="path">JSON path of the value.</param>
    public static string OfValueAt(string typeName, string path)
    {
        var type = Find(typeName);
        var last = path[(path.LastIndexOf('.') + 1)..];
        var around = type?.GetProperty(last, BindingFlags.IgnoreCase | BindingFlags.Instance | BindingFlags.Public);
        return (around?.PropertyType ?? type) is { } wanted ? Of(wanted) : Of(typeName);
    }

    private static string Of(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsEnum)
            return "one of " + string.Join(", ", Enum.GetNames(type));
        if (Words.TryGetValue(type.Name, out var words))
            return words;
        return type.IsAssignableTo(typeof(IEnumerable)) && !type.Name.Contains("Dictionary") ? "an array" : AnotherShape;
    }

    private static Type? Find(string name) => name.Length == 0 ? null
        : AppDomain.CurrentDomain.GetAssemblies().Select(assembly => assembly.GetType(name)).FirstOrDefault(type => type is not null);
}
