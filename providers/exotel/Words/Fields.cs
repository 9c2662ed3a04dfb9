using System.Globalization;
using System.Text;

namespace Outdial.Providers.Exotel.Words;

/// <summary>
/// A flat view of what Exotel sends, whatever the wire form: names as forms have them (<c>Legs[0][Status]</c>), compared without
/// case, blanks, hyphens and underscores (<c>Event Type</c>, <c>recording_url</c>), with dots as brackets and without what a call may be wrapped in
/// (<c>Call[Status]</c>); values trimmed and without control characters.
/// </summary>
internal sealed class Fields
{
    private const int MaxFields = 2_000;
    private const int MaxValue = 2_048;
    private readonly Dictionary<string, string?> _values = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _altered = new(StringComparer.OrdinalIgnoreCase);
    private readonly SortedSet<string> _notes = new(StringComparer.Ordinal);

    /// <summary>Oddities met so far; a bounded vocabulary.</summary>
    public IReadOnlyList<string> Notes => [.. _notes];

    public int Count => _values.Count;

    public void Note(string oddity) => _notes.Add(oddity);

    /// <summary>Adds a value. A repeated name keeps the first value that says something.</summary>
    public void Add(string name, string? value)
    {
        if (_values.Count >= MaxFields)
        {
            Note("too-many-fields");
            return;
        }
        var key = Key(name);
        if (key.Length == 0)
            return;
        value = Clean(key, value);
        if (!_values.TryGetValue(key, out var before))
        {
            _values.Add(key, value);
            return;
        }
        if (string.IsNullOrEmpty(before) || before == "null")
            _values[key] = value;
        else if (!string.IsNullOrEmpty(value) && value != before)
            Note("duplicate-field");
    }

    public bool Has(string name) => _values.ContainsKey(Key(name));

    /// <summary>
    /// The numbers <c>n</c> of which there is a field <c>name[n]…</c>, in order: some count from 0, some from 1, and any may be missing.
    /// </summary>
    public IReadOnlyList<int> Indices(string name)
    {
        var found = new SortedSet<int>();
        var prefix = Key(name) + "[";
        foreach (var key in _values.Keys)
        {
            if (key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) && key.IndexOf(']', prefix.Length) is > 0 and var end
                && int.TryParse(key.AsSpan(prefix.Length, end - prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var index))
                found.Add(index);
        }
        return [.. found];
    }

    /// <summary>The value as sent; the text <c>null</c> stays. Null when the field is missing.</summary>
    public string? Raw(string name) => _values.GetValueOrDefault(Key(name));

    /// <summary>The value; null when it is missing, empty or the text <c>null</c>.</summary>
    public string? Text(string name)
    {
        var value = Raw(name);
        if (string.IsNullOrEmpty(value))
            return null;
        if (!value.Equals("null", StringComparison.OrdinalIgnoreCase))
            return value;
        Note("literal-null");
        return null;
    }

    /// <summary>The value as an address that may be shown to people; null for everything that <see cref="WebAddress"/> does not keep.</summary>
    public string? Address(string name)
    {
        if (Text(name) is not { } text)
            return null;
        var kept = _altered.Contains(Key(name)) ? null : WebAddress.Kept(text);
        if (kept is null)
            Note(WebAddress.Oddity);
        return kept;
    }

    /// <summary>The value without the double quotes that Exotel wraps digits in; null as for <see cref="Text"/>.</summary>
    public string? Unquoted(string name)
    {
        var value = Text(name)?.Trim('"', ' ');
        return string.IsNullOrEmpty(value) ? null : value;
    }

    /// <summary>A status word in lower case with hyphens; <c>null</c> stays as the word that it is at a leg.</summary>
    public string? Word(string name)
    {
        var value = Raw(name);
        return string.IsNullOrEmpty(value) ? null : value.ToLowerInvariant().Replace('_', '-');
    }

    /// <summary>Seconds as number or text, whole or not; null for anything else, and for what no call lasts.</summary>
    public TimeSpan? Seconds(string name) => Numbers.Seconds(Text(name));

    private static string Key(string name)
    {
        var key = new StringBuilder(name.Length);
        var inDots = false;
        foreach (var c in name)
        {
            if (c == '.')   // Stream.Duration is Stream[Duration]
            {
                key.Append(inDots ? "][" : "[");
                inDots = true;
                continue;
            }
            if (inDots && c == '[')
            {
                key.Append(']');
                inDots = false;
            }
            if (!char.IsWhiteSpace(c) && !char.IsControl(c) && c is not ('\uFEFF' or '_' or '-'))
                key.Append(c);
        }
        if (inDots)
            key.Append(']');
        // Call Details wrap each leg once more.
        return Unwrapped(key.ToString()).Replace("[Leg]", "", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary><c>Call[Legs][0][Status]</c> is <c>Legs[0][Status]</c>.</summary>
    private static string Unwrapped(string key)
    {
        const string wrapper = "Call[";
        return key.StartsWith(wrapper, StringComparison.OrdinalIgnoreCase) && key.IndexOf(']', StringComparison.Ordinal) is > 0 and var end
            ? string.Concat(key.AsSpan(wrapper.Length, end - wrapper.Length), key.AsSpan(end + 1))
            : key;
    }

    private string? Clean(string key, string? value)
    {
        if (value is null)
            return null;
        if (value.Length > 0 && (char.IsWhiteSpace(value[0]) || char.IsWhiteSpace(value[^1])))
            Note("blanks");
        value = value.Trim();
        if (value.Length > MaxValue || value.Any(Unfit))
            _altered.Add(key);
        if (value.Any(Unfit))
            value = string.Concat(value.Where(c => !Unfit(c))).Trim();   // a NUL or half a surrogate pair cannot be stored as text
        return value.Length > MaxValue ? value[..MaxValue] : value;

        static bool Unfit(char c) => char.IsControl(c) || char.IsSurrogate(c);
    }
}
