using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Outdial.Platform;

namespace Outdial.Pacer.Leads.Import;

/// <summary>The forms of an upload.</summary>
public static class UploadFormats
{
    public const string Csv = "csv";
    public const string Ndjson = "ndjson";
}

/// <summary>Reads an upload row by row; never holds more than a row of it.</summary>
public sealed class LeadReader
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 4 };

    private readonly UploadText _text;
    private readonly TextRecords _records;
    private readonly LeadColumns? _header;
    private readonly LeadRows _rows;
    private readonly ImportLimits _limits;

    private LeadReader(UploadText text, TextRecords records, LeadColumns? header, LeadDefaults defaults, ImportLimits limits) =>
        (_text, _records, _header, _rows, _limits) = (text, records, header, new LeadRows(defaults, limits), limits);

    /// <summary><c>utf-8</c>, <c>utf-16le</c>, <c>utf-16be</c>, or <c>windows-1252</c> once bytes came that are not UTF-8. Final after the last row.</summary>
    public string Encoding => _text.Encoding;

    /// <summary>Starts to read; for CSV the header is judged at once.</summary>
    /// <param name="format">One of <see cref="UploadFormats"/>.</param>
    /// <exception cref="UploadRefusedException">The upload as a whole makes no sense; no row was read.</exception>
    /// <exception cref="IOException">The stream broke.</exception>
    public static async Task<LeadReader> OpenAsync(
        Stream stream, string format, LeadDefaults defaults, ImportLimits limits, CancellationToken cancel)
    {
        var text = await UploadText.OpenAsync(stream, cancel);
        var records = new TextRecords(text, limits.RowLength);
        var header = format == UploadFormats.Csv ? await HeaderAsync(records, limits, cancel) : null;
        return new LeadReader(text, records, header, defaults, limits);
    }

    /// <summary>Every row that is not blank, once, in order. To be enumerated once.</summary>
    /// <exception cref="IOException">The stream broke; the rows before are good.</exception>
    public async IAsyncEnumerable<ImportRow> ReadAsync([EnumeratorCancellation] CancellationToken cancel = default)
    {
        List<Cell> cells = [];
        for (long row = 1; ; row++)
        {
            var fault = _header is null ? await _records.NextLineAsync(cancel) : await _records.NextRecordAsync(cancel);
            if (fault is null)
                yield break;
            if (fault != RecordFault.None)
                yield return Bad(row, "row", _records.Fields[0], Expected(fault.Value));
            else if (!IsBlank(_records.Fields))
                yield return _header is null ? Json(row, _records.Fields[0]) : Csv(row, _header, cells);
        }
    }

    private static async Task<LeadColumns> HeaderAsync(TextRecords records, ImportLimits limits, CancellationToken cancel)
    {
        await records.DetectDelimiterAsync(cancel);
        while (await records.NextRecordAsync(cancel) is { } fault)
        {
            if (fault != RecordFault.None)
                throw new UploadRefusedException($"The first line cannot be read: expected {Expected(fault)}.");
            if (!IsBlank(records.Fields))
                return LeadColumns.OfHeader([.. records.Fields.Select(SafeCell.Read)], limits.Columns);
        }
        throw new UploadRefusedException($"The upload is empty: expected a first line with {LeadColumns.NumberExpected}, and one line for each lead.");
    }

    private ImportRow Csv(long row, LeadColumns header, List<Cell> cells)
    {
        var fields = _records.Fields;
        var wanted = header.Names.Count;
        if (fields.Count != wanted)   // empty ones too: an unquoted comma in a name shifts everything after it
        {
            return Bad(row, "row", string.Join(_records.Delimiter, fields),
                string.Create(CultureInfo.InvariantCulture, $"{wanted} columns as in the first line; found {fields.Count}"));
        }

        cells.Clear();
        foreach (var field in fields)
            cells.Add(new Cell(SafeCell.Read(field)));
        return _rows.Read(row, header, cells);
    }

    private ImportRow Json(long row, string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line, Strict);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return Bad(row, "row", line, "one JSON object on each line");
            List<string> names = [];
            List<Cell> cells = [];
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (ToCell(property.Value) is not { } cell)
                    return Bad(row, property.Name, property.Value.GetRawText(), "text, a number, true or false");
                names.Add(property.Name);
                cells.Add(cell);
            }
            return names.Count > _limits.Columns
                ? Bad(row, "row", null, $"at most {_limits.Columns} properties; found {names.Count}")
                : _rows.Read(row, LeadColumns.Of(names), cells);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)   // the latter: an escaped half of a character
        {
            return Bad(row, "row", line, "one JSON object on each line");
        }
    }

    /// <summary>null for an object or array; numbers that PostgreSQL might not hold are kept as text.</summary>
    private static Cell? ToCell(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => new Cell(value.GetString()!),
        JsonValueKind.Number => new Cell(value.GetRawText(), value.TryGetDecimal(out _)),
        JsonValueKind.True or JsonValueKind.False => new Cell(value.GetRawText(), IsJson: true),
        JsonValueKind.Null => new Cell(""),
        _ => null,
    };

    private static BadRow Bad(long row, string field, string? value, string expected) =>
        new(row, [new RowError(row, ShownText.Of(field)!, ShownText.Of(value), expected)]);

    private static string Expected(RecordFault fault) => fault switch
    {
        RecordFault.UnclosedQuote => "a closing quote at the end of the quoted field",
        RecordFault.TextAfterQuote => "a delimiter or the end of the line after a closing quote; a quote inside a quoted field is doubled",
        _ => "a shorter row",
    };

    /// <summary>Nothing but blanks; also the end-of-file mark of old systems.</summary>
    private static bool IsBlank(IReadOnlyList<string> fields)
    {
        foreach (var field in fields)
            if (field.AsSpan().Trim().TrimStart('\u001A').Length > 0)
                return false;
        return true;
    }
}
