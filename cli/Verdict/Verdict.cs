using System.Globalization;
using System.Text;

namespace Outdial.Cli.Verdicts;

/// <summary>
/// Whether a campaign ended as it should: every lead accounted for, nobody dialed twice, nothing that happened lost.
/// </summary>
/// <param name="Leads">Leads that were imported.</param>
/// <param name="Accounted">Leads in exactly one final state.</param>
/// <param name="Findings">What is wrong, each with the id it is about; empty when all is well.</param>
/// <param name="Source">What it was computed from: <c>ledger+record</c>, or <c>ledger</c> where the provider's record cannot be read.</param>
public sealed record Verdict(long Leads, long Accounted, IReadOnlyList<Finding> Findings, string Source)
{
    private const int NamedPerKind = 20;

    public bool Ok => Findings.Count == 0 && Accounted == Leads;

    public int DoubleDials => Count(FindingKinds.DoubleDial);

    public int LostEvents => Count(FindingKinds.LostEvent);

    /// <summary>The one line that closes a run.</summary>
    public string Line()
    {
        var line = new StringBuilder();
        line.Append(CultureInfo.InvariantCulture, $"verdict: {(Ok ? "ok" : "FAILED")} leads={Leads} accounted={Accounted} ");
        line.Append(CultureInfo.InvariantCulture, $"double_dials={DoubleDials} lost_events={LostEvents}");
        if (Source != Sources.LedgerAndRecord)
            line.Append(CultureInfo.InvariantCulture, $" source={Source}");

        foreach (var kind in Findings.GroupBy(finding => finding.Kind))
        {
            var ids = kind.Select(finding => finding.Id).Distinct().ToList();
            line.Append(CultureInfo.InvariantCulture, $" {kind.Key}={string.Join(',', ids.Take(NamedPerKind))}");
            if (ids.Count > NamedPerKind)
                line.Append(CultureInfo.InvariantCulture, $",+{ids.Count - NamedPerKind}");
        }
        return line.ToString();
    }

    /// <summary>The same with what else was found.</summary>
    public Verdict With(IReadOnlyList<Finding> more) => more.Count == 0 ? this : this with { Findings = [.. Findings, .. more] };

    private int Count(string kind) => Findings.Where(finding => finding.Kind == kind).Select(finding => finding.Id).Distinct().Count();
}

/// <summary>One thing that is wrong.</summary>
/// <param name="Kind">One of <see cref="FindingKinds"/>.</param>
/// <param name="Id">The lead, attempt or call that it is about.</param>
/// <param name="Text">In words, without personal data.</param>
public sealed record Finding(string Kind, string Id, string Text);

/// <summary>The kinds of findings, as the verdict's line names them.</summary>
public static class FindingKinds
{
    /// <summary>A lead that is missing, listed twice or in no final state.</summary>
    public const string NotAccounted = "not_accounted";

    public const string DoubleDial = "double_dialed";

    public const string LostEvent = "lost";

    /// <summary>An agent who could not go on, or was not served as promised; the id is the session's.</summary>
    public const string Agent = "agent";

    /// <summary>The queue of waiting people grew and the campaign did not pause and go on as it should.</summary>
    public const string Queue = "queue";

    /// <summary>The provider's budget was overrun; the id is the figure.</summary>
    public const string Budget = "budget";

    /// <summary>The platform's own monitors see what must never be so; the id is the first row's.</summary>
    public const string Invariant = "invariant";
}

/// <summary>What a verdict was computed from.</summary>
public static class Sources
{
    public const string LedgerAndRecord = "ledger+record";
    public const string Ledger = "ledger";
}
