namespace Outdial.Client;

/// <summary>A body that is a file.</summary>
public partial class FileParameter
{
    private static readonly Dictionary<string, string> s_types = new(StringComparer.OrdinalIgnoreCase)
    {
        [".ndjson"] = "application/x-ndjson",
        [".jsonl"] = "application/x-ndjson",
        [".xlsx"] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        [".xls"] = "application/vnd.ms-excel",
        [".gz"] = "application/gzip",
    };

    /// <summary>A list of leads or suppressions. What it is goes by the end of its name; what has no such end is CSV.</summary>
    /// <param name="fileName">Such as <c>leads.csv</c>, <c>leads.xlsx</c>, <c>leads.ndjson</c>, <c>leads.csv.gz</c>.</param>
    public static FileParameter List(Stream data, string fileName) =>
        new(data, fileName, s_types.GetValueOrDefault(Path.GetExtension(fileName), "text/csv"));
}
