using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Outdial.Pacer.CallingHours;
using Outdial.Pacer.Leads.Import;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.Pacer.Leads;

/// <summary>One person to reach, as a program adds it.</summary>
internal sealed record LeadRequest
{
    /// <summary>
    /// The number to call: E.164, or as it is written in <see cref="Region"/>, else in the campaign's country. Text, or a whole number.
    /// </summary>
    public required string Phone { get; init; }

    /// <summary>The country of the number, as ISO 3166 writes it, by its English name or by its calling code; not needed with <c>+</c>.</summary>
    public string? Region { get; init; }

    /// <summary>Higher is dialed first; from -1000 to 1000, 0 when left out.</summary>
    public int? Priority { get; init; }

    /// <summary>The IANA zone in which the person lives, such as <c>Asia/Kolkata</c>; left out, all zones of the number are minded.</summary>
    public string? TimeZone { get; init; }

    /// <summary>The caller's own name for it, at most 200 characters.</summary>
    public string? ExternalId { get; init; }

    /// <summary>Texts, numbers, true or false by name; at most 100, and 4 KiB of JSON (<c>Imports:MaxAttributeBytes</c>).</summary>
    public IReadOnlyDictionary<string, JsonElement>? Attributes { get; init; }

    /// <summary>Not to be called before; left out: as soon as its turn comes.</summary>
    public DateTimeOffset? DueAt { get; init; }
}

/// <summary>A lead that is to be written.</summary>
internal sealed record NewLead
{
    public required Guid Id { get; init; }

    /// <summary>E.164.</summary>
    public required string Number { get; init; }

    public required int Priority { get; init; }
    public required string TimeZone { get; init; }
    public required string OwnZone { get; init; }
    public required string? ExternalId { get; init; }
    public required string Attributes { get; init; }
    public required DateTimeOffset DueAt { get; init; }
    public required string Reason { get; init; }
    public required string? ReasonText { get; init; }
}

/// <summary>What a program says of one lead in JSON, judged value by value: each lead by itself, with all that is wrong with it. Pure.</summary>
/// <param name="region">Where a number is read without its country's code; null: nowhere.</param>
internal sealed class LeadJson(string? region, CallingWindow window, DateTimeOffset? endsAt, ImportLimits limits, string by, DateTimeOffset now)
{
    private const int MostAttributes = 100;
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly string[] OfLead = ["phone", "region", "priority", "timeZone", "externalId", "attributes", "dueAt"];
    private static readonly string[] OfChange = ["priority", "externalId", "attributes", "dueAt"];

    private readonly List<FieldProblem> _wrong = [];

    /// <returns>The lead, or what is wrong with it.</returns>
    public (NewLead? Lead, IReadOnlyList<FieldProblem> Wrong) Read(JsonElement item)
    {
        _wrong.Clear();
        if (Fields(item, OfLead) is not { } fields)
            return (null, [.. _wrong]);
        var number = Number(fields);
        var priority = Priority(fields) ?? 0;
        var (zones, own, isOpen) = TimeZone(fields, number);
        var externalId = ExternalId(fields);
        var attributes = Attributes(fields, "{}");
        var due = DueAt(fields) ?? now;
        if (_wrong.Count > 0)
            return (null, [.. _wrong]);
        var (reason, text) = due > now ? (LeadReasons.NotBefore, NotBefore(due))
            : !isOpen ? (LeadReasons.ZoneUnknown, LeadReasons.ZoneUnknownText(zones!)) : (LeadReasons.InQueue, (string?)null);
        return (new NewLead
        {
            Id = Guid.CreateVersion7(now),
            Number = number!,
            Priority = priority,
            TimeZone = zones!,
            OwnZone = own,
            ExternalId = externalId,
            Attributes = attributes,
            DueAt = due,
            Reason = reason,
            ReasonText = text,
        }, []);
    }

    /// <summary>What is to be changed of a lead; what was left out stays as it was.</summary>
    public (LeadChange? Change, IReadOnlyList<FieldProblem> Wrong) ReadChange(JsonElement item, string attributes)
    {
        _wrong.Clear();
        if (Fields(item, OfChange) is not { } fields)
            return (null, [.. _wrong]);
        if (fields.Count == 0 && _wrong.Count == 0)
            _wrong.Add(new("body", "{}", $"at least one of {string.Join(", ", OfChange)}"));
        var change = new LeadChange
        {
            Priority = fields.ContainsKey("priority") ? Priority(fields) ?? 0 : null,
            ExternalId = fields.ContainsKey("externalId") ? (true, ExternalId(fields)) : default,
            Attributes = fields.ContainsKey("attributes") ? Attributes(fields, attributes) : null,
            DueAt = fields.ContainsKey("dueAt") ? DueAt(fields) ?? now : null,
        };
        return _wrong.Count > 0 ? (null, [.. _wrong]) : (change, []);
    }

    public string NotBefore(DateTimeOffset due) => $"Not before {due.ToUniversalTime():u}, says {by}.";

    private Dictionary<string, JsonElement>? Fields(JsonElement item, string[] known)
    {
        if (item.ValueKind != JsonValueKind.Object)
        {
            Wrong("body", item, $"an object with {string.Join(", ", known)}");
            return null;
        }
        Dictionary<string, JsonElement> fields = [];
        foreach (var property in item.EnumerateObject())
        {
            if (Array.Find(known, name => name.Equals(property.Name, StringComparison.OrdinalIgnoreCase)) is not { } name)
                Wrong(ShownText.Of(property.Name)!, property.Value, NearestName.Expected(property.Name, "fields", known));
            else if (!fields.TryAdd(name, property.Value))
                Wrong(name, property.Value, "each field once");
        }
        return fields;
    }

    private string? Number(Dictionary<string, JsonElement> fields)
    {
        var where = region;
        if (Text(fields, "region", "a text") is { } said && (where = Countries.Read(said)) is null)
        {
            Wrong("region", fields["region"], Countries.Expected);
            return null;
        }
        var written = fields.GetValueOrDefault("phone") is { ValueKind: JsonValueKind.Number } digits ? digits.GetRawText()
            : Text(fields, "phone", "a text");
        if (PhoneNumber.TryParseCallee(written, where, out var e164, out var expected))
            return e164;
        if (_wrong.TrueForAll(problem => problem.Field != "phone"))
            _wrong.Add(new("phone", written is null ? null : ShownText.Of(written), expected));
        return null;
    }

    private int? Priority(Dictionary<string, JsonElement> fields)
    {
        if (!fields.TryGetValue("priority", out var said) || said.ValueKind == JsonValueKind.Null)
            return null;
        if (said.ValueKind == JsonValueKind.Number && said.TryGetInt32(out var priority)
            && priority is >= LeadRows.LowestPriority and <= LeadRows.HighestPriority)
            return priority;
        Wrong("priority", said, $"a whole number from {LeadRows.LowestPriority} to {LeadRows.HighestPriority}; higher is dialed first");
        return null;
    }

    private (string? Zones, string Own, bool IsOpen) TimeZone(Dictionary<string, JsonElement> fields, string? number)
    {
        var own = "";
        if (Text(fields, "timeZone", "a text") is { Length: > 0 } said)
        {
            if (CallingZones.TryFind(said, out var zone))
                own = zone;
            else
                Wrong("timeZone", fields["timeZone"], CallingZones.Expected);
        }
        if (number is null)
            return (null, own, true);
        var zones = CallingZones.Of(number, own);
        var isOpen = window.IsEverOpen(now, zones);
        if (own.Length > 0 && !isOpen)
        {
            Wrong("timeZone", fields["timeZone"], "a time zone that goes with the number, which may be in "
                + $"{CallingZones.Shown(CallingZones.Of(number, null))}: the campaign's hours are never there and here at once");
        }
        return (zones, own, isOpen);
    }

    private string? ExternalId(Dictionary<string, JsonElement> fields)
    {
        var said = fields.GetValueOrDefault("externalId") is { ValueKind: JsonValueKind.Number } number ? number.GetRawText()
            : Text(fields, "externalId", "a text");
        if (said is { } text && (text.Length > limits.ExternalIdLength || text.Contains('\0')))
            Wrong("externalId", fields["externalId"], $"at most {limits.ExternalIdLength} characters of text");
        return string.IsNullOrEmpty(said) ? null : said;
    }

    private DateTimeOffset? DueAt(Dictionary<string, JsonElement> fields)
    {
        if (Text(fields, "dueAt", InstantText.Expected) is not { } said)
            return null;
        if (!InstantText.TryRead(said, out var due))
            Wrong("dueAt", fields["dueAt"], InstantText.Expected);
        else if (due >= endsAt)
            Wrong("dueAt", fields["dueAt"], $"an instant before the campaign's end, {endsAt:u}");
        else
            return due > now ? due : now;
        return null;
    }

    /// <summary>What there is with what is said written over it; null takes one out, or all of them.</summary>
    private string Attributes(Dictionary<string, JsonElement> fields, string before)
    {
        var all = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(before)!;
        if (!fields.TryGetValue("attributes", out var said))
            return before;
        if (said.ValueKind == JsonValueKind.Null)
            return "{}";
        if (said.ValueKind != JsonValueKind.Object)
        {
            Wrong("attributes", said, "an object of texts, numbers, true or false by name");
            return before;
        }
        HashSet<string> names = [];
        foreach (var property in said.EnumerateObject())
        {
            var field = $"attributes.{ShownText.Of(property.Name)}";
            if (!names.Add(property.Name))
            {
                Wrong(field, property.Value, "each name once");
                continue;
            }
            if (property.Name.Length == 0 || property.Name.Contains('\0') || property.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array
                || (property.Value.ValueKind == JsonValueKind.String && property.Value.GetString()!.Contains('\0')))
                Wrong(field, property.Value, "a text without NUL characters, a number, true or false");
            else if (property.Value.ValueKind == JsonValueKind.Null)
                all.Remove(property.Name);
            else
                all[property.Name] = property.Value;
        }
        if (all.Count > MostAttributes)
            _wrong.Add(new("attributes", $"{all.Count} of them", $"at most {MostAttributes}"));
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Readable))
        {
            json.WriteStartObject();
            foreach (var (name, value) in all)
            {
                json.WritePropertyName(name);
                // A number that the database might not hold is kept as text, as that of an upload is.
                if (value.ValueKind == JsonValueKind.Number && !LeadReader.IsModerate(value))
                    json.WriteStringValue(value.GetRawText());
                else
                    value.WriteTo(json);
            }
            json.WriteEndObject();
        }
        if (bytes.Length > limits.AttributeBytes)
            _wrong.Add(new("attributes", $"{bytes.Length} bytes", $"at most {limits.AttributeBytes} bytes of JSON (Imports:MaxAttributeBytes)"));
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private string? Text(Dictionary<string, JsonElement> fields, string name, string expected)
    {
        if (!fields.TryGetValue(name, out var said) || said.ValueKind == JsonValueKind.Null)
            return null;
        if (said.ValueKind == JsonValueKind.String)
            return said.GetString();
        Wrong(name, said, expected);
        return null;
    }

    private void Wrong(string field, JsonElement value, string expected) => _wrong.Add(new(
        field, ShownText.Of(value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText()), expected));
}

/// <summary>What is to be changed of a lead that waits; what is null stays as it was.</summary>
internal sealed record LeadChange
{
    public int? Priority { get; init; }
    public (bool IsSaid, string? Value) ExternalId { get; init; }

    /// <summary>All of them, as they are to be.</summary>
    public string? Attributes { get; init; }

    /// <summary>Not in the past.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>The names of the attributes that are others in the two.</summary>
    public static List<string> Differing(string before, string after)
    {
        var (old, now) = (Read(before), Read(after));
        return [.. old.Keys.Union(now.Keys).Where(name => !old.TryGetValue(name, out var value) || !now.TryGetValue(name, out var other)
            || !JsonElement.DeepEquals(value, other)).Order(StringComparer.Ordinal).Select(name => ShownText.Of(name)!)];
    }

    private static Dictionary<string, JsonElement> Read(string json) => JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(json)!;
}
