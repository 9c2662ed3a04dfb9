using System.Buffers;

namespace Outdial.Pacer.Leads.Import;

/// <summary>What keeps a piece of text from being a record.</summary>
internal enum RecordFault { None, UnclosedQuote, TextAfterQuote, TooLong }

/// <summary>The records of an upload, one after the other: of a text, or of a sheet.</summary>
internal interface IRecords
{
    /// <summary>The fields of the last record, valid until the next is read. After a fault: what its first line begins with.</summary>
    IReadOnlyList<string> Fields { get; }

    /// <summary>The last record's row as a spreadsheet numbers it: the first is 1, blank ones count, one with line breaks in it is one.</summary>
    long Row { get; }

    /// <summary>What stands between fields where they are shown.</summary>
    char Delimiter { get; }

    /// <summary>Reads the next record, blank ones too; null at the end.</summary>
    ValueTask<RecordFault?> Next(CancellationToken cancel);
}

/// <summary>
/// Cuts text into records: CSV by RFC 4180 with any delimiter, or plain lines. Holds one record at a time. Lines end with
/// LF, CR LF or CR. A quote inside an unquoted field is a character like any other.
/// </summary>
/// <remarks>
/// Written by hand because of what happens after a mistake: a quote that is never closed would make any common reader take the
/// rest of the upload for one field. Here a faulty record is reported, and reading goes on with the line after its first one.
/// </remarks>
internal sealed class TextRecords(UploadText text, int longestRecord, bool csv) : IRecords
{
    private static readonly char[] Delimiters = [',', ';', '\t', '|'];
    private static readonly SearchValues<char> LineEnds = SearchValues.Create('\r', '\n');

    private readonly List<string> _fields = [];
    private char[] _chars = new char[32 * 1024];
    private int _start;
    private int _end;
    private bool _ended;

    public char Delimiter { get; private set; } = ',';

    public IReadOnlyList<string> Fields => _fields;

    public long Row { get; private set; }

    /// <summary>
    /// Takes as delimiter the one of comma, semicolon, tab and bar that parts the first line most often, or the one that
    /// a first line such as <c>sep=;</c> names, which is then stepped over.
    /// </summary>
    public async ValueTask DetectDelimiter(CancellationToken cancel)
    {
        while (!_ended && _end - _start < longestRecord && LineLength() < 0)
            await Fill(cancel);
        var line = LineLength() is >= 0 and var length ? _chars.AsSpan(_start, length) : _chars.AsSpan(_start, _end - _start);
        if (Named(line) is { } named)
        {
            Delimiter = named;
            await SkipLine(cancel);
            return;
        }

        Span<int> counts = stackalloc int[Delimiters.Length];
        var quoted = false;
        foreach (var c in line)
        {
            quoted ^= c == '"';
            if (!quoted && Array.IndexOf(Delimiters, c) is >= 0 and var at)
                counts[at]++;
        }
        Delimiter = Delimiters[counts.IndexOf(Math.Max(Math.Max(counts[0], counts[1]), Math.Max(counts[2], counts[3])))];
    }

    /// <summary>
    /// What a first line such as <c>sep=;</c> names; a program that took it for a row has put quotes around it, or delimiters behind it.
    /// </summary>
    private static char? Named(ReadOnlySpan<char> line)
    {
        line = line.TrimStart('"');
        return line.StartsWith("sep=", StringComparison.OrdinalIgnoreCase) && line.Length > 4 && !char.IsLetterOrDigit(line[4])
            && line[5..].Trim('"').Trim(line[4]).IsWhiteSpace() ? line[4] : null;
    }

    public async ValueTask<RecordFault?> Next(CancellationToken cancel)
    {
        while (true)
        {
            if (_start == _end && _ended)
                return null;
            _fields.Clear();
            var fault = csv ? ScanRecord(out var next) : ScanLine(out next);
            if (fault is null && !_ended && _end - _start < longestRecord)
            {
                await Fill(cancel);
                continue;
            }

            if (fault == RecordFault.None && next - _start <= longestRecord)
            {
                _start = next;
                Row++;
                return fault;
            }

            _fields.Clear();
            _fields.Add(FirstLine());
            var why = fault is RecordFault.TextAfterQuote ? RecordFault.TextAfterQuote
                : csv && _ended && fault is null ? RecordFault.UnclosedQuote
                : csv && fault is null && LineLength() >= 0 ? RecordFault.UnclosedQuote   // a line ended, so only a quote goes on this long
                : RecordFault.TooLong;
            await SkipLine(cancel);
            Row++;
            return why;
        }
    }

    /// <returns>null when more text is needed to tell.</returns>
    private RecordFault? ScanLine(out int next)
    {
        next = _end;
        var length = LineLength();
        if (length < 0 && !_ended)
            return null;
        _fields.Add(new string(_chars, _start, length < 0 ? _end - _start : length));
        next = length < 0 ? _end : AfterLineEnd(_start + length);
        return RecordFault.None;
    }

    private RecordFault? ScanRecord(out int next)
    {
        next = _end;
        var at = _start;
        while (true)
        {
            if (at < _end && _chars[at] == '"')
            {
                if (!TryQuoted(ref at))
                    return null;
            }
            else
            {
                var length = _chars.AsSpan(at, _end - at).IndexOfAny(Delimiter, '\r', '\n');
                if (length < 0 && !_ended)
                    return null;
                length = length < 0 ? _end - at : length;
                _fields.Add(new string(_chars, at, length));
                at += length;
            }

            if (at == _end)
                return _ended ? RecordFault.None : null;
            if (_chars[at] is '\r' or '\n')
            {
                if (_chars[at] == '\r' && at + 1 == _end && !_ended)
                    return null;
                next = AfterLineEnd(at);
                return RecordFault.None;
            }

            if (_chars[at] != Delimiter)
                return RecordFault.TextAfterQuote;
            at++;
        }
    }

    /// <summary>Reads a quoted field and the blanks after it; false when its end is not in the buffer.</summary>
    private bool TryQuoted(ref int at)
    {
        var from = at + 1;
        var doubled = false;
        for (var search = from; ;)
        {
            var quote = _chars.AsSpan(search, _end - search).IndexOf('"');
            if (quote < 0)
                return false;
            quote += search;
            if (quote + 1 == _end && !_ended)
                return false;
            if (quote + 1 < _end && _chars[quote + 1] == '"')
            {
                doubled = true;
                search = quote + 2;
                continue;
            }

            var value = new string(_chars, from, quote - from);
            _fields.Add(doubled ? value.Replace("\"\"", "\"", StringComparison.Ordinal) : value);
            for (at = quote + 1; at < _end && _chars[at] == ' '; at++)
            {
            }
            return true;
        }
    }

    /// <summary>Length of the line at the start of the buffer; -1 when its end is not (surely) there.</summary>
    private int LineLength()
    {
        var length = _chars.AsSpan(_start, _end - _start).IndexOfAny(LineEnds);
        return length >= 0 && _chars[_start + length] == '\r' && _start + length + 1 == _end && !_ended ? -1 : length;
    }

    private int AfterLineEnd(int at) => _chars[at] == '\r' && at + 1 < _end && _chars[at + 1] == '\n' ? at + 2 : at + 1;

    private string FirstLine()
    {
        var length = LineLength();
        return new string(_chars, _start, Math.Min(length < 0 ? _end - _start : length, ShownText.Longest + 1));
    }

    private async ValueTask SkipLine(CancellationToken cancel)
    {
        while (LineLength() < 0)
        {
            if (_ended)
            {
                _start = _end;
                return;
            }
            _start = _end - _start > 1 ? _end - 1 : _start;   // the last character may be a CR that waits for its LF
            await Fill(cancel);
        }
        _start = AfterLineEnd(_start + LineLength());
    }

    /// <summary>Moves what is left to the front, makes room and reads on.</summary>
    private async ValueTask Fill(CancellationToken cancel)
    {
        const int room = 4 * 1024;
        if (_start > 0)
        {
            _chars.AsSpan(_start, _end - _start).CopyTo(_chars);
            (_start, _end) = (0, _end - _start);
        }
        if (_chars.Length - _end < room)
            Array.Resize(ref _chars, _chars.Length * 2);
        var read = await text.Read(_chars.AsMemory(_end), cancel);
        _end += read;
        _ended = read == 0;
    }
}
