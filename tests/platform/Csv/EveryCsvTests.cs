using System.Text.RegularExpressions;
using Outdial.LocalServers;

namespace Outdial.Platform.Tests.Csv;

/// <summary>All sources of programs, read as text: there is one way to answer with a CSV file.</summary>
public sealed partial class EveryCsvTests
{
    // The one that answers, the one that reads uploads, and the command that uploads.
    private static readonly string[] s_mayNameTheType =
        ["platform/Csv/CsvAnswer.cs", "services/pacer/Leads/Import/UploadBody.cs", "services/pacer/Leads/Import/LeadBodies.cs"];

    private static readonly string[] s_programs = ["platform", "services", "gateway", "host", "providers", "cli"];

    [Fact]
    public void No_program_answers_with_a_CSV_file_but_through_the_writer_that_makes_cells_safe()
    {
        var naming = Sources().Where(source => source.Text.Contains("text/csv", StringComparison.OrdinalIgnoreCase)).Select(source => source.Path);

        Assert.Equal(s_mayNameTheType.Order(StringComparer.Ordinal), naming.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_address_that_ends_with_csv_is_said_to_be_answered_by_that_writer()
    {
        var mapped = Sources()
            .Where(source => source.Path.StartsWith("services/", StringComparison.Ordinal) || source.Path.StartsWith("gateway/", StringComparison.Ordinal))
            .SelectMany(source => Mapping().Matches(source.Text).Select(match => (source.Path, Statement: match.Value))).ToList();

        Assert.True(mapped.Count >= 5, "the addresses are not found any more");
        Assert.DoesNotContain(mapped, one => !one.Statement.Contains(".ProducesCsv()", StringComparison.Ordinal));
    }

    // To the end of the statement; a semicolon within a description is not one.
    [GeneratedRegex("""\.Map\w+\("[^"]*\.csv"[\s\S]*?;\s*$""", RegexOptions.Multiline)]
    private static partial Regex Mapping();

    private static IEnumerable<(string Path, string Text)> Sources()
    {
        return s_programs.SelectMany(folder => Directory.EnumerateFiles(Checkout.At(folder), "*.cs", SearchOption.AllDirectories))
            .Select(file => (Path: Path.GetRelativePath(Checkout.At(), file).Replace('\\', '/'), File: file))
            .Where(source => !source.Path.Split('/').Any(part => part is "bin" or "obj"))
            .Select(source => (source.Path, File.ReadAllText(source.File)));
    }
}
