using System.Globalization;
using System.Text.Json;

namespace Outdial.Providers.PortaSwitch.Words;

/// <summary>Reads JSON by configured paths: values may be text, numbers or missing, and nothing throws.</summary>
internal static class Paths
{
    private const int MaxText = 512;

    /// <param name="paths">Paths with dots, parted by blanks; the first with a value that says something counts.</param>
    /// <returns>The value as text, trimmed; null when it is missing, empty, null, or no plain value.</returns>
    public static string? Text(this JsonElement element, string paths)
    {
        foreach (var path in paths.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (Find(element, path) is { } found && Plain(found) is { } text)
                return text;
        }
        return null;
    }

    /// <summary>A word in lower case.</summary>
    public static string? Word(this JsonElement element, string paths) => element.Text(paths)?.ToLowerInvariant();

    public static int? Int(this JsonElement element, string paths) =>
        decimal.TryParse(element.Text(paths), NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            && Math.Abs(value) < 1_000_000 ? (int)value : null;

    public static TimeSpan? Seconds(this JsonElement element, string paths) =>
        element.Int(paths) is >= 0 and var seconds ? TimeSpan.FromSeconds(seconds) : null;

    /// <summary>True, false, 1, 0, Y, N, as value or text; null for anything else.</summary>
    public static bool? Flag(this JsonElement element, string paths) => element.Word(paths) switch
    {
        "true" or "1" or "y" or "yes" => true,
        "false" or "0" or "n" or "no" => false,
        _ => null,
    };

    /// <summary>
    /// An instant: <c>YYYY-MM-DD HH:MM:SS</c> of the account's zone, the same with an offset, or a count since 1970. Null for
    /// nothing, for what <see cref="ProviderTimes.IsNone"/> knows and for what is no time.
    /// </summary>
    public static DateTimeOffset? Time(this JsonElement element, string paths, TimeZoneInfo zone)
    {
        if (element.Text(paths) is not { } text || ProviderTimes.IsNone(text))
            return null;
        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _))
            return ProviderTimes.Counted(text);
        if (!DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind | DateTimeStyles.AllowWhiteSpaces, out var time)
            || time.Year is <= 1970 or >= 9998)
            return null;
        return time.Kind switch
        {
            DateTimeKind.Utc => new DateTimeOffset(time, TimeSpan.Zero),
            DateTimeKind.Local => new DateTimeOffset(time).ToUniversalTime(),
            _ => new DateTimeOffset(time, zone.GetUtcOffset(time)).ToUniversalTime(),
        };
    }

    /// <summary>The value at a path; null when there is none. A name in another case counts where none is spelled alike.</summary>
    public static JsonElement? Find(JsonElement element, string path)
    {
        foreach (var name in path.Split('.'))
        {
            if (element.ValueKind != JsonValueKind.Object)
                return null;
            if (element.TryGetProperty(name, out var found))
                element = found;
            else if (element.EnumerateObject()
                .FirstOrDefault(property => IsNamed(property, name)) is { Value.ValueKind: not JsonValueKind.Undefined } other)
                element = other.Value;
            else
                return null;
        }
        return element;
    }

    private static bool IsNamed(JsonProperty property, string name)
    {
        try
        {
            return property.Name.Equals(name, StringComparison.OrdinalIgnoreCase);
        }
        catch (InvalidOperationException)   // a name that is no text
        {
            return false;
        }
    }

    private static string? Plain(JsonElement value)
    {
        var text = value.ValueKind switch
        {
            JsonValueKind.String => Unescaped(value),
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
            _ => null,
        };
        if (text is null)
            return null;
        text = string.Concat(text.Where(c => !char.IsControl(c) && !char.IsSurrogate(c))).Trim();
        return text.Length == 0 || text == "null" ? null : text.Length > MaxText ? text[..MaxText] : text;
    }

    private static string? Unescaped(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)   // an escaped half of a surrogate pair
        {
            return null;
        }
    }
}
