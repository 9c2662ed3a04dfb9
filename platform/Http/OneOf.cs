using System.Reflection;

namespace Outdial.Platform;

/// <summary>
/// A text of a closed set. A query parameter that holds another is refused, one that differs in case alone is taken; the description of the API
/// shows the set.
/// </summary>
/// <param name="words">The static class that holds the texts: its <c>All</c>, or else its public constants.</param>
/// <param name="member">The member that holds them instead; null: as above.</param>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
public sealed class OneOfAttribute(Type words, string? member = null) : Attribute
{
    private const BindingFlags Static = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    private IReadOnlyList<string>? _values;

    /// <summary>Where the texts stand.</summary>
    public Type Words => words;

    /// <summary>What the set is called in the description of the API.</summary>
    public string Name => member is null ? words.Name : words.Name + member;

    /// <summary>In the order in which they are written.</summary>
    public IReadOnlyList<string> Values => _values ??= Find();

    private IReadOnlyList<string> Find()
    {
        var name = member ?? "All";
        if ((words.GetField(name, Static)?.GetValue(null) ?? words.GetProperty(name, Static)?.GetValue(null)) is IEnumerable<string> all)
            return [.. all];
        return member is null
            ? [.. words.GetFields(BindingFlags.Static | BindingFlags.Public)
                .Where(field => field is { IsLiteral: true, FieldType: var type } && type == typeof(string))
                .Select(field => (string)field.GetRawConstantValue()!)]
            : throw new InvalidOperationException($"{words} has no texts called {member}.");
    }
}
