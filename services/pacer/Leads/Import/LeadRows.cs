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
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ArrayBufferWriter<byte> _json = new();
    private readonly List<RowError> _errors = [];
    private readonly Dictionary<string, bool> _everOpen = [];

    public ImportRow Read(long row, LeadColumns columns, IReadOnlyList<Cell> cells)
    {
        _errors.Clear();
        var region = Cell(columns, cells, ColumnRole.Region, out var regionField) is { Length: > 0 } text
            ? Region(row, regionField, text) : defaults.Region;
        var number = Number(row, columns, cells, region ?? defaults.Region);
        var priority = Priority(row, columns, cells);
        var (zone, own) = TimeZone(row, columns, cells, number);
        var externalId = ExternalId(row, columns, cells);
        var attributes = Attributes(row, columns, cells);
        return _errors.Count > 0
            ? new BadRow(row, [.. _errors])
            : new GoodLead(row, number!, priority, zone!, externalId, attributes) { OwnZone = own, ZoneUnknown = !IsEverOpen(zone!) };
    }

    private string? Number(long row, LeadColumns columns, IReadOnlyList<Cell> cells, string region)
    {
        var text = Cell(columns, cells, ColumnRole.Number, out var field);
        if (PhoneNumber.TryParseCallee(text, region, out var e164, out var expected))
            return e164;
        Wrong(row, field, text, expected);
        return null;
    }

    private string? Region(long row, string field, string text)
    {
        var region = text.ToUpperInvariant() is "UK" ? "GB" : text.ToUpperInvariant();
        if (PhoneNumber.Regions.Contains(region))
            return region;
        Wrong(row, field, text, PhoneNumber.ExpectedRegion);
        return null;
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

    private string Attributes(long row, LeadColumns columns, IReadOnlyList<Cell> cells)
    {
        _json.ResetWrittenCount();
        using var json = new Utf8JsonWriter(_json, Readable);
        json.WriteStartObject();
        for (var at = 0; at < cells.Count && at < columns.Names.Count; at++)
        {
            var (text, isJson) = cells[at];
            if (columns.Roles[at] != ColumnRole.Attribute || text.Length == 0)
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
        field = role == ColumnRole.Number ? "phone" : "row";
        return "";
    }

    private void Wrong(long row, string field, string? value, string expected) =>
        _errors.Add(new RowError(row, ShownText.Of(field)!, string.IsNullOrEmpty(value) ? null : ShownText.Of(value), expected));
}
