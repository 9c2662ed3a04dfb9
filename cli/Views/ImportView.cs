using System.Globalization;
using Outdial.Cli.Api;
using Spectre.Console;

namespace Outdial.Cli.Views;

/// <summary>What an upload came to: the rows that were refused are shown, for their owner to mend.</summary>
public sealed class ImportView(IAnsiConsole console)
{
    private const int ErrorsShown = 8, ColumnsShown = 8;

    /// <summary>One bad row, in a sentence without its end.</summary>
    public static string Sentence(RowError error) =>
        $"row {error.Row.ToString(CultureInfo.InvariantCulture)}: '{error.Field}' is {(error.Value is { } value ? $"'{Words.Cut(value, 30)}'" : "missing")}, "
        + $"expected {error.Expected.TrimEnd('.')}";

    public void Write(ImportResult import, int callerIds)
    {
        var (leads, duplicates) = (Words.Count(import.Accepted, "lead"), Words.Count(import.Duplicates, "duplicate"));
        var (refused, numbers) = (Words.Count(import.Rejected, "row"), Words.Count(callerIds, "caller ID"));
        console.MarkupLineInterpolated($"  [bold]{leads}[/], {duplicates}, {refused} refused; {numbers}");
        foreach (var column in (import.Columns ?? []).Where(column => column.Meaning != "attribute").Take(ColumnsShown))
            console.MarkupLineInterpolated($"[grey]  '{Words.Cut(column.Name, 30)}' is read as {column.Meaning}[/]");
        if (import.Errors.Count == 0)
            return;

        var table = new Table().Border(TableBorder.Simple).BorderColor(Color.Grey)
            .AddColumn(new TableColumn("Row").RightAligned()).AddColumn("Field").AddColumn("Value").AddColumn("Expected");
        foreach (var error in import.Errors.Take(ErrorsShown))
        {
            table.AddRow(
                error.Row.ToString(CultureInfo.InvariantCulture), Markup.Escape(error.Field),
                Markup.Escape(Words.Cut(error.Value ?? "", 30)), Markup.Escape(error.Expected));
        }
        console.Write(table);
        if (import.Errors.Count > ErrorsShown)
            console.MarkupLineInterpolated($"[grey]  … and {import.Errors.Count - ErrorsShown} more[/]");
    }
}
