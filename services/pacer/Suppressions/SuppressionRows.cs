using Outdial.Contracts;
using Outdial.Pacer.Leads.Import;
using Outdial.Providers;

namespace Outdial.Pacer.Suppressions;

/// <summary>A row of a list of people who are not to be called: all its telephones, and what of them cannot be read.</summary>
/// <param name="Numbers">E.164. Personal data.</param>
internal sealed record SuppressedRow(long Row, IReadOnlyList<string> Numbers, string Scope, string Reason, IReadOnlyList<RowError> Errors)
    : ImportRow(Row)
{
    /// <summary>For logs and test output.</summary>
    public override string ToString() => $"row {Row}: {Numbers.Count} numbers";
}

/// <summary>
/// Judges the rows of such a list. A number without its country's code is read in the country that its row names, else in the one that the upload
/// names, and nowhere else: guessed wrong, the person who asked for peace is called. Of a row with several telephones all are meant, also those that
/// nobody would call. Not thread safe.
/// </summary>
/// <param name="region">Of the upload; null: none is named.</param>
internal sealed class SuppressionRows(string? region, string scope, string reason) : IRowJudge
{
    private const string Unclear =
        "the number with + and the code of its country, or its country in a column 'region' or as ?region= of the upload";

    private readonly List<RowError> _errors = [];
    private readonly SortedDictionary<int, ColumnMeaning> _meanings = [];

    /// <summary>How the columns were understood.</summary>
    public IReadOnlyList<ColumnMeaning> Columns => [.. _meanings.Values];

    public ImportRow Read(long row, LeadColumns columns, IReadOnlyList<Cell> cells)
    {
        Understand(columns);
        _errors.Clear();
        List<string> numbers = [];
        var where = Region(row, columns, cells);
        var area = Said(columns, cells, at => columns.Roles[at] == ColumnRole.AreaCode);
        foreach (var at in columns.Numbers.Where(at => at < cells.Count && cells[at].Text.Any(char.IsDigit)))
        {
            foreach (var text in cells[at].Text.Split(":::", StringSplitOptions.TrimEntries).Where(text => text.Any(char.IsDigit)))
                numbers.AddRange(Number(row, columns.Names[at], text, area, where));
        }
        if (numbers.Count == 0 && _errors.Count == 0)
            _errors.Add(new(row, columns.HasNumber ? columns.Names[columns.Numbers[0]] : "phone", null, PhoneNumber.ExpectedAbroad));
        var wanted = Said(columns, cells, at => IsNamed(columns, at, "scope")) is { Length: > 0 } said ? said : scope;
        if (wanted != SuppressionList.Everything && !Purposes.All.Contains(wanted))
            _errors.Add(new(row, "scope", ShownText.Of(wanted), SuppressionEndpoints.ScopeExpected));
        var why = Said(columns, cells, at => IsNamed(columns, at, "reason")) is { Length: > 0 } words ? words : reason;
        if (why.Length > SuppressionEndpoints.LongestReason || why.Contains('\0'))
            _errors.Add(new(row, "reason", ShownText.Of(why), $"at most {SuppressionEndpoints.LongestReason} characters of text"));
        MayBeCalled(row, columns, cells);
        var isBad = _errors.Exists(error => error.Field is "scope" or "reason" || !columns.Numbers.Any(at => columns.Names[at] == error.Field));
        return isBad || numbers.Count == 0 ? new BadRow(row, [.. _errors])
            : new SuppressedRow(row, [.. numbers.Distinct()], wanted, why, [.. _errors]);
    }

    private List<string> Number(long row, string field, string text, string area, string? where)
    {
        if (PhoneNumber.TryParse(text, null, out var clear, out _))
            return [clear];
        if (where is null)
        {
            _errors.Add(new(row, field, ShownText.Of(text), Unclear));
            return [];
        }
        // With and without the area code of its column: where both are numbers, both are left in peace.
        var digits = string.Concat(area.Where(char.IsAsciiDigit));
        var readings = new[] { text, digits + text, digits.TrimStart('0') + text }.Where(each => each.Length > 0).Distinct()
            .Select(each => PhoneNumber.TryParse(each, where, out var e164, out _) ? e164 : null).OfType<string>().Distinct().ToList();
        if (readings.Count > 1 && readings.Exists(PhoneNumber.IsValid))
            readings.RemoveAll(number => !PhoneNumber.IsValid(number));
        if (readings.Count > 0)
            return readings;
        _ = PhoneNumber.TryParse(text, where, out _, out var expected);
        _errors.Add(new(row, field, ShownText.Of(text), expected));
        return [];
    }

    /// <summary>By the column of the telephone, else that of the person, else of the upload.</summary>
    private string? Region(long row, LeadColumns columns, IReadOnlyList<Cell> cells)
    {
        foreach (var role in new[] { ColumnRole.Region, ColumnRole.Country })
        {
            for (var at = 0; at < cells.Count && at < columns.Roles.Count; at++)
            {
                if (columns.Roles[at] != role || cells[at].Text.Trim() is not { Length: > 0 } text || LeadRows.SaysNothing(text))
                    continue;
                if (Countries.Read(text) is { } country)
                    return country;
                if (!columns.IsBare(at) && columns.Numbers.Any(number => number < cells.Count && cells[number].Text.Any(char.IsDigit)
                    && !PhoneNumber.TryParse(cells[number].Text, null, out _, out _)))
                    _errors.Add(new(row, columns.Names[at], ShownText.Of(text), Countries.Expected));
            }
        }
        return region;
    }

    /// <summary>A list of everybody has a column that says of whom it is: those of whom it says that they may be called are not meant.</summary>
    private void MayBeCalled(long row, LeadColumns columns, IReadOnlyList<Cell> cells)
    {
        for (var at = 0; at < cells.Count && at < columns.Roles.Count; at++)
        {
            if (columns.Roles[at] == ColumnRole.DoNotCall && cells[at].Text.Trim().ToLowerInvariant() is "0" or "no" or "false" or "n")
            {
                _errors.Add(new(row, columns.Names[at], ShownText.Of(cells[at].Text),
                    "a row of somebody who is not to be called: by this column the person may be"));
            }
        }
    }

    private void Understand(LeadColumns columns)
    {
        for (var at = 0; at < columns.Names.Count && _meanings.Count < 200; at++)
        {
            if (_meanings.TryGetValue(at, out var known) && known.Name == columns.Names[at])
                continue;
            _meanings[at] = new(ShownText.Of(columns.Names[at])!, columns.Roles[at] switch
            {
                ColumnRole.Number => "phone number; all of a row are meant",
                ColumnRole.Region or ColumnRole.Country => "country in which a phone number without its code is read",
                ColumnRole.AreaCode => "area code, put before a phone number that has none",
                ColumnRole.DoNotCall => "not to be called: a row in which it says 0, no, false or n is refused",
                _ when IsNamed(columns, at, "scope") => "scope: all, or one purpose",
                _ when IsNamed(columns, at, "reason") => "reason",
                _ => "not used",
            });
        }
    }

    private static bool IsNamed(LeadColumns columns, int at, string name) =>
        columns.Roles[at] == ColumnRole.Attribute && columns.Names[at].Equals(name, StringComparison.OrdinalIgnoreCase);

    private static string Said(LeadColumns columns, IReadOnlyList<Cell> cells, Func<int, bool> isIt)
    {
        for (var at = 0; at < cells.Count && at < columns.Roles.Count; at++)
        {
            if (isIt(at))
                return cells[at].Text.Trim();
        }
        return "";
    }
}
