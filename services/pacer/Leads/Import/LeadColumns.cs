using Outdial.Platform;

namespace Outdial.Pacer.Leads.Import;

internal enum ColumnRole
{
    Attribute,
    Number,
    Priority,
    TimeZone,
    ExternalId,

    /// <summary>The country or calling code of the telephone: how its number is read, and what it must not contradict.</summary>
    Region,

    /// <summary>The person's country: the same, where no column tells of the telephone itself.</summary>
    Country,

    /// <summary>The country of an address: where a number without a country's code is read, if it can be one of that country.</summary>
    AddressCountry,

    /// <summary>What is dialed before the telephone's own number within its country. An attribute as well.</summary>
    AreaCode,

    /// <summary>Whether the person is not to be called. An attribute as well.</summary>
    DoNotCall,
}

/// <summary>How a column of an upload was understood.</summary>
/// <param name="Name">As written in the first line.</param>
/// <param name="Meaning">In words.</param>
internal sealed record ColumnMeaning(string Name, string Meaning);

/// <summary>Which column means what.</summary>
internal sealed class LeadColumns
{
    private LeadColumns(IReadOnlyList<string> written, IReadOnlyList<string> names, ColumnRole[] roles, IReadOnlyList<int> numbers) =>
        (Written, Names, Roles, Numbers) = (written, names, roles, numbers);

    public const string NumberExpected = "a column named phone, number, mobile, msisdn or phone_number";

    public IReadOnlyList<string> Written { get; }

    /// <summary>As written, trimmed; a column without a name is called by its place, <c>column_3</c>.</summary>
    public IReadOnlyList<string> Names { get; }

    public IReadOnlyList<ColumnRole> Roles { get; }

    /// <summary>The columns with telephone numbers, in the order in which they are tried.</summary>
    public IReadOnlyList<int> Numbers { get; }

    public bool HasNumber => Numbers.Count > 0;

    /// <summary>How many columns at the end have no name.</summary>
    public int Unnamed { get; private init; }

    /// <summary>In the order of the columns.</summary>
    public IEnumerable<ColumnMeaning> Meanings => Names.Select((name, at) => new ColumnMeaning(ShownText.Of(name)!, Roles[at] switch
    {
        ColumnRole.Number when Numbers[0] == at => "phone number",
        ColumnRole.Number => $"phone number of a row with none in {Before(at)}; else an attribute",
        ColumnRole.Priority => "priority",
        ColumnRole.TimeZone => "time zone",
        ColumnRole.ExternalId => "external id",
        ColumnRole.Region => "country of the phone number; a row that contradicts it is refused",
        ColumnRole.Country => "country of the phone number, where no other column tells it; a row that contradicts it is refused. Also an attribute",
        ColumnRole.AreaCode => "area code, put before a phone number that has none. Also an attribute",
        ColumnRole.DoNotCall => "not to be called: a row in which it says anything but 0, no, false or n is refused. Also an attribute",
        ColumnRole.AddressCountry => "country of an address, in which a phone number without a country's code is read. Also an attribute",
        _ when States.Contains(at) => "attribute; not the country of the phone number, because of what is written in it",
        _ => "attribute",
    }));

    /// <summary>What the first rows tell of the columns.</summary>
    public ColumnEvidence Evidence { get; private init; } = ColumnEvidence.None;

    /// <summary>Columns by whose name one could take them for countries, and whose values are others.</summary>
    public IReadOnlyList<int> States { get; private init; } = [];

    /// <summary>Nothing that could be written in them changes what they mean.</summary>
    public bool IsPlain => !Roles.Any(role => role is ColumnRole.Region or ColumnRole.Country or ColumnRole.AddressCountry or ColumnRole.Priority);

    /// <summary>
    /// No column but that of the number says who may be called, or when, or in which country: cells that slipped into the next column change neither.
    /// </summary>
    public bool MayBeShifted => !Roles.Any(role => role is not (ColumnRole.Attribute or ColumnRole.Number or ColumnRole.ExternalId));

    /// <summary>The same columns as the first rows show them.</summary>
    public LeadColumns Given(ColumnEvidence evidence)
    {
        var roles = Roles.ToArray();
        List<int> states = [];
        for (var at = 0; at < roles.Length; at++)
        {
            var isState = IsBare(at) && evidence.IsState(Names[at]);
            if (isState)
                states.Add(at);
            if (isState || (roles[at] == ColumnRole.Priority && evidence.IsInWords(Names[at])))
                roles[at] = ColumnRole.Attribute;
        }
        return new(Written, Names, roles, Numbers) { Unnamed = Unnamed, Evidence = evidence, States = states };
    }

    /// <summary>The column is the country of the telephone by a name that may mean a state.</summary>
    public bool IsBare(int at) => Roles[at] is ColumnRole.Region or ColumnRole.Country && ColumnNames.IsBareRegion(Written[at]);

    public static LeadColumns Of(IEnumerable<string> header)
    {
        var given = header.ToList();
        var written = given.ConvertAll(name => name.Trim());
        var names = written.Select((name, at) => name.Length > 0 ? name : $"column_{at + 1}").ToList();
        var roles = written.Select(ColumnNames.RoleOf).ToArray();
        // Of these a row has one: the first column counts, and the others are attributes.
        foreach (var role in new[] { ColumnRole.Priority, ColumnRole.TimeZone, ColumnRole.ExternalId })
            Keep(roles, role, Best(role, written, roles));
        var numbers = Enumerable.Range(0, roles.Length).Where(at => roles[at] == ColumnRole.Number)
            .OrderBy(at => ColumnNames.RankOf(written[at])).ToList();
        if (numbers.Exists(at => !ColumnNames.IsWeak(written[at])))
        {
            foreach (var weak in numbers.Where(at => ColumnNames.IsWeak(written[at])))
                roles[weak] = ColumnRole.Attribute;
            numbers.RemoveAll(at => roles[at] != ColumnRole.Number);
        }
        return new LeadColumns(given, names, roles, numbers) { Unnamed = written.Count - 1 - written.FindLastIndex(name => name.Length > 0) };
    }

    /// <summary>The columns of a CSV header.</summary>
    /// <exception cref="UploadRefusedException">There is no phone column, or too many columns, or one of them twice.</exception>
    public static LeadColumns OfHeader(IReadOnlyList<string> header, int mostColumns)
    {
        var columns = Of(header);
        if (columns.Names.Count > mostColumns)
            throw new UploadRefusedException($"The first line names {columns.Names.Count} columns; at most {mostColumns} are taken.",
                new(UploadRefusedException.Header, $"{columns.Names.Count} columns", $"at most {mostColumns} columns"));
        if (!columns.HasNumber)
        {
            var found = string.Join(", ", columns.Names.Take(20).Select(name => $"'{Masked.Text(ShownText.Of(name)!)}'"));
            throw new UploadRefusedException(
                $"The first line has no column for the phone number: found {found}; expected {NumberExpected}. "
                + "The first line must name the columns.",
                new(UploadRefusedException.Header, found, NumberExpected));
        }

        if (columns.Names.GroupBy(Plain).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new UploadRefusedException(
                $"The first line names the column '{ShownText.Of(twice.First())}' more than once; expected each name once.",
                new(UploadRefusedException.Header, ShownText.Of(twice.First()), "each name once"));
        if (columns.Names.Any(name => name.Contains('\0')))
            throw new UploadRefusedException(
                "The first line holds NUL characters; expected text.", new(UploadRefusedException.Header, "NUL characters", "text"));
        return columns;
    }

    private string Before(int column) =>
        string.Join(", ", Numbers.TakeWhile(number => number != column).Select(number => $"'{ShownText.Of(Names[number])}'"));

    private static int Best(ColumnRole role, List<string> names, ColumnRole[] roles)
    {
        // Where a list has both, an id may be its own row's.
        var external = role == ColumnRole.ExternalId ? names.FindIndex(name => Plain(name) == "external_id") : -1;
        return external >= 0 ? external : Array.IndexOf(roles, role);
    }

    private static void Keep(ColumnRole[] roles, ColumnRole role, int kept)
    {
        for (var at = 0; at < roles.Length; at++)
        {
            if (roles[at] == role && at != kept)
                roles[at] = ColumnRole.Attribute;
        }
    }

    private static string Plain(string name) => name.ToLowerInvariant().Replace(' ', '_').Replace('-', '_');
}
