using System.Xml.Linq;

namespace Outdial.Cli.Testing;

/// <summary>A test that failed, with what it said.</summary>
public sealed record FailedTest(string Name, string Message, string Trace);

/// <summary>What came of one test project.</summary>
public sealed record TestOutcome(TestProject Project, int Passed, int Skipped, IReadOnlyList<FailedTest> Failed, TimeSpan Taken)
{
    private static readonly XNamespace Trx = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";

    /// <summary>Reads the result file. A run that ended badly without a failed test to show for it counts as one failure.</summary>
    public static TestOutcome Read(TestProject project, string resultFile, string logFile, int exitCode, TimeSpan taken)
    {
        var results = File.Exists(resultFile) ? XDocument.Load(resultFile).Descendants(Trx + "UnitTestResult").ToArray() : [];
        var byOutcome = results.ToLookup(result => (string?)result.Attribute("outcome"));
        var failed = results.Where(result => (string?)result.Attribute("outcome") is not ("Passed" or "NotExecuted")).Select(Failure).ToList();
        if (exitCode != 0 && failed.Count == 0)
            failed.Add(new FailedTest($"{project.Name}: the test process ended with code {exitCode}", string.Join('\n', File.ReadLines(logFile).TakeLast(25)), ""));
        return new TestOutcome(project, byOutcome["Passed"].Count(), byOutcome["NotExecuted"].Count(), failed, taken);
    }

    private static FailedTest Failure(XElement result)
    {
        var error = result.Element(Trx + "Output")?.Element(Trx + "ErrorInfo");
        return new FailedTest(
            (string?)result.Attribute("testName") ?? "a test without a name",
            (string?)error?.Element(Trx + "Message") ?? $"Outcome: {(string?)result.Attribute("outcome")}",
            (string?)error?.Element(Trx + "StackTrace") ?? "");
    }
}
