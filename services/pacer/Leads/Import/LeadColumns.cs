using Outdial.Platform;

namespace Outdial.Pacer.Leads.Import;

internal enum ColumnRole { Attribute, Number, Priority, TimeZone, ExternalId, Region }

/// <summary>Which column means what. Names are compared without case; blanks and dashes count as underscores.</summary>
internal sealed class LeadColumns
{
    /// <summary>By precedence: where a list has both a phone and a number, the number may be a house's.</summary>
    private static readonly string[] NumberNames =
        ["phone", "phone_number", "mobile", "mobile_number", "msisdn", "phonenumber", "telephone", "number"];

    private static readonly Dictionary<string, ColumnRole> OtherNames = new()
    {
        ["priority"] = ColumnRole.Priority,
        ["timezone"] = ColumnRole.TimeZone,
        ["time_zone"] = ColumnRole.TimeZone,
        ["external_id"] = ColumnRole.ExternalId,
        ["id"] = ColumnRole.ExternalId,
        ["region"] = ColumnRole.Region,
    };

    private LeadColumns(IReadOnlyList<string> names, ColumnRole[] roles) => (Names, Roles) = (names, roles);

    public const string NumberExpected = "a column named phone, number, mobile, msisdn or phone_number";

    /// <summary>As written, trimmed; a column without a name is called by its place, <c>column_3</c>.</summary>
    public IReadOnlyList<string> Names { get; }

    public IReadOnlyList<ColumnRole> Roles { get; }

    public bool HasNumber => Roles.Contains(ColumnRole.Number);

    public static LeadColumns Of(IEnumerable<string> header)
    {
        var names = header.Select((name, at) => name.Trim() is { Length: > 0 } trimmed ? trimmed : $"column_{at + 1}").ToList();
        var plain = names.Select(Plain).ToList();
        var roles = new ColumnRole[names.Count];
        if (NumberNames.Select(alias => plain.IndexOf(alias)).FirstOrDefault(at => at >= 0, -1) is >= 0 and var number)
            roles[number] = ColumnRole.Number;
        foreach (var group in OtherNames.GroupBy(other => other.Value, other => other.Key))
            if (group.Select(alias => plain.IndexOf(alias)).FirstOrDefault(at => at >= 0, -1) is >= 0 and var at)
                roles[at] = group.Key;
        return new LeadColumns(names, roles);
    }

    /// <summary>The columns of a CSV header.</summary>
    /// <exception cref="UploadRefusedException">There is no phone column, or too many columns, or one of them twice.</exception>
    public static LeadColumns OfHeader(IReadOnlyList<string> header, int mostColumns)
    {
        var columns = Of(header);
        if (columns.Names.Count > mostColumns)
            throw new UploadRefusedException($"The first line names {columns.Names.Count} columns; at most {mostColumns} are taken.");
        if (!columns.HasNumber)
        {
            var found = string.Join(", ", columns.Names.Take(20).Select(name => $"'{Masked.Text(ShownText.Of(name)!)}'"));
            throw new UploadRefusedException(
                $"The first line has no column for the phone number: found {found}; expected {NumberExpected}. The first line must name the columns.");
        }

        if (columns.Names.GroupBy(Plain).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new UploadRefusedException($"The first line names the column '{ShownText.Of(twice.First())}' more than once; expected each name once.");
        if (columns.Names.Any(name => name.Contains('\0')))
            throw new UploadRefusedException("The first line holds NUL characters; expected text.");
        return columns;
    }

    private static string Plain(string name) => name.ToLowerInvariant().Replace(' ', '_').Replace('-', '_');
}
