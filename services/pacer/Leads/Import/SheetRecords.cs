using System.Text;
using System.Xml;
using ExcelDataReader;
using ExcelDataReader.Exceptions;

namespace Outdial.Pacer.Leads.Import;

/// <summary>
/// The rows of one sheet of a workbook. The workbook waits in a file that nobody else can open and that is gone when it was read, or when the process
/// dies; of its rows one is held at a time.
/// </summary>
internal sealed class SheetRecords : IRecords, IAsyncDisposable
{
    private const int MostRows = 1 << 20;   // that a sheet can have

    private readonly FileStream _file;
    private readonly IExcelDataReader _reader;
    private readonly int _longestRow;
    private readonly List<string> _fields = [];
    private bool _isAhead;
    private int _width;

    static SheetRecords() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);   // of workbooks before 2007

    private SheetRecords(FileStream file, IExcelDataReader reader, string format, int longestRow) =>
        (_file, _reader, Format, _longestRow) = (file, reader, format, longestRow);

    /// <summary><see cref="UploadFormats.Xlsx"/> or <see cref="UploadFormats.Xls"/>.</summary>
    public string Format { get; }

    /// <summary>Which sheet it is, and the others that a person sees.</summary>
    public (string Name, IReadOnlyList<string> Others) Sheet { get; private set; }

    public IReadOnlyList<string> Fields => _fields;

    public long Row { get; private set; }

    public char Delimiter => ',';

    /// <param name="name">Of the sheet; null: the first visible one with something in it.</param>
    /// <exception cref="UploadRefusedException">It is no workbook that is read, or a dangerous one, or has no such sheet.</exception>
    /// <exception cref="IOException">The stream broke.</exception>
    public static async Task<SheetRecords> Open(Stream workbook, string? name, ImportLimits limits, CancellationToken cancel)
    {
        var file = await WorkbookFile.Of(workbook, limits, cancel);
        IExcelDataReader? reader = null;
        try
        {
            var format = WorkbookFile.Check(file, limits, cancel);
            var settings = new ExcelReaderConfiguration { LeaveOpen = true };
            reader = Guarded(() => format == UploadFormats.Xlsx
                ? ExcelReaderFactory.CreateOpenXmlReader(file, settings) : ExcelReaderFactory.CreateBinaryReader(file, settings));
            var records = new SheetRecords(file, reader, format, limits.RowLength);
            Guarded(() => records.Choose(name, cancel));
            return records;
        }
        catch
        {
            reader?.Dispose();
            await file.DisposeAsync();
            throw;
        }
    }

    public ValueTask<RecordFault?> Next(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        try
        {
            if (!_isAhead && !_reader.Read())
                return new((RecordFault?)null);
            _isAhead = false;
            Row = _reader.Depth + 1;
            if (Row > MostRows)
                throw new UploadBrokenException($"The sheet says that it has more than {MostRows} rows, which no sheet has; those after were not read.");
            return new(Take());
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            throw new UploadBrokenException($"The workbook cannot be read after row {Row}. Save it again, or save the sheet as 'CSV UTF-8'.", e);
        }
    }

    public ValueTask DisposeAsync()
    {
        _reader.Dispose();
        return _file.DisposeAsync();
    }

    /// <summary>As many fields as the first row has, and more only where they are not empty: a sheet is as wide as its widest row.</summary>
    private RecordFault Take()
    {
        _fields.Clear();
        var letters = 0;
        for (var at = 0; at < _reader.FieldCount; at++)
        {
            if (_reader.GetValue(at) is not { } value)
                continue;
            var text = SheetCell.Text(value, value is string ? null : _reader.GetNumberFormatString(at));
            if (string.IsNullOrWhiteSpace(text))
                continue;
            while (_fields.Count < at)
                _fields.Add("");
            _fields.Add(text);
            letters += text.Length;
        }
        while (_fields.Count < _width)
            _fields.Add("");
        if (_width == 0)
            _width = _fields.Count;
        if (_fields.Count == 0)
            _fields.Add("");
        if (letters <= _longestRow)
            return RecordFault.None;
        _fields.RemoveRange(1, _fields.Count - 1);
        return RecordFault.TooLong;
    }

    /// <summary>Goes to the sheet, and where none is named to its first row with something in it.</summary>
    private void Choose(string? name, CancellationToken cancel)
    {
        List<(string Name, bool IsVisible)> sheets = [];
        if (_reader.ResultsCount > 1)
        {
            do
            {
                cancel.ThrowIfCancellationRequested();
                sheets.Add((_reader.Name, _reader.VisibleState == "visible"));
            }
            while (_reader.NextResult());
            _reader.Reset();
        }
        do
        {
            if (name is null ? _reader.VisibleState == "visible" && HasRows(cancel) : name.Equals(_reader.Name, StringComparison.OrdinalIgnoreCase))
            {
                Sheet = (_reader.Name, [.. sheets.Where(sheet => sheet.IsVisible && sheet.Name != _reader.Name).Select(sheet => sheet.Name)]);
                return;
            }
            if (sheets.Count == 0)
                sheets.Add((_reader.Name, true));
        }
        while (_reader.NextResult());
        var found = string.Join(", ", sheets.Take(20).Select(sheet => $"'{ShownText.Of(sheet.Name)}'"));
        throw name is null
            ? new UploadRefusedException(
                $"The workbook has nothing in its sheets ({found}): expected a row with {LeadColumns.NumberExpected}, and the rows below it.",
                new(UploadRefusedException.File, "empty", $"a row with {LeadColumns.NumberExpected}, and the rows below it"))
            : new UploadRefusedException($"The workbook has no sheet '{ShownText.Of(name)}': expected one of {found}.",
                new("sheet", ShownText.Of(name), $"one of {found}"));
    }

    private bool HasRows(CancellationToken cancel)
    {
        while (_reader.Read() && _reader.Depth < MostRows)
        {
            cancel.ThrowIfCancellationRequested();
            for (var at = 0; at < _reader.FieldCount; at++)
            {
                if (_reader.GetValue(at) is { } value && !string.IsNullOrWhiteSpace(value.ToString()))
                    return _isAhead = true;
            }
        }
        return false;
    }

    private static void Guarded(Action open) => Guarded(() =>
    {
        open();
        return true;
    });

    private static T Guarded<T>(Func<T> open)
    {
        try
        {
            return open();
        }
        catch (InvalidPasswordException e)
        {
            throw new UploadRefusedException("The workbook has a password: expected one without. Save it without the password, and upload that file.",
                new(UploadRefusedException.File, "a workbook with a password", "a workbook without a password"), e);
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            throw WorkbookFile.Unreadable(e);
        }
    }

    /// <summary>A file that is none of a spreadsheet's makes the reader fail in many ways, and each of them means the same.</summary>
    private static bool IsUnreadable(Exception e) => e is ExcelReaderException or XmlException or InvalidDataException or EndOfStreamException
        or FormatException or OverflowException or ArgumentException or IndexOutOfRangeException or InvalidOperationException
        or InvalidCastException or NullReferenceException or KeyNotFoundException or NotSupportedException;
}
