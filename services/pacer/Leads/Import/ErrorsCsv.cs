using System.Globalization;
using System.Text;

namespace Outdial.Pacer.Leads.Import;

/// <summary>An import's errors as a file for a spreadsheet: <c>row,field,value,expected</c>.</summary>
internal static class ErrorsCsv
{
    private const int AtOnce = 5_000;

    public static async Task WriteAsync(ImportStore imports, Guid id, Stream body, CancellationToken cancel)
    {
        await using var writer = new StreamWriter(body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        await writer.WriteAsync("row,field,value,expected\r\n");
        for (long after = 0; ;)
        {
            var page = await imports.Errors(id, after, AtOnce, cancel);
            if (page.Count == 0)
                return;
            foreach (var error in page)
                await writer.WriteAsync(Line(error));
            await writer.FlushAsync(cancel);
            after = page[^1].Row;
        }
    }

    public static string Line(RowError error) => string.Create(
        CultureInfo.InvariantCulture, $"{error.Row},{Quoted(error.Field)},{Quoted(Harmless(error.Value))},{Quoted(error.Expected)}\r\n");

    // A spreadsheet would run a cell that starts like a formula. The apostrophe says "text", and our reader knows it too.
    private static string Harmless(string? value) => value is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? $"'{value}" : value ?? "";

    private static string Quoted(string text) =>
        text.AsSpan().IndexOfAny("\",\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
