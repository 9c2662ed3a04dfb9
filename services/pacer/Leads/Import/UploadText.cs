using System.Text;

namespace Outdial.Pacer.Leads.Import;

/// <summary>
/// The characters of an upload, a block at a time. UTF-8 and UTF-16 are known by their byte order mark, UTF-16 also by its
/// zeros; everything else is read as UTF-8, and each byte that cannot be UTF-8 as Windows-1252, the encoding of old
/// spreadsheets. So the choice needs no look at the whole upload in advance, and a file with both is read as meant.
/// </summary>
internal sealed class UploadText
{
    private readonly Stream _stream;
    private readonly byte[] _bytes = new byte[16 * 1024];
    private readonly OldSpreadsheetBytes _fallback = new();
    private Decoder _decoder = null!;
    private string _encoding = "";
    private int _start;
    private int _end;
    private bool _ended;

    private UploadText(Stream stream) => _stream = stream;

    /// <summary><c>utf-8</c>, <c>utf-16le</c>, <c>utf-16be</c> or <c>windows-1252</c>, as far as has been read.</summary>
    public string Encoding => _fallback.Used ? "windows-1252" : _encoding;

    public static async Task<UploadText> Open(Stream stream, CancellationToken cancel)
    {
        var text = new UploadText(stream);
        while (text._end < 4 && !text._ended)
            await text.Fill(cancel);
        (text._decoder, text._encoding, text._start) = text.Sniff();
        return text;
    }

    /// <summary>Fills some of the buffer, which holds at least 64 characters. 0 at the end.</summary>
    public async ValueTask<int> Read(Memory<char> buffer, CancellationToken cancel)
    {
        while (true)
        {
            if (_start == _end && !_ended)
            {
                _start = _end = 0;
                await Fill(cancel);
            }
            _decoder.Convert(_bytes.AsSpan(_start, _end - _start), buffer.Span, flush: _ended, out var used, out var written, out _);
            _start += used;
            written = WithoutMarks(buffer.Span[..written]);
            if (written > 0 || (_ended && _start == _end))
                return written;
        }
    }

    /// <summary>Takes out byte order marks: a second one at the beginning, and those of files that were put behind each other.</summary>
    private static int WithoutMarks(Span<char> text)
    {
        const char mark = '\uFEFF';
        if (!text.Contains(mark))
            return text.Length;
        var kept = 0;
        foreach (var letter in text)
        {
            if (letter != mark)
                text[kept++] = letter;
        }
        return kept;
    }

    private async ValueTask Fill(CancellationToken cancel)
    {
        var read = await _stream.ReadAsync(_bytes.AsMemory(_end), cancel);
        _end += read;
        _ended = read == 0;
    }

    private (Decoder Decoder, string Name, int Skip) Sniff() => _bytes.AsSpan(0, _end) switch
    {
        [0xEF, 0xBB, 0xBF, ..] => (Utf8(), "utf-8", 3),
        [0xFF, 0xFE, ..] => (System.Text.Encoding.Unicode.GetDecoder(), "utf-16le", 2),
        [0xFE, 0xFF, ..] => (System.Text.Encoding.BigEndianUnicode.GetDecoder(), "utf-16be", 2),
        [not 0, 0, not 0, 0, ..] => (System.Text.Encoding.Unicode.GetDecoder(), "utf-16le", 0),
        [0, not 0, 0, not 0, ..] => (System.Text.Encoding.BigEndianUnicode.GetDecoder(), "utf-16be", 0),
        _ => (Utf8(), "utf-8", 0),
    };

    private Decoder Utf8() => System.Text.Encoding.GetEncoding("utf-8", EncoderFallback.ReplacementFallback, _fallback).GetDecoder();
}

/// <summary>Reads bytes that are not UTF-8 as Windows-1252, and remembers that it had to.</summary>
internal sealed class OldSpreadsheetBytes : DecoderFallback
{
    // 0x80 to 0x9F, the only bytes where Windows-1252 differs from Unicode's first 256; unassigned ones stay as they are.
    private const string Middle =
        "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009DžŸ";

    public bool Used { get; private set; }

    public override int MaxCharCount => 4;

    public override DecoderFallbackBuffer CreateFallbackBuffer() => new Buffer(this);

    private sealed class Buffer(OldSpreadsheetBytes owner) : DecoderFallbackBuffer
    {
        private byte[] _bytes = [];
        private int _next;

        public override int Remaining => _bytes.Length - _next;

        public override bool Fallback(byte[] bytesUnknown, int index)
        {
            owner.Used = true;
            _bytes = [.. bytesUnknown];
            _next = 0;
            return _bytes.Length > 0;
        }

        public override char GetNextChar()
        {
            if (_next >= _bytes.Length)
                return '\0';   // by contract: nothing left
            var value = _bytes[_next++];
            return value is >= 0x80 and <= 0x9F ? Middle[value - 0x80] : (char)value;
        }

        public override bool MovePrevious()
        {
            if (_next == 0)
                return false;
            _next--;
            return true;
        }

        public override void Reset() => (_bytes, _next) = ([], 0);
    }
}
