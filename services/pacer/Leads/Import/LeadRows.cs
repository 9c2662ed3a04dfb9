using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Outdial.Pacer.Windows;
using Outdial.Providers;

namespace Outdial.Pacer.Leads.Import;

/// <summary>One cell of a row.</summary>
/// <param name="Text">As uploaded; empty when the row says nothing.</param>
/// <param name="IsJson">The text is a JSON number, <c>true</c> or <c>false</c>, and is kept as such among the attributes.</param>
internal readonly record struct Cell(string Text, bool IsJson = false);

/// <summary>Judges the cells of a row: a lead, or everything that is wrong with it. Not thread safe.</summary>
internal sealed class LeadRows(LeadDefaults defaults, ImportLimits limits)
{
    private const int LowestPriority = -1000;
    private const int HighestPriority = 1000;
    private const string OrClear = Countries.Expected + "; or the phone number with + and its country's code";
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ArrayBufferWriter<byte> _json = new();
    private readonly List<RowError> _errors = [];
    private readonly Dictionary<string, bool> _everOpen = [];

    public ImportRow Read(long row, LeadColumns columns, IReadOnlyList<Cell> cells)
    {
        _errors.Clear();
        var phone = NumberColumn(columns, cells);
        var number = Number(row, columns, cells, phone);
        var priority = Priority(row, columns, cells);
        var (zone, own) = TimeZone(row, columns, cells, number);
        var externalId = ExternalId(row, columns, cells);
        var attributes = Attributes(row, columns, cells, phone);
        return _errors.Count > 0
            ? new BadRow(row, [.. _errors])
            : new GoodLead(row, number!, priority, zone!, externalId, attributes) { OwnZone = own, ZoneUnknown = !IsEverOpen(zone!) };
    }

    /// <summary>
    /// The first telephone of the row that has a digit in it: what is written where there is none ("n/a", "-") is no number. -1: there is
    /// no such column.
    /// </summary>
    private static int NumberColumn(LeadColumns columns, IReadOnlyList<Cell> cells)
    {
        var written = columns.Numbers.Where(at => at < cells.Count && !string.IsNullOrWhiteSpace(cells[at].Text)).ToList();
        return written.Where(at => cells[at].Text.Any(char.IsDigit)).Concat(written).Concat(columns.Numbers).FirstOrDefault(-1);
    }

    private string? Number(long row, LeadColumns columns, IReadOnlyList<Cell> cells, int at)
    {
        if (Regions(row, columns, cells) is not { } read)
            return null;
        var (regions, hints, strict, column) = read;
        var (field, text) = at < 0 ? ("phone", "") : (columns.Names[at], at < cells.Count ? One(cells[at].Text.Trim()) : "");
        var known = regions.TryParseCallee(text, out var e164, out var expected);
        // The country of an address is a help where it helps; where it cannot be the number's the campaign's own is left.
        if (!known && hints && regions.Readings(text).Count == 0)
            known = PhoneNumber.TryParseCallee(text, defaults.Region, out e164, out expected);
        if (known && strict is not null && !Countries.Share(e164, strict))
            (known, expected) = (false, $"a number of {strict}, which the column '{column}' names, or another country there");
        if (known)
            return e164;
        // Not taken in its place: it may be another person's, and a mistake that nobody sees is never mended.
        if (columns.Numbers.SkipWhile(other => other != at).Skip(1)
            .FirstOrDefault(other => other < cells.Count && cells[other].Text.Any(char.IsDigit), -1) is >= 0 and var next)
            expected += $"; left empty, '{columns.Names[next]}' is called";
        Wrong(row, field, text, expected);
        return null;
    }

    /// <summary>Address books put all telephones of a kind into one cell, with three colons between.</summary>
    private static string One(string text) =>
        text.Contains(":::", StringComparison.Ordinal)
            ? text.Split(":::").Select(part => part.Trim()).FirstOrDefault(part => part.Any(char.IsDigit), text) : text;

    /// <summary>
    /// Where the row's number is read. By the column of the telephone itself, else by that of the person, which it then must not contradict; else by
    /// those of addresses; else as the upload says. Null: what a column says was not understood.
    /// </summary>
    private (NumberRegions Regions, bool Hints, string? Strict, string Column)? Regions(long row, LeadColumns columns, IReadOnlyList<Cell> cells)
    {
        foreach (var role in new[] { ColumnRole.Region, ColumnRole.Country })
        {
            if (Said(columns, cells, role) is not [var (column, said), ..] all)
                continue;
            if (all.Find(other => Countries.Read(other.Text) is null) is { Column: { } unread, Text: var text })
            {
                if (role == ColumnRole.Country && IsClear(columns, cells))
                    return (NumberRegions.None, false, null, "");
                Wrong(row, unread, text, role == ColumnRole.Country ? OrClear : Countries.Expected);
                return null;
            }
            var region = Countries.Read(said)!;
            if (all.Find(other => !Countries.Share(Countries.Read(other.Text)!, region)) is { Column: { } against })
            {
                Wrong(row, against, all.First(other => other.Column == against).Text, $"the same country as in the column '{column}'");
                return null;
            }
            return (NumberRegions.Of(all.Select(other => Countries.Read(other.Text))), false, region, column);
        }
        if (Said(columns, cells, ColumnRole.AddressCountry) is not { Count: > 0 } addresses)
            return (NumberRegions.Of(defaults.Region), false, null, "");
        if (addresses.Find(address => Countries.Read(address.Text) is null) is { Column: { } unclear, Text: var words } && !IsClear(columns, cells))
        {
            Wrong(row, unclear, words, OrClear);
            return null;
        }
        return (NumberRegions.Of(addresses.Select(address => Countries.Read(address.Text))), true, null, "");
    }

    /// <summary>The number has its country's code with it, so that no column is needed to read it.</summary>
    private static bool IsClear(LeadColumns columns, IReadOnlyList<Cell> cells) =>
        NumberColumn(columns, cells) is >= 0 and var at && at < cells.Count && PhoneNumber.TryParse(One(cells[at].Text.Trim()), null, out _, out _);

    /// <summary>What the columns of one kind say; those that say nothing, in words or without, left out.</summary>
    private static List<(string Column, string Text)> Said(LeadColumns columns, IReadOnlyList<Cell> cells, ColumnRole role)
    {
        List<(string Column, string Text)> said = [];
        for (var at = 0; at < cells.Count && at < columns.Roles.Count; at++)
        {
            if (columns.Roles[at] == role && cells[at].Text.Trim() is { Length: > 0 } text && text.Any(char.IsLetterOrDigit)
                && text.ToLowerInvariant() is not ("n/a" or "#n/a" or "null" or "none" or "unknown" or "not set"))
                said.Add((columns.Names[at], text));
        }
        return said;
    }

    private int Priority(long row, LeadColumns columns, IReadOnlyList<Cell> cells)
    {
        var text = Cell(columns, cells, ColumnRole.Priority, out var field);
        if (text.Length == 0)
            return 0;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var priority)
            && priority is >= LowestPriority and <= HighestPriority)
            return priority;
        Wrong(row, field, text, $"a whole number from {LowestPriority} to {HighestPriority}; higher is dialed first");
        return 0;
    }

    /// <summary>All that is minded, and what the row itself names.</summary>
    private (string? Zones, string Own) TimeZone(long row, LeadColumns columns, IReadOnlyList<Cell> cells, string? number)
    {
        var own = "";
        var text = Cell(columns, cells, ColumnRole.TimeZone, out var field);
        if (text.Length > 0)
        {
            if (CallingZones.TryFind(text, out var zone))
                own = zone;
            else
                Wrong(row, field, text, CallingZones.Expected);
        }

        if (number is null)
            return (null, own);
        // The campaign's own zone is no answer: where a number tells too little, or too much, of where somebody lives, it tells nothing about it.
        var zones = CallingZones.Of(number, own);
        if (own.Length > 0 && !IsEverOpen(zones))
        {
            Wrong(row, field, text, $"a time zone that goes with the number, which may be in {CallingZones.Shown(CallingZones.Of(number, null))}: "
                + "the campaign's hours are never there and here at once");
        }
        return (zones, own);
    }

    private bool IsEverOpen(string zones)
    {
        if (!_everOpen.TryGetValue(zones, out var open))
            _everOpen[zones] = open = defaults.Window.IsEverOpen(defaults.At, zones);
        return open;
    }

    private string? ExternalId(long row, LeadColumns columns, IReadOnlyList<Cell> cells)
    {
        var text = Cell(columns, cells, ColumnRole.ExternalId, out var field);
        if (text.Length > limits.ExternalIdLength || text.Contains('\0'))
            Wrong(row, field, text, $"at most {limits.ExternalIdLength} characters of text");
        return text.Length == 0 ? null : text;
    }

    /// <param name="phone">The column of the number that was taken; the row's other numbers are attributes.</param>
    private string Attributes(long row, LeadColumns columns, IReadOnlyList<Cell> cells, int phone)
    {
        _json.ResetWrittenCount();
        using var json = new Utf8JsonWriter(_json, Readable);
        json.WriteStartObject();
        for (var at = 0; at < cells.Count && at < columns.Names.Count; at++)
        {
            var (text, isJson) = cells[at];
            if (at == phone || text.Length == 0
                || columns.Roles[at] is not (ColumnRole.Attribute or ColumnRole.Number or ColumnRole.Country or ColumnRole.AddressCountry))
                continue;
            if (text.Contains('\0') || columns.Names[at].Contains('\0'))
                Wrong(row, columns.Names[at], text, "text without NUL characters");
            json.WritePropertyName(columns.Names[at]);
            if (isJson)
                json.WriteRawValue(text, skipInputValidation: true);
            else
                json.WriteStringValue(text);
        }
        json.WriteEndObject();
        json.Flush();
        if (_json.WrittenCount > limits.AttributeBytes)
            Wrong(row, "attributes", null, $"at most {limits.AttributeBytes} bytes in all other columns together; found {_json.WrittenCount}");
        return Encoding.UTF8.GetString(_json.WrittenSpan);
    }

    private static string Cell(LeadColumns columns, IReadOnlyList<Cell> cells, ColumnRole role, out string field)
    {
        for (var at = 0; at < cells.Count && at < columns.Roles.Count; at++)
        {
            if (columns.Roles[at] != role)
                continue;
            field = columns.Names[at];
            return cells[at].Text.Trim();
        }
        field = "row";
        return "";
    }

    private void Wrong(long row, string field, string? value, string expected) =>
        _errors.Add(new RowError(row, ShownText.Of(field)!, string.IsNullOrEmpty(value) ? null : ShownText.Of(value), expected));
}
