using System.Globalization;
using System.Text.Json.Nodes;

namespace Outdial.Simulator;

/// <summary>The filters of the bulk list. All that are given must hold; within one list any value may.</summary>
/// <param name="Ascending">By creation; descending unless <c>SortBy=DateCreated:asc</c>.</param>
/// <param name="After">The id of the last call of the page before this one.</param>
/// <param name="Before">The id of the first call of the page after this one.</param>
public sealed record CallFilter(
    IReadOnlySet<string>? Sids, IReadOnlySet<string>? To, IReadOnlySet<string>? From, IReadOnlySet<string>? PhoneNumbers,
    IReadOnlySet<string>? Statuses, string? Direction, DateTimeOffset Earliest, DateTimeOffset Latest,
    int PageSize, bool Ascending, string? After, string? Before)
{
    private const int MaxSids = 100;
    private const int MaxNumbers = 5;
    private const int DefaultPageSize = 50;
    private const int MaxPageSize = 100;
    private static readonly TimeSpan LongestRange = TimeSpan.FromDays(31);

    public static (CallFilter? Filter, string? Problem) Read(IQueryCollection query, DateTimeOffset now)
    {
        string? Text(string name) => query[name].ToString() is { Length: > 0 } text ? text : null;
        HashSet<string>? Words(string name) =>
            Text(name)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToHashSet();

        if (Words("Sid") is { Count: > MaxSids })
            return (null, "The 'Sid' parameter takes at most 100 values.");
        var numbers = new Dictionary<string, HashSet<string>?>();
        foreach (var name in (string[])["To", "From", "PhoneNumber"])
        {
            var given = Words(name);
            if (given is { Count: > MaxNumbers })
                return (null, $"The '{name}' parameter takes at most 5 values.");
            numbers[name] = given?.Select(n => Simulator.PhoneNumbers.TryRead(n, out var e164) ? e164 : n).ToHashSet();
        }
        var (earliest, latest) = (now - LongestRange, DateTimeOffset.MaxValue);
        foreach (var bound in Text("DateCreated")?.Split(';', StringSplitOptions.RemoveEmptyEntries) ?? [])
        {
            if (bound.Length < 4 || !IndianTime.TryParse(bound[4..], out var instant) || bound[..4] is not ("gte:" or "lte:"))
                return (null, "The 'DateCreated' parameter must be like gte:2019-12-03 00:00:00;lte:2019-12-04 00:00:00.");
            if (bound[0] == 'g')
                earliest = instant;
            else
                latest = instant.AddSeconds(1).AddTicks(-1);   // a call of that very second is within
        }
        if (latest != DateTimeOffset.MaxValue && latest - earliest > LongestRange + TimeSpan.FromSeconds(1))
            return (null, "The 'DateCreated' parameter spans more than one month.");
        var size = DefaultPageSize;
        if (Text("PageSize") is { } pageSize
            && (!int.TryParse(pageSize, NumberStyles.None, CultureInfo.InvariantCulture, out size) || size is < 1 or > MaxPageSize))
            return (null, "The 'PageSize' parameter must be from 1 to 100.");
        if (Text("SortBy") is not (null or "DateCreated:asc" or "DateCreated:desc"))
            return (null, "The 'SortBy' parameter must be DateCreated:asc or DateCreated:desc.");
        return (new CallFilter(
            Words("Sid"), numbers["To"], numbers["From"], numbers["PhoneNumber"], Words("Status"), Text("Direction"), earliest, latest,
            size, Text("SortBy") == "DateCreated:asc", Text("After"), Text("Before")), null);
    }

    public bool Matches(SimulatedCall call, CallDocuments documents)
    {
        // The records know seconds only, and so must the comparison.
        var created = call.CreatedAt.AddTicks(-(call.CreatedAt.Ticks % TimeSpan.TicksPerSecond));
        return created >= Earliest && created <= Latest
            && (Sids is null || Sids.Contains(call.Sid))
            && (From is null || From.Contains(call.Request.From))
            && (To is null || To.Contains(call.Request.To ?? call.CallerId.Number))
            && (PhoneNumbers is null || PhoneNumbers.Contains(call.CallerId.Number))
            && (Direction is null || Direction == call.Direction)
            && (Statuses is null || Statuses.Contains(documents.Row(call)["Status"]!.ToString()));
    }

    /// <summary>One page with its metadata; the cursors are ids of calls.</summary>
    public JsonObject Page(IReadOnlyList<SimulatedCall> matches, HttpRequest request, CallDocuments documents)
    {
        var sorted = (Ascending ? matches.OrderBy(c => c.CreatedAt) : matches.OrderByDescending(c => c.CreatedAt)).ToList();
        var start = After is not null ? sorted.FindIndex(c => c.Sid == After) + 1
            : Before is not null ? Math.Max(0, sorted.FindIndex(c => c.Sid == Before) - PageSize)
            : 0;
        var page = sorted.Skip(start).Take(PageSize).ToList();
        return new JsonObject
        {
            ["Metadata"] = new JsonObject
            {
                ["Total"] = matches.Count,
                ["PageSize"] = PageSize,
                ["FirstPageUri"] = Uri(request, null, null),
                ["PrevPageUri"] = start > 0 && page.Count > 0 ? Uri(request, "Before", page[0].Sid) : null,
                ["NextPageUri"] = start + page.Count < sorted.Count ? Uri(request, "After", page[^1].Sid) : null,
            },
            ["Calls"] = new JsonArray([.. page.Select(c => (JsonNode)documents.Row(c))]),
        };
    }

    private static string Uri(HttpRequest request, string? cursor, string? value)
    {
        var query = request.Query.Where(q => q.Key is not ("After" or "Before"))
            .Select(q => KeyValuePair.Create(q.Key, (string?)q.Value.ToString()))
            .Concat(cursor is null ? [] : [KeyValuePair.Create(cursor, value)]);
        return request.Path + QueryString.Create(query);
    }
}
