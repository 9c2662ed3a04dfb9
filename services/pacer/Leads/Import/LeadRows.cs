using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Outdial.Pacer.CallingHours;
using Outdial.Providers;

namespace Outdial.Pacer.Leads.Import;

/// <summary>One cell of a row.</summary>
/// <param name="Text">As uploaded; empty when the row says nothing.</param>
/// <param name="IsJson">The text is a JSON number, <c>true</c> or <c>false</c>, and is kept as such among the attributes.</param>
internal readonly record struct Cell(string Text, bool IsJson = false);

/// <summary>Makes of the cells of a row what it is to be, or says everything that is wrong with it.</summary>
internal interface IRowJudge
{
    ImportRow Read(long row, LeadColumns columns, IReadOnlyList<Cell> cells);
}

/// <summary>Judges the cells of a row: a lead, or everything that is wrong with it. Not thread safe.</summary>
internal sealed class LeadRows(LeadDefaults defaults, ImportLimits limits) : IRowJudge
{
    internal const int LowestPriority = -1000;
    internal const int HighestPriority = 1000;
    private const string OrClear = Countries.Expected + "; or the phone number with + and its country's code";
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ArrayBufferWriter<byte> _json = new();
    private readonly List<RowError> _errors = [];
    private readonly Dictionary<string, bool> _everOpen = [];

    public ImportRow Read(long row, LeadColumns columns, IReadOnlyList<Cell> cells)
    {
        _errors.Clear();
        var phone = NumberColumn(columns, cells);
        var number = Number(row, columns, cells, phone);
        DoNotCall(row, columns, cells);
        var priority = Priority(row, columns, cells);
        var (zone, own) = TimeZone(row, columns, cells, number);
        var externalId = ExternalId(row, columns, cells);
        var attributes = Attributes(row, columns, cells, phone);
        return _errors.Count > 0
            ? new BadRow(row, [.. _errors])
            : new GoodLead(row, number!, priority, zone!, externalId, attributes) { OwnZone = own, ZoneUnknown = !IsEverOpen(zone!) };
    }

    /// <summary>
    /// The first telephone of the row that has a digit in it: what is written where there is none ("n/a", "-") is no number. -1: there is
    /// no such column.
    /// </summary>
    private static int NumberColumn(LeadColumns columns, IReadOnlyList<Cell> cells)
    {
        var written = columns.Numbers.Where(at => at < cells.Count && !string.IsNullOrWhiteSpace(cells[at].Text)).ToList();
        return written.Where(at => cells[at].Text.Any(char.IsDigit)).Concat(written).Concat(columns.Numbers).FirstOrDefault(-1);
    }

    private string? Number(long row, LeadColumns columns, IReadOnlyList<Cell> cells, int at)
    {
        if (Where(row, columns, cells) is not { } where)
            return null;
        var (field, text) = at < 0 ? ("phone", "") : (columns.Names[at], at < cells.Count ? One(cells[at].Text.Trim()) : "");
        if (WithAreaCode(columns, cells, text, where) is not var (dialed, column))
            return null;
        if (dialed is null)
        {
            Wrong(row, field, text, $"the number with its area code: with that of the column '{column}' before it, it is no valid one");
            return null;
        }
        var known = where.Regions.TryParseCallee(dialed, out var e164, out var expected);
        // The country of an address is a help where it helps; where it cannot be the number's the campaign's own is left.
        if (!known && where.Hints && where.Regions.Readings(dialed).Count == 0)
            known = PhoneNumber.TryParseCallee(dialed, defaults.Region, out e164, out expected);
        if (known && where.Strict is not null && !Countries.Share(e164, where.Strict))
            (known, expected) = (false, $"a number of {where.Strict}, which the column '{where.Column}' names, or another country there");
        if (known && Doubt(dialed, e164, where) is { } doubt)
            (known, expected) = (false, doubt);
        if (known && where.Unread is var (unread, words) && !PhoneNumber.IsValid(e164))
        {
            Wrong(row, unread, words, OrClear);
            return null;
        }
        if (known)
            return e164;
        // Not taken in its place: it may be another person's, and a mistake that nobody sees is never mended.
        if (columns.Numbers.SkipWhile(other => other != at).Skip(1)
            .FirstOrDefault(other => other < cells.Count && cells[other].Text.Any(char.IsDigit), -1) is >= 0 and var next)
            expected += $"; left empty, '{columns.Names[next]}' is called";
        Wrong(row, field, text, expected);
        return null;
    }

    /// <summary>
    /// What speaks for another reading than the one that was found, in words: the country of an address, or what may be a state, is no word about
    /// the telephone. Null: nothing does.
    /// </summary>
    private string? Doubt(string text, string e164, Place where)
    {
        if (where.Rival is { } rival)   // a state that could be a country
        {
            return PhoneNumber.TryParseCallee(text, rival, out var there, out _) && there != e164
                && (PhoneNumber.IsValid(there) || !PhoneNumber.IsValid(e164))
                ? NumberRegions.ExpectedOf([(e164, PhoneNumber.Region(e164)), (there, rival)]) : null;
        }
        return where.Hints && PhoneNumber.TryParseCallee(text, defaults.Region, out var here, out _) && here != e164
            && PhoneNumber.IsValid(here) && (!PhoneNumber.IsValid(e164) || PhoneNumber.Kind(here) == "mobile")
                ? NumberRegions.ExpectedOf([(here, defaults.Region), (e164, PhoneNumber.Region(e164))]) : null;
    }

    /// <summary>
    /// A number with the area code of its column before it, where it has none; the number itself where none is told or needed. Without a number:
    /// neither makes sense.
    /// </summary>
    private (string? Dialed, string Column)? WithAreaCode(LeadColumns columns, IReadOnlyList<Cell> cells, string text, Place where)
    {
        if (Said(columns, cells, ColumnRole.AreaCode) is not [var (column, said), ..] || where.Regions.All.Count == 0
            || !text.Any(char.IsDigit) || text.TrimStart('\'', '(', ' ') is ['0' or '+' or '＋', ..] || PhoneNumber.TryParse(text, null, out _, out _))
            return (text, "");
        var area = string.Concat(said.Where(char.IsAsciiDigit));
        if (area.Length is 0 or > 6 || said.Any(char.IsLetter))
            return (text, "");
        var bare = area.TrimStart('0');
        var whole = new[] { bare + text, area + text }.SelectMany(number => where.Regions.Readings(number)).Select(reading => reading.E164)
            .Where(PhoneNumber.IsValid).Distinct().ToList();
        if (whole is [var only])
            return (only, column);
        // A whole number beside the code of another one, or of its own, which it has in it.
        var alone = where.Regions.Readings(text).Select(reading => reading.E164).Where(PhoneNumber.IsValid).ToList();
        return whole.Count == 0 && alone.Count > 0
            && (string.Concat(text.Where(char.IsAsciiDigit)).StartsWith(bare, StringComparison.Ordinal)
                || alone.TrueForAll(number => PhoneNumber.Kind(number) is "mobile" or "fixed or mobile"))
                ? (text, column) : (null, column);
    }

    /// <summary>Said of a person whose telephone may be fine, so that the row is bad and nobody is dialed.</summary>
    private void DoNotCall(long row, LeadColumns columns, IReadOnlyList<Cell> cells)
    {
        for (var at = 0; at < cells.Count && at < columns.Roles.Count; at++)
        {
            if (columns.Roles[at] == ColumnRole.DoNotCall && cells[at].Text.Trim() is { } text && text.Any(char.IsLetterOrDigit)
                && text.ToLowerInvariant() is not ("0" or "no" or "false" or "n"))
                Wrong(row, columns.Names[at], text, "nothing, 0, no, false or n: whoever is not to be called is never dialed");
        }
    }

    /// <summary>Address books put all telephones of a kind into one cell, with three colons between.</summary>
    private static string One(string text) =>
        text.Contains(":::", StringComparison.Ordinal)
            ? text.Split(":::").Select(part => part.Trim()).FirstOrDefault(part => part.Any(char.IsDigit), text) : text;

    /// <param name="Regions">Where the row's number is read.</param>
    /// <param name="Hints">They are those of addresses.</param>
    /// <param name="Strict">The country that the number must not contradict, by <paramref name="Column"/>; null: none.</param>
    /// <param name="Rival">A country that is no more than the other meaning of a state.</param>
    private sealed record Place(
        NumberRegions Regions, bool Hints = false, string? Strict = null, string Column = "", string? Rival = null)
    {
        /// <summary>What is taken for a state, and may be a country that is not understood; null: nothing is.</summary>
        public (string Column, string Text)? Unread { get; init; }
    }

    /// <summary>
    /// Where the row's number is read. By the column of the telephone itself, else by that of the person, which it then must not contradict; else by
    /// those of addresses; else as the upload says. Null: what a column says was not understood.
    /// </summary>
    private Place? Where(long row, LeadColumns columns, IReadOnlyList<Cell> cells)
    {
        var clear = IsClear(columns, cells);
        foreach (var role in new[] { ColumnRole.Region, ColumnRole.Country })
        {
            var all = Said(columns, cells, role);
            if (all is not [var (column, said), ..])
                continue;
            if (clear && all.TrueForAll(each => ColumnNames.IsBareRegion(each.Column)))   // it may be a state, and is not needed
                return new(NumberRegions.Of(all.Select(each => Country(columns, each.Column, each.Text)).Append(defaults.Region)));
            if (all.Find(other => Country(columns, other.Column, other.Text) is null) is { Column: { } unread, Text: var text })
            {
                if (role == ColumnRole.Country && clear)
                    return new(NumberRegions.None);
                Wrong(row, unread, text, (role == ColumnRole.Country ? OrClear : Countries.Expected)
                    + (ColumnEvidence.IsNumeric(text)
                        ? $"; {text} is also ISO 3166's number of a country: write +{text[1..]} where the calling code is meant" : ""));
                return null;
            }
            var region = Countries.Read(said)!;
            if (all.Find(other => !Countries.Share(Countries.Read(other.Text)!, region)) is { Column: { } against })
            {
                Wrong(row, against, all.First(other => other.Column == against).Text, $"the same country as in the column '{column}'");
                return null;
            }
            return new(NumberRegions.Of(all.Select(other => Countries.Read(other.Text))), Strict: region, Column: column);
        }
        if (Said(columns, cells, ColumnRole.AddressCountry) is not { Count: > 0 } addresses)
        {
            return clear ? new(NumberRegions.Of(defaults.Region))
                : new(NumberRegions.Of(defaults.Region), Rival: Rival(columns, cells)) { Unread = UnreadState(columns, cells) };
        }
        if (addresses.Find(address => Country(columns, address.Column, address.Text) is null) is { Column: { } unclear, Text: var words } && !clear)
        {
            Wrong(row, unclear, words, OrClear);
            return null;
        }
        return new(NumberRegions.Of(addresses.Select(address => Country(columns, address.Column, address.Text))), Hints: true);
    }

    /// <summary>A country by name or code; null also for a code that may be another country's number.</summary>
    private static string? Country(LeadColumns columns, string column, string text) =>
        ColumnEvidence.IsNumeric(text) && !columns.Evidence.HasCallingCodes(column) ? null : Countries.Read(text);

    /// <summary>What a column of states says where that is also a country, and another one than the campaign's.</summary>
    private string? Rival(LeadColumns columns, IReadOnlyList<Cell> cells) => columns.States.Where(at => at < cells.Count)
        .Select(at => Countries.Read(cells[at].Text.Trim()))
            .FirstOrDefault(country => country is not null && !Countries.Share(country, defaults.Region));

    private static (string Column, string Text)? UnreadState(LeadColumns columns, IReadOnlyList<Cell> cells) => columns.States
        .Where(at => at < cells.Count && !SaysNothing(cells[at].Text.Trim()) && Countries.Read(cells[at].Text.Trim()) is null)
        .Select(at => ((string, string)?)(columns.Names[at], cells[at].Text.Trim())).FirstOrDefault();

    /// <summary>The number has its country's code with it, so that no column is needed to read it.</summary>
    private static bool IsClear(LeadColumns columns, IReadOnlyList<Cell> cells) =>
        NumberColumn(columns, cells) is >= 0 and var at && at < cells.Count && PhoneNumber.TryParse(One(cells[at].Text.Trim()), null, out _, out _);

    /// <summary>What the columns of one kind say; those that say nothing, in words or without, left out.</summary>
    private static List<(string Column, string Text)> Said(LeadColumns columns, IReadOnlyList<Cell> cells, ColumnRole role)
    {
        List<(string Column, string Text)> said = [];
        for (var at = 0; at < cells.Count && at < columns.Roles.Count; at++)
        {
            if (columns.Roles[at] == role && cells[at].Text.Trim() is { Length: > 0 } text && !SaysNothing(text)
                && (!IsNotAvailable(text) || columns.Evidence.HasTwoLetters(columns.Names[at])))
                said.Add((columns.Names[at], text));
        }
        return said;
    }

    /// <summary>In words, or without a letter or digit.</summary>
    internal static bool SaysNothing(string text) => !text.Any(char.IsLetterOrDigit)
        || text.ToLowerInvariant() is "n/a" or "#n/a" or "null" or "none" or "unknown" or "not set";

    /// <summary>Or Namibia.</summary>
    internal static bool IsNotAvailable(string text) =>
        text.Replace(".", "", StringComparison.Ordinal).Equals("NA", StringComparison.OrdinalIgnoreCase);

    private int Priority(long row, LeadColumns columns, IReadOnlyList<Cell> cells)
    {
        var text = Cell(columns, cells, ColumnRole.Priority, out var field);
        if (text.Length == 0)
            return 0;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var priority)
            && priority is >= LowestPriority and <= HighestPriority)
            return priority;
        Wrong(row, field, text, $"a whole number from {LowestPriority} to {HighestPriority}; higher is dialed first");
        return 0;
    }

    /// <summary>All that is minded, and what the row itself names.</summary>
    private (string? Zones, string Own) TimeZone(long row, LeadColumns columns, IReadOnlyList<Cell> cells, string? number)
    {
        var own = "";
        var text = Cell(columns, cells, ColumnRole.TimeZone, out var field);
        if (text.Length > 0)
        {
            if (CallingZones.TryFind(text, out var zone))
                own = zone;
            else
                Wrong(row, field, text, CallingZones.Expected);
        }

        if (number is null)
            return (null, own);
        // The campaign's own zone is no answer: where a number tells too little, or too much, of where somebody lives, it tells nothing about it.
        var zones = CallingZones.Of(number, own);
        if (own.Length > 0 && !IsEverOpen(zones))
        {
            Wrong(row, field, text, $"a time zone that goes with the number, which may be in {CallingZones.Shown(CallingZones.Of(number, null))}: "
                + "the campaign's hours are never there and here at once");
        }
        return (zones, own);
    }

    private bool IsEverOpen(string zones)
    {
        if (!_everOpen.TryGetValue(zones, out var open))
            _everOpen[zones] = open = defaults.Window.IsEverOpen(defaults.At, zones);
        return open;
    }

    private string? ExternalId(long row, LeadColumns columns, IReadOnlyList<Cell> cells)
    {
        var text = Cell(columns, cells, ColumnRole.ExternalId, out var field);
        if (text.Length > limits.ExternalIdLength || text.Contains('\0'))
            Wrong(row, field, text, $"at most {limits.ExternalIdLength} characters of text");
        return text.Length == 0 ? null : text;
    }

    /// <param name="phone">The column of the number that was taken; the row's other numbers are attributes.</param>
    private string Attributes(long row, LeadColumns columns, IReadOnlyList<Cell> cells, int phone)
    {
        _json.ResetWrittenCount();
        using var json = new Utf8JsonWriter(_json, Readable);
        json.WriteStartObject();
        for (var at = 0; at < cells.Count && at < columns.Names.Count; at++)
        {
            var (text, isJson) = cells[at];
            if (at == phone || text.Length == 0
                || columns.Roles[at] is not (ColumnRole.Attribute or ColumnRole.Number or ColumnRole.Country or ColumnRole.AddressCountry
                    or ColumnRole.AreaCode or ColumnRole.DoNotCall))
                continue;
            if (text.Contains('\0') || columns.Names[at].Contains('\0'))
                Wrong(row, columns.Names[at], text, "text without NUL characters");
            json.WritePropertyName(columns.Names[at]);
            if (isJson)
                json.WriteRawValue(text, skipInputValidation: true);
            else
                json.WriteStringValue(text);
        }
        json.WriteEndObject();
        json.Flush();
        if (_json.WrittenCount > limits.AttributeBytes)
            Wrong(row, "attributes", null, $"at most {limits.AttributeBytes} bytes in all other columns together; found {_json.WrittenCount}");
        return Encoding.UTF8.GetString(_json.WrittenSpan);
    }

    private static string Cell(LeadColumns columns, IReadOnlyList<Cell> cells, ColumnRole role, out string field)
    {
        for (var at = 0; at < cells.Count && at < columns.Roles.Count; at++)
        {
            if (columns.Roles[at] != role)
                continue;
            field = columns.Names[at];
            return cells[at].Text.Trim();
        }
        field = "row";
        return "";
    }

    private void Wrong(long row, string field, string? value, string expected) =>
        _errors.Add(new RowError(row, ShownText.Of(field)!, string.IsNullOrEmpty(value) ? null : ShownText.Of(value), expected));
}
