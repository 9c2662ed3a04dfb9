using System.Runtime.CompilerServices;
using Outdial.Platform;

namespace Outdial.Pacer.Leads.Import;

/// <summary>An import's errors as a file for a spreadsheet: <c>row,field,value,expected</c>.</summary>
internal static class ErrorsCsv
{
    private const int AtOnce = 5_000;

    public static async IAsyncEnumerable<CsvLine> Lines(ImportStore imports, Guid id, [EnumeratorCancellation] CancellationToken cancel)
    {
        yield return CsvLine.Of("row", "field", "value", "expected");
        for (long after = 0; ;)
        {
            var page = await imports.Errors(id, after, AtOnce, cancel);
            if (page.Count == 0)
                yield break;
            foreach (var error in page)
                yield return CsvLine.Of(error.Row, error.Field, error.Value, error.Expected);
            after = page[^1].Row;
        }
    }
}
