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

    public static async Task<(List<ImportRow> Rows, string? Encoding)> ReadAll(
        Stream stream, string format = UploadFormats.Csv, LeadDefaults? defaults = null, ImportLimits? limits = null,
        string? sheet = null)
    {
        await using var reader = await LeadReader.Open(stream, format, defaults ?? India, limits ?? new(), CancellationToken.None, sheet);
        List<ImportRow> rows = [];
        await foreach (var row in reader.Read())
            rows.Add(row);
        return (rows, reader.Encoding);
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
