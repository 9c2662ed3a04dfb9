using System.IO.Compression;
using System.Text;
using Outdial.Pacer.CallingHours;
using Outdial.Pacer.Leads.Import;

namespace Outdial.Pacer.Tests.Leads.Import;

/// <summary>Uploads as tests write them.</summary>
internal static class Uploads
{
    public static readonly LeadDefaults India = new("IN", CallingWindow.Default, new DateTimeOffset(2026, 3, 2, 6, 0, 0, TimeSpan.Zero));

    public static Task<List<ImportRow>> Read(
        string text, string format = UploadFormats.Csv, LeadDefaults? defaults = null, ImportLimits? limits = null) =>
        Read(Encoding.UTF8.GetBytes(text), format, defaults, limits);

    public static async Task<List<ImportRow>> Read(
        byte[] bytes, string format = UploadFormats.Csv, LeadDefaults? defaults = null, ImportLimits? limits = null) =>
        (await ReadAll(new MemoryStream(bytes), format, defaults, limits)).Rows;

    public static async Task<(List<ImportRow> Rows, string Encoding)> ReadAll(
        Stream stream, string format = UploadFormats.Csv, LeadDefaults? defaults = null, ImportLimits? limits = null)
    {
        var reader = await LeadReader.Open(stream, format, defaults ?? India, limits ?? new(), CancellationToken.None);
        List<ImportRow> rows = [];
        await foreach (var row in reader.Read())
            rows.Add(row);
        return (rows, reader.Encoding);
    }

    /// <summary>A sheet as spreadsheet programs save it.</summary>
    public static byte[] Workbook()
    {
        var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var sheet = new StreamWriter(zip.CreateEntry("xl/worksheets/sheet1.xml").Open());
            sheet.Write("<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>phone</t></is></c></row></sheetData></worksheet>");
        }
        return bytes.ToArray();
    }

    public static GoodLead Good(ImportRow row) => Assert.IsType<GoodLead>(row);

    public static RowError Error(ImportRow row) => Assert.Single(Assert.IsType<BadRow>(row).Errors);
}

/// <summary>Hands out a few bytes at a time, so that every character, quote and line end is cut somewhere.</summary>
internal sealed class TricklingStream(byte[] bytes, int atOnce) : MemoryStream(bytes)
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        base.ReadAsync(buffer[..Math.Min(atOnce, buffer.Length)], cancellationToken);
}
