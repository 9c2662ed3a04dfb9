using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Text.Json;
using Outdial.Platform;

namespace Outdial.Pacer.Leads.Import;

/// <summary>The forms of an upload.</summary>
internal static class UploadFormats
{
    public const string Csv = "csv";
    public const string Ndjson = "ndjson";

    /// <summary>One of both, as the text begins.</summary>
    public const string Any = "any";

    /// <summary>No upload: the leads are another campaign's.</summary>
    public const string Copy = "copy";

    /// <summary>As imports are kept.</summary>
    public static readonly IReadOnlyList<string> Stored = [Csv, Ndjson, Xlsx, Xls, Copy];

    public const string Xlsx = "xlsx";

    /// <summary>A workbook of the years before 2007.</summary>
    public const string Xls = "xls";
}

/// <summary>
/// Reads an upload row by row; never holds more than a row of it, but for the first ones, which are looked at together: they tell what columns mean
/// whose names do not.
/// </summary>
internal sealed class LeadReader : IAsyncDisposable
{
    private const int LookedAtTogether = 256, LettersLookedAtTogether = 256 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 4 };

    private readonly UploadText? _text;
    private readonly IRecords _records;
    private readonly ColumnEvidence _evidence = new();
    private LeadColumns? _header;
    private readonly IRowJudge _rows;
    private readonly ImportLimits _limits;
    private readonly Dictionary<string, string> _meanings = [];
    private LeadColumns? _lately;
    private int? _behind;

    private LeadReader(UploadText? text, IRecords records, LeadColumns? header, IRowJudge rows, ImportLimits limits) =>
        (_text, _records, _header, _rows, _limits) = (text, records, header, rows, limits);

    /// <summary>What it turned out to be: one of <see cref="UploadFormats"/>, and not <see cref="UploadFormats.Any"/>.</summary>
    public required string Format { get; init; }

    /// <summary>
    /// <c>utf-8</c>, <c>utf-16le</c>, <c>utf-16be</c>, or <c>windows-1252</c> once bytes came that are not UTF-8. Final after the last row. Null:
    /// it is a workbook.
    /// </summary>
    public string? Encoding => _text?.Encoding;

    /// <summary>The sheet that is read, and the others that a person sees in the workbook; null: it is a text.</summary>
    public (string Name, IReadOnlyList<string> Others)? Sheet => (_records as SheetRecords)?.Sheet;

    /// <summary>How the columns were understood; of NDJSON the properties that have come, of which each line may have its own.</summary>
    public IReadOnlyList<ColumnMeaning> Columns => _header is null
        ? [.. _meanings.Select(column => new ColumnMeaning(column.Key, column.Value))]
        : [.. _header.Meanings];

    /// <summary>Starts to read; for CSV and sheets the header is judged at once.</summary>
    /// <param name="format">
    /// <see cref="UploadFormats.Csv"/>, <see cref="UploadFormats.Ndjson"/> or <see cref="UploadFormats.Any"/>; a compressed one and a workbook are
    /// known by their first bytes, whatever they are called.
    /// </param>
    /// <param name="sheet">A workbook's, by name; null: the first that has rows.</param>
    /// <exception cref="UploadRefusedException">The upload as a whole makes no sense; no row was read.</exception>
    /// <exception cref="IOException">The stream broke.</exception>
    public static Task<LeadReader> Open(
        Stream stream, string format, LeadDefaults defaults, ImportLimits limits, CancellationToken cancel, string? sheet = null) =>
        Open(stream, format, new LeadRows(defaults, limits), limits, cancel, sheet);

    /// <summary>The same, of a list whose rows are something else than leads.</summary>
    /// <param name="rows">Says what they are.</param>
    public static async Task<LeadReader> Open(
        Stream stream, string format, IRowJudge rows, ImportLimits limits, CancellationToken cancel, string? sheet = null)
    {
        var content = await UploadContent.Open(stream, limits, cancel);
        if (content.IsWorkbook)
        {
            var found = await SheetRecords.Open(content.Stream, sheet, limits, cancel);
            try
            {
                return new LeadReader(null, found, await Header(found, limits, cancel), rows, limits) { Format = found.Format };
            }
            catch
            {
                await found.DisposeAsync();
                throw;
            }
        }
        if (sheet is not null)
        {
            throw new UploadRefusedException($"The upload has no sheet '{ShownText.Of(sheet)}': it is a text; expected a workbook where a sheet is named.",
                new("sheet", ShownText.Of(sheet), "no sheet with a text; a workbook where one is named"));
        }
        var text = await UploadText.Open(content.Stream, cancel);
        if (format == UploadFormats.Any)
            format = content.BeginsAsJson ? UploadFormats.Ndjson : UploadFormats.Csv;
        var records = new TextRecords(text, limits.RowLength, format == UploadFormats.Csv);
        if (format == UploadFormats.Ndjson)
            return new LeadReader(text, records, null, rows, limits) { Format = format };
        await records.DetectDelimiter(cancel);
        return new LeadReader(text, records, await Header(records, limits, cancel), rows, limits) { Format = format };
    }

    public ValueTask DisposeAsync() => (_records as IAsyncDisposable)?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>Every row that is not blank, once, in order. To be enumerated once.</summary>
    /// <exception cref="IOException">The stream broke; the rows before are good.</exception>
    public async IAsyncEnumerable<ImportRow> Read([EnumeratorCancellation] CancellationToken cancel = default)
    {
        List<Cell> cells = [];
        await using var records = Records(cancel).GetAsyncEnumerator(cancel);
        List<Record> first = [];
        ExceptionDispatchInfo? broken = null;
        var together = _header is { IsPlain: true } ? 0 : LookedAtTogether;
        for (var letters = 0; first.Count < together && letters < LettersLookedAtTogether;)
        {
            try
            {
                if (!await records.MoveNextAsync())
                    break;
            }
            catch (IOException e)
            {
                broken = ExceptionDispatchInfo.Capture(e);   // after the rows that came
                break;
            }
            first.Add(records.Current with { Fields = [.. records.Current.Fields] });
            letters += first[^1].Fields.Sum(field => field.Length);
        }
        LookAt(first);
        foreach (var record in first)
            yield return Row(record, cells);
        broken?.Throw();
        while (await records.MoveNextAsync())
            yield return Row(records.Current, cells);
    }

    /// <param name="Fields">Only until the next record is read.</param>
    private readonly record struct Record(long Row, RecordFault Fault, IReadOnlyList<string> Fields);

    private async IAsyncEnumerable<Record> Records([EnumeratorCancellation] CancellationToken cancel)
    {
        Record? held = null;
        while (true)
        {
            var fault = await _records.Next(cancel);
            // Some programs end every line with a delimiter. The first row is held back until another, or the end, tells that this is one of them.
            if (held is { } first && (fault is not RecordFault.None || !IsBlank(_records.Fields)))
            {
                var more = EmptyBehind(first.Fields);
                _behind = fault is null || (fault == RecordFault.None && EmptyBehind(_records.Fields) == more) ? more : 0;
                held = null;
                yield return first;
            }
            if (fault is null)
                yield break;
            if (fault == RecordFault.None && (IsBlank(_records.Fields) || IsHeader(_records.Fields)))
                continue;
            var record = new Record(_records.Row, fault.Value, _records.Fields);
            if (_header is not null && fault == RecordFault.None && _behind is null)
            {
                if (EmptyBehind(_records.Fields) > 0)
                {
                    held = record with { Fields = [.. _records.Fields] };
                    continue;
                }
                _behind = 0;
            }
            yield return record;
        }
    }

    private ImportRow Row(Record record, List<Cell> cells) =>
        record.Fault != RecordFault.None ? Bad(record.Row, "row", record.Fields[0], Expected(record.Fault, _limits.RowLength))
        : _header is null ? Json(record.Row, record.Fields[0])
        : Csv(record.Row, record.Fields, cells);

    private void LookAt(List<Record> records)
    {
        foreach (var record in records.Where(record => record.Fault == RecordFault.None))
        {
            if (_header is not null)
                _evidence.Add(_header, [.. record.Fields.Select(field => new Cell(SpreadsheetText.Read(field)))]);
            else if (Properties(record.Fields[0]) is { } row)
                _evidence.Add(LeadColumns.Of(row.Names), row.Cells);
        }
        _header = _header?.Given(_evidence);
    }

    /// <summary>Those of a line that is a good one.</summary>
    private static (List<string> Names, List<Cell> Cells)? Properties(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line, Strict);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return null;
            var all = document.RootElement.EnumerateObject().Select(property => (property.Name, Cell: ToCell(property.Value))).ToList();
            return all.Exists(property => property.Cell is null) ? null
                : (all.ConvertAll(property => property.Name), all.ConvertAll(property => property.Cell!.Value));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static async Task<LeadColumns> Header(IRecords records, ImportLimits limits, CancellationToken cancel)
    {
        while (await records.Next(cancel) is { } fault)
        {
            if (fault != RecordFault.None)
                throw new UploadRefusedException($"The first line cannot be read: expected {Expected(fault, limits.RowLength)}.",
                    new(UploadRefusedException.Header, ShownText.Of(records.Fields[0]), Expected(fault, limits.RowLength)));
            if (!IsBlank(records.Fields))
                return LeadColumns.OfHeader(
                    [.. records.Fields.Select(SpreadsheetText.Read).Select((name, at) => at == 0 ? WithoutMark(name) : name)], limits.Columns);
        }
        throw new UploadRefusedException(
            $"The upload is empty: expected a first line with {LeadColumns.NumberExpected}, and the rows below it.",
            new(UploadRefusedException.File, "empty", $"a first line with {LeadColumns.NumberExpected}, and the rows below it"));
    }

    /// <summary>A byte order mark that was read as Windows-1252 and written as UTF-8.</summary>
    private static string WithoutMark(string name) => name.StartsWith("ï»¿", StringComparison.Ordinal) ? name[3..].Trim('"') : name;

    /// <summary>Again, where files were put behind each other.</summary>
    private bool IsHeader(IReadOnlyList<string> fields) =>
        _header is not null && fields.Count == _header.Names.Count && fields[0].Trim() == _header.Names[0]
            && !fields.Where((field, at) => field.Trim() != _header.Names[at]).Any();

    /// <summary>How many fields, all of them empty, are behind those of the header.</summary>
    private int EmptyBehind(IReadOnlyList<string> fields)
    {
        var named = _header!.Names.Count;
        return fields.Count > named && fields.Skip(named).All(string.IsNullOrWhiteSpace) ? fields.Count - named : 0;
    }

    private ImportRow Csv(long row, IReadOnlyList<string> fields, List<Cell> cells)
    {
        var header = _header!;
        var wanted = header.Names.Count;
        var behind = fields.Count - wanted;
        // Columns without a name may be missing. Empty ones too many may be an unquoted comma that has shifted the others: they are taken where all
        // rows have them, or where no column says what a shifted one would hide.
        var tolerated = behind <= 0 ? -behind <= header.Unnamed
            : EmptyBehind(fields) == behind && (behind == _behind || header.MayBeShifted);
        if (!tolerated)
        {
            return Bad(row, "row", string.Join(_records.Delimiter, fields),
                string.Create(CultureInfo.InvariantCulture,
                    $"{wanted} columns as in the first line{(_behind > 0 ? $" and {_behind} empty" : "")}; found {fields.Count}"));
        }

        cells.Clear();
        for (var at = 0; at < Math.Min(wanted, fields.Count); at++)
            cells.Add(new Cell(SpreadsheetText.Read(fields[at])));
        return _rows.Read(row, header, cells);
    }

    private ImportRow Json(long row, string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line, Strict);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return Bad(row, "row", line, "one JSON object on each line");
            if (document.RootElement.GetPropertyCount() is var found && found > _limits.Columns)
                return Bad(row, "row", null, $"at most {_limits.Columns} properties; found {found}");
            List<string> names = [];
            List<Cell> cells = [];
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (ToCell(property.Value) is not { } cell)
                    return Bad(row, property.Name, property.Value.GetRawText(), "text, a number, true or false");
                if (names.Contains(property.Name))
                    return Bad(row, property.Name, property.Value.GetRawText(), "each name once");
                names.Add(property.Name);
                cells.Add(cell);
            }
            return _rows.Read(row, ColumnsOf(names), cells);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)   // the latter: an escaped half of a character
        {
            return Bad(row, "row", line, "one JSON object on each line");
        }
    }

    /// <summary>Most lines have the properties of the one before.</summary>
    private LeadColumns ColumnsOf(List<string> names)
    {
        if (_lately is not null && _lately.Written.SequenceEqual(names))
            return _lately;
        _lately = LeadColumns.Of(names).Given(_evidence);
        foreach (var column in _lately.Meanings)
        {
            if (_meanings.Count < _limits.Columns)
                _meanings.TryAdd(column.Name, column.Meaning);
        }
        return _lately;
    }

    /// <summary>null for an object or array; numbers that PostgreSQL might not hold are kept as text.</summary>
    private static Cell? ToCell(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => new Cell(value.GetString()!),
        JsonValueKind.Number => new Cell(value.GetRawText(), IsModerate(value)),
        JsonValueKind.True or JsonValueKind.False => new Cell(value.GetRawText(), IsJson: true),
        JsonValueKind.Null => new Cell(""),
        _ => null,
    };

    /// <summary>
    /// A decimal reads 1e-20000 as 0, and PostgreSQL refuses it, with all rows that are written beside it.
    /// </summary>
    internal static bool IsModerate(JsonElement number) =>
        number.TryGetDecimal(out _) && number.GetRawText() is { Length: <= 100 } text && !text.AsSpan().ContainsAny('e', 'E');

    private static BadRow Bad(long row, string field, string? value, string expected) =>
        new(row, [new RowError(row, ShownText.Of(field)!, ShownText.Of(value), expected)]);

    private static string Expected(RecordFault fault, int longestRow) => fault switch
    {
        RecordFault.UnclosedQuote => "a closing quote at the end of the quoted field",
        RecordFault.TextAfterQuote => "a delimiter or the end of the line after a closing quote; a quote inside a quoted field is doubled",
        _ => $"a row of at most {longestRow} characters",
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
