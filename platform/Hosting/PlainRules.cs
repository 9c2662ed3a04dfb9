using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Outdial.Platform.Hosting;

/// <summary>
/// What holds for the options of all services: each value is in its range, and a duration that names no range is above zero and at most a week. A
/// sentence names the setting, its value as it is written, and what was expected.
/// </summary>
internal sealed class PlainRules<T>(IConfiguration configuration) : IValidateOptions<T> where T : class
{
    // Accounts, whose types have other names, are validated where they are read: they lie in sections of their own.
    private static readonly bool IsOurs =
        typeof(T).Namespace?.StartsWith("Outdial", StringComparison.Ordinal) == true && typeof(T).Name.EndsWith("Options", StringComparison.Ordinal);

    public ValidateOptionsResult Validate(string? name, T options)
    {
        if (!IsOurs)
            return ValidateOptionsResult.Skip;
        var faults = PlainRules.Faults(configuration, PlainRules.SectionOf(typeof(T)), options).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}

internal static class PlainRules
{
    public const string Duration = "a duration such as 00:01:30 (a bare number counts days)";
    private static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    /// <summary>By its constant <c>Section</c>, else by its name: <c>PacerOptions</c> is section <c>Pacer</c>.</summary>
    public static string SectionOf(Type options) =>
        options.GetField("Section", BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue() as string
        ?? options.Name[..^"Options".Length];

    public static IEnumerable<string> Faults(IConfiguration configuration, string section, object options)
    {
        foreach (var property in options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var (path, value) = ($"{section}:{property.Name}", property.GetValue(options));
            if (value is IDictionary named && named.Values.Cast<object?>().FirstOrDefault() is not null and not string)
            {
                foreach (DictionaryEntry entry in named)
                    foreach (var fault in Faults(configuration, $"{path}:{entry.Key}", entry.Value!))
                        yield return fault;
                continue;
            }
            if (Expected(property, value) is { } expected)
                yield return value is null or "" ? $"{path} is missing; expected {expected}."
                    : $"{path} is '{configuration[path] ?? Text(value)}'; expected {expected}.";
        }
    }

    /// <returns>What was expected; null when the value will do.</returns>
    private static string? Expected(PropertyInfo property, object? value)
    {
        foreach (var rule in property.GetCustomAttributes<ValidationAttribute>().Where(rule => !rule.IsValid(value)))
        {
            return rule switch
            {
                RangeAttribute { Minimum: var least, Maximum: var most } when value is TimeSpan => $"{Duration} from {least} to {most}",
                RangeAttribute { Minimum: var least, Maximum: var most } => $"{Text(least)} to {Text(most)}",
                RequiredAttribute => "a value",
                _ => rule.FormatErrorMessage(property.Name).TrimEnd('.'),
            };
        }
        var isFree = property.CanWrite && property.GetCustomAttribute<RangeAttribute>() is null;
        return isFree && value is TimeSpan time && (time <= TimeSpan.Zero || time > Longest)
            ? $"{Duration}, above zero and at most {Longest.TotalDays:0} days"
            : null;
    }

    private static string Text(object value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
