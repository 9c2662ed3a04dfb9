using System.Collections.Frozen;
using Outdial.Providers;

namespace Outdial.Pacer.Leads.Import;

/// <summary>
/// What the first rows of an upload tell of columns whose names have more than one meaning: a region is a country or a state, a priority a number or
/// a word, 040 a calling code or ISO 3166's number of a country. To be filled, then read.
/// </summary>
internal sealed class ColumnEvidence
{
    private const int MostValues = 1_000;

    /// <summary>ISO 3166's numbers of countries that begin with one 0.</summary>
    private static readonly FrozenSet<string> Numerics =
        ("010 012 016 020 024 028 031 032 036 040 044 048 050 051 052 056 060 064 068 070 072 074 076 084 086 090 092 096").Split(' ').ToFrozenSet();

    private static readonly FrozenSet<string> Priorities = new[] { "low", "normal", "medium", "high" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private readonly Dictionary<string, HashSet<string>> _values = [];
    private readonly HashSet<string> _states = [];

    public static ColumnEvidence None { get; } = new();

    /// <summary>May be a calling code, and may be ISO 3166's number of a country.</summary>
    public static bool IsNumeric(string text) => Numerics.Contains(text);

    /// <summary>Has a look at one row.</summary>
    public void Add(LeadColumns columns, IReadOnlyList<Cell> cells)
    {
        List<(int At, string Country)> said = [];
        for (var at = 0; at < cells.Count && at < columns.Roles.Count; at++)
        {
            if (columns.Roles[at] is not (ColumnRole.Region or ColumnRole.Country or ColumnRole.AddressCountry or ColumnRole.Priority)
                || cells[at].Text.Trim() is not { Length: > 0 } text)
                continue;
            var values = _values.TryGetValue(columns.Names[at], out var known) ? known
                : _values[columns.Names[at]] = new(StringComparer.OrdinalIgnoreCase);
            if (values.Count < MostValues)
                values.Add(text);
            if (columns.Roles[at] == ColumnRole.Priority || LeadRows.SaysNothing(text))
                continue;
            if (Countries.Read(text) is { } country)
                said.Add((at, country));
            else if (columns.IsBare(at))
                _states.Add(columns.Names[at]);
        }
        foreach (var (at, country) in said.Where(each => columns.IsBare(each.At)))
        {
            if (said.Exists(other => !columns.IsBare(other.At) && !Countries.Share(other.Country, country)))
                _states.Add(columns.Names[at]);
        }
    }

    /// <summary>Some of its values are no countries, or others than those of the columns that are countries for sure.</summary>
    public bool IsState(string column) => _states.Contains(column);

    /// <summary>As address books have it, for tasks and not for an order.</summary>
    public bool IsInWords(string column) => _values.TryGetValue(column, out var values) && values.All(Priorities.Contains);

    /// <summary>Some of its values are calling codes and nothing else.</summary>
    public bool HasCallingCodes(string column) => _values.TryGetValue(column, out var values) && values.Any(value =>
        !IsNumeric(value) && Countries.Find(value) is null && Countries.OfCallingCode(value) is not null
        && (value.StartsWith('+') || value.StartsWith('0') || value.Length < 3));

    /// <summary>Some of its values are ISO 3166's two letters; NA, which is also "not available", does not tell.</summary>
    public bool HasTwoLetters(string column) => _values.TryGetValue(column, out var values) && values.Any(value =>
        value.Length == 2 && !LeadRows.IsNotAvailable(value) && Countries.Find(value) is not null);
}
