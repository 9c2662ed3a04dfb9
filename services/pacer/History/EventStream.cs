using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Outdial.Pacer.Data;
using Outdial.Platform;

namespace Outdial.Pacer.History;

/// <summary>
/// Everything that happens, as it happens (server-sent events). Each event's id is its place in the trail, so that a reader who
/// comes back with Last-Event-ID, to whichever replica, misses nothing.
/// </summary>
internal static class EventStream
{
    private const int AtOnce = 500;

    public static void MapEventStream(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/events", Stream).WithName("StreamEvents").WithTags("Events").RequireAuthorization(ApiPolicies.Read)
            .ProducesEvents<TrailEntry>()
            .WithSummary("Live events (text/event-stream); filter with campaign=, go on with the header Last-Event-ID");

    private static async Task<IResult> Stream(Guid? campaign, HttpRequest http, PacerDbContext db, IServiceScopeFactory scopes,
        IHostApplicationLifetime lifetime, CancellationToken cancel)
    {
        if (campaign is { } one && !await db.Campaigns.AnyAsync(each => each.CorrelationId == one, cancel))
            return ApiProblem.NotFound("campaign", one);
        long? after = null;
        if (http.Headers["Last-Event-ID"].ToString() is { Length: > 0 } text)
        {
            if (!long.TryParse(text, out var id))
                return ApiProblem.Invalid("Last-Event-ID", text, "the id of an event of this stream");
            after = id;
        }

        return new EventStreamResult<TrailEntry>(Read(after, campaign, scopes, lifetime.ApplicationStopping, cancel), TimeProvider.System);
    }

    private static async IAsyncEnumerable<SseItem<TrailEntry>> Read(
        long? after, Guid? campaign, IServiceScopeFactory scopes, CancellationToken stopping, [EnumeratorCancellation] CancellationToken cancel)
    {
        // Real time: how often a screen is refreshed has nothing to do with the speed of the platform's clock.
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500), TimeProvider.System);
        var last = after ?? await Newest(scopes, cancel);
        do
        {
            List<TrailEntry> entries;
            do
            {
                entries = await Next(last, campaign, scopes, cancel);
                foreach (var entry in entries)
                {
                    last = entry.Id;
                    yield return new(entry, entry.Kind) { EventId = entry.Id.ToString(System.Globalization.CultureInfo.InvariantCulture) };
                }
            }
            while (entries.Count == AtOnce);
        }
        while (await timer.NextLookAsync(stopping, cancel));
    }

    private static async Task<long> Newest(IServiceScopeFactory scopes, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PacerDbContext>();
        return await db.Trail.MaxAsync(t => (long?)t.Id, cancel) ?? 0;
    }

    /// <summary>Stops before the oldest transaction still under way: its rows may have lower ids and are not to be jumped over.</summary>
    private static async Task<List<TrailEntry>> Next(long after, Guid? campaign, IServiceScopeFactory scopes, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PacerDbContext>();
        return await db.Trail.FromSql(
            $"""
            select * from trail where id > {after} and xid < pg_snapshot_xmin(pg_current_snapshot())
              and ({campaign}::uuid is null or campaign_id = {campaign}) order by id limit {AtOnce}
            """).AsNoTracking().ToListAsync(cancel);
    }
}
