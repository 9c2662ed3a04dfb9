using System.IO.Compression;
using System.Xml;
using Microsoft.AspNetCore.Http;

namespace Outdial.Pacer.Leads.Import;

/// <summary>A workbook that came with an upload: kept on the disk, because it is read from its end, and looked at before it is believed.</summary>
internal static class WorkbookFile
{
    private const int LongestText = 1 << 20;          // bytes between two tags; a cell of a spreadsheet has 32,767 letters
    private const int MostInRow = 4 * (1 << 14);      // tags within one row of 16,384 cells
    private const int LettersInRow = 4 << 20;
    private const int MostInText = 2_048;             // tags within one text: it is put together piece by piece
    private const int LettersInText = 1 << 18;
    private const int MostOther = 1 << 20;            // tags of a sheet outside its rows: merged cells, widths
    private const int LargestOther = 8 << 20;         // bytes of what is neither a sheet nor the texts that sheets share: styles, names

    public const string SaveAsCsv =
        "In the spreadsheet, save it as a workbook (.xlsx), or the sheet as 'CSV UTF-8' with the column of phone numbers in the format 'text' or '0', "
        + "and upload that file.";

    /// <exception cref="UploadRefusedException">It is too large.</exception>
    public static async Task<FileStream> Of(Stream workbook, ImportLimits limits, CancellationToken cancel)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Delete,
            Options = FileOptions.DeleteOnClose,
            BufferSize = 64 * 1024,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new FileStream(Path.Combine(Path.GetTempPath(), $"outdial-{Path.GetRandomFileName()}.workbook"), options);
        try
        {
            if (!OperatingSystem.IsWindows())
                File.Delete(file.Name);   // it lives on without a name, until it is closed or the process dies
            var bytes = new byte[64 * 1024];
            for (var total = 0L; await workbook.ReadAsync(bytes, cancel) is > 0 and var read;)
            {
                if ((total += read) > limits.WorkbookBytes)
                {
                    throw new UploadRefusedException($"The workbook is larger than {limits.WorkbookBytes} bytes (Imports:MaxWorkbookBytes). {SaveAsCsv}",
                        new(UploadRefusedException.File, $"more than {limits.WorkbookBytes} bytes", $"a workbook of at most {limits.WorkbookBytes} bytes, or CSV"))
                    {
                        Status = StatusCodes.Status413PayloadTooLarge,
                    };
                }
                await file.WriteAsync(bytes.AsMemory(0, read), cancel);
            }
            file.Position = 0;
            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    /// <summary>What it is; and that nothing in it is unpacked to more than the limits, or is no sheet of this world.</summary>
    /// <returns><see cref="UploadFormats.Xlsx"/> or <see cref="UploadFormats.Xls"/>.</returns>
    /// <exception cref="UploadRefusedException">It is no workbook that is read, or too much of one.</exception>
    public static string Check(FileStream file, ImportLimits limits, CancellationToken cancel)
    {
        Span<byte> start = stackalloc byte[4];
        var count = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        file.Position = 0;
        if (!UploadContent.IsZip(start[..count]))
            return UploadFormats.Xls;   // it is not packed
        try
        {
            using var zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            if (!zip.Entries.Any(entry => entry.FullName.EndsWith("workbook.xml", StringComparison.OrdinalIgnoreCase)))
                throw new UploadRefusedException($"The upload is a workbook of another kind (.ods, .xlsb) or another zip file. {SaveAsCsv}",
                    new(UploadRefusedException.File, "a zip file that is no .xlsx", "a workbook of the kind .xlsx or .xls, or CSV"));
            var unpacked = 0L;
            foreach (var entry in zip.Entries)
            {
                if ((unpacked += entry.Length) > limits.UnpackedBytes)
                    throw TooMuch($"is larger than {limits.UnpackedBytes} bytes once it is unpacked (Imports:MaxBytes)");
            }
            // By what is in them: a workbook may call its parts anything. .NET unpacks no more of a part than the size that is named here.
            foreach (var entry in zip.Entries.Where(entry => entry.Length > Math.Min(LongestText, limits.WorkbookTextBytes) && IsXml(entry)))
                Look(entry, limits, cancel);
        }
        catch (Exception e) when (e is InvalidDataException or XmlException or NotSupportedException)
        {
            throw Unreadable(e);
        }
        file.Position = 0;
        return UploadFormats.Xlsx;
    }

    /// <summary>Pictures and the like are nobody's to read.</summary>
    private static bool IsXml(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        Span<byte> start = stackalloc byte[4];
        var count = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        return start[..count] is [(byte)'<' or 0xEF or 0xFE or 0xFF or 0x00 or 0x09 or 0x0A or 0x0D or 0x20, ..];
    }

    /// <summary>
    /// Whoever reads a sheet holds a row of it, each text that it shares, all that is around its rows, and whatever stands between two tags.
    /// </summary>
    private static void Look(ZipArchiveEntry entry, ImportLimits limits, CancellationToken cancel)
    {
        using var stream = entry.Open();
        using var texts = new LongTexts(stream);
        using var xml = XmlReader.Create(texts, new() { DtdProcessing = DtdProcessing.Prohibit, IgnoreComments = true, IgnoreWhitespace = true });
        xml.MoveToContent();
        var (isSheet, isTexts) = (xml.LocalName == "worksheet", xml.LocalName == "sst");
        if (isTexts && entry.Length > limits.WorkbookTextBytes)
            throw TooMuch($"has more than {limits.WorkbookTextBytes} bytes of texts that its sheets share (Imports:MaxWorkbookTextBytes)");
        if (!isSheet && !isTexts && entry.Length > LargestOther)
            throw TooMuch("has more around its sheets than a workbook has");
        var (row, text) = (new Held(MostInRow, LettersInRow), new Held(MostInText, LettersInText));
        for (var (other, tags) = (0, 0); xml.Read();)
        {
            if (++tags % 10_000 == 0)
                cancel.ThrowIfCancellationRequested();
            if (xml.NodeType == XmlNodeType.EndElement)
            {
                row.End(xml.Depth);
                text.End(xml.Depth);
            }
            else if (xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace)
            {
                var letters = xml.Value.Length;
                if (!row.Letters(letters))
                    throw TooMuch("has a row with more letters than a sheet's can have");
                if (!text.Letters(letters))
                    throw TooMuch("has a cell with more letters than a sheet's can have");
            }
            else if (xml.NodeType == XmlNodeType.Element)
            {
                if (!row.Tag())
                    throw TooMuch("has a row with more cells than a sheet has");
                if (!text.Tag())
                    throw TooMuch("has a cell with more pieces of text than a sheet's can have");
                if (isSheet && !row.IsOpen && xml.LocalName != "row" && ++other > MostOther)
                    throw TooMuch("has a sheet with more around its rows than a sheet has");
                if (!xml.IsEmptyElement && xml.LocalName == "row")
                    row.Begin(xml.Depth);
                else if (!xml.IsEmptyElement && xml.LocalName is "si" or "is")
                    text.Begin(xml.Depth);
            }
        }
    }

    /// <summary>What is in the element that somebody holds at once.</summary>
    private struct Held(int mostTags, int mostLetters)
    {
        private int _depth = -1, _tags, _letters;

        public readonly bool IsOpen => _depth >= 0;

        public void Begin(int depth)
        {
            if (!IsOpen)
                (_depth, _tags, _letters) = (depth, 0, 0);
        }

        public void End(int depth)
        {
            if (depth == _depth)
                _depth = -1;
        }

        public bool Tag() => !IsOpen || ++_tags <= mostTags;

        public bool Letters(int count) => !IsOpen || (_letters += count) <= mostLetters;
    }

    public static UploadRefusedException Unreadable(Exception e) => new($"The upload begins as a workbook and cannot be read as one. {SaveAsCsv}",
        new(UploadRefusedException.File, "damaged", "a workbook that can be read, or CSV"), e);

    private static UploadRefusedException TooMuch(string why) => new($"The workbook {why}. {SaveAsCsv}",
        new(UploadRefusedException.File, why, "a smaller workbook, or CSV"))
    {
        Status = StatusCodes.Status413PayloadTooLarge,
    };

    /// <summary>Refuses what has too much between two tags before anybody gathers it.</summary>
    private sealed class LongTexts(Stream inner) : ForwardStream
    {
        private int _since;

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = inner.Read(buffer, offset, count);
            Count(buffer.AsSpan(offset, read));
            return read;
        }

        public override int Read(Span<byte> buffer)
        {
            var read = inner.Read(buffer);
            Count(buffer[..read]);
            return read;
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken);
            Count(buffer.Span[..read]);
            return read;
        }

        private void Count(ReadOnlySpan<byte> bytes)
        {
            while (bytes.IndexOf((byte)'<') is >= 0 and var tag)
            {
                Add(tag);
                _since = 0;
                bytes = bytes[(tag + 1)..];
            }
            Add(bytes.Length);
        }

        private void Add(int letters)
        {
            if ((_since += letters) > LongestText)
                throw TooMuch("has a cell with more letters than a sheet's can have");
        }
    }
}
