using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Outdial.Pacer.CallingHours;

/// <summary>A calling window as people write it.</summary>
/// <param name="From">Local time, <c>09:00</c>.</param>
/// <param name="To">Local time; <c>24:00</c> is the end of the day; earlier than <paramref name="From"/>: over midnight.</param>
/// <param name="Days"><c>Mon</c> … <c>Sun</c>, the days on which the window starts; left out: every day.</param>
/// <param name="Holidays">Dates without calls, <c>2026-01-26</c>.</param>
internal sealed record CallingWindowForm(
    [property: Required] string? From = null, [property: Required] string? To = null, IReadOnlyList<string>? Days = null,
    IReadOnlyList<string>? Holidays = null)
{
    private static readonly string[] TimeFormats = ["HH:mm", "HH:mm:ss", "H:mm"];
    private static readonly DayOfWeek[] EveryDay = Enum.GetValues<DayOfWeek>();

    /// <summary>Reads the form.</summary>
    /// <param name="window">The window; null when false is returned.</param>
    /// <param name="problems">All that is wrong; empty when true is returned.</param>
    public bool TryRead([NotNullWhen(true)] out CallingWindow? window, out IReadOnlyList<CallingWindowProblem> problems)
    {
        List<CallingWindowProblem> wrong = [];
        var days = EveryDay.AsEnumerable();
        List<DateOnly> holidays = [];
        var begins = TryTime(From, endOfDay: false, out var from);
        if (!begins)
            wrong.Add(new("from", From, "a time of day, such as 09:00"));
        if (!TryTime(To, endOfDay: true, out var to))
            wrong.Add(new("to", To, "a time of day, such as 21:00, or 24:00 for the end of the day"));
        else if (begins && from == to && !(from == TimeOnly.MinValue && IsEndOfDay(To)))
            wrong.Add(new("to", To, "another time than from, because this window is empty; for the whole day write from 00:00 to 24:00"));
        if (Days is not null && !TryDays(Days, out days, out var day))
            wrong.Add(new("days", day, "at least one of Mon, Tue, Wed, Thu, Fri, Sat, Sun; left out, every day is meant"));
        if (!TryHolidays(Holidays ?? [], holidays, out var date))
            wrong.Add(new("holidays", date, "dates such as 2026-01-26"));
        problems = wrong;
        window = wrong.Count == 0 ? new CallingWindow(from, to, days, holidays) : null;
        return window is not null;
    }

    /// <summary>The form that reads as this window.</summary>
    public static CallingWindowForm Of(CallingWindow window) => new(
        Time(window.From),
        window.To == TimeOnly.MinValue ? "24:00" : Time(window.To),
        [.. window.Days.Select(day => day.ToString()[..3])],
        window.Holidays.Count == 0 ? null : [.. window.Holidays.Select(day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))]);

    public override string ToString() =>
        $"{From}–{To} on {string.Join(' ', Days ?? [])}{(Holidays is null ? "" : $" except {string.Join(' ', Holidays)}")}";

    private static string Time(TimeOnly time) =>
        time.ToString(time.Second == 0 ? "HH:mm" : "HH:mm:ss", CultureInfo.InvariantCulture);

    private static bool IsEndOfDay(string? text) => text?.Trim() is "24:00" or "24:00:00";

    private static bool TryTime(string? text, bool endOfDay, out TimeOnly time)
    {
        time = TimeOnly.MinValue;
        return (endOfDay && IsEndOfDay(text))
            || TimeOnly.TryParseExact(text?.Trim(), TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out time);
    }

    private static bool TryDays(IReadOnlyList<string> texts, out IEnumerable<DayOfWeek> days, out string? wrong)
    {
        var found = texts.Select(text => EveryDay.Cast<DayOfWeek?>().FirstOrDefault(day => Names(text, day.ToString()!))).ToList();
        var at = found.IndexOf(null);
        days = found.OfType<DayOfWeek>();
        wrong = at >= 0 ? texts[at] : "[]";
        return at < 0 && found.Count > 0;
    }

    private static bool Names(string? text, string day) =>
        day.Equals(text?.Trim(), StringComparison.OrdinalIgnoreCase) || day[..3].Equals(text?.Trim(), StringComparison.OrdinalIgnoreCase);

    private static bool TryHolidays(IReadOnlyList<string> texts, List<DateOnly> holidays, out string? wrong)
    {
        foreach (var text in texts)
        {
            wrong = text;
            if (!DateOnly.TryParseExact(text?.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
                return false;
            holidays.Add(date);
        }
        wrong = null;
        return true;
    }
}

/// <summary>What is wrong with a window, for the person who wrote it.</summary>
/// <param name="Field"><c>from</c>, <c>to</c>, <c>days</c> or <c>holidays</c>.</param>
internal sealed record CallingWindowProblem(string Field, string? Value, string Expected)
{
    public override string ToString() => $"The calling window's {Field} is {(Value is null ? "missing" : $"'{Value}'")}: {Expected}.";
}

/// <summary>Stores and shows a window in the form in which people write it.</summary>
internal sealed class CallingWindowJson : JsonConverter<CallingWindow>
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public override CallingWindow? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var form = JsonSerializer.Deserialize<CallingWindowForm>(ref reader, Web);
        if (form is null)
            return null;
        return form.TryRead(out var window, out var problems) ? window : throw new JsonException(string.Join(' ', problems));
    }

    public override void Write(Utf8JsonWriter writer, CallingWindow value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, CallingWindowForm.Of(value), Web);
}
