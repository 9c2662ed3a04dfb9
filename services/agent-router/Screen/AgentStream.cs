using System.Data;
using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Outdial.AgentRouter.Agents;
using Outdial.AgentRouter.Calls;
using Outdial.AgentRouter.Data;
using Outdial.AgentRouter.Sessions;
using Outdial.Contracts;
using Outdial.Platform;

namespace Outdial.AgentRouter.Screen;

/// <summary>One event of an agent's stream.</summary>
/// <param name="Sequence">Also the event's id; rises by one with each.</param>
/// <param name="Kind">One of <see cref="AgentEventKinds"/>.</param>
internal sealed record StreamedEvent(long Sequence, DateTimeOffset At, string Kind, JsonElement Body);

/// <summary>All there is to know right now.</summary>
/// <param name="Session">Null: signed out.</param>
/// <param name="Lead">The lead at hand; null: none.</param>
/// <param name="Call">What the lead's call came to so far; null: nothing yet.</param>
/// <param name="Disposition">What was said of it already; null: nothing.</param>
internal sealed record AgentSnapshot(SessionView? Session, LeadScreen? Lead, CallStep? Call, DispositionRow? Disposition);

/// <summary>
/// What the agent's screen shows, as it happens (server-sent events): a snapshot, then every change with its number. A reader who comes
/// back with Last-Event-ID, to whichever replica, misses nothing.
/// </summary>
internal static class AgentStream
{
    private const int AtOnce = 200;

    public static void MapAgentStream(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/agents/{id:guid}/stream", Stream).WithName("StreamAgent").WithTags("Agents")
            .ProducesEvents<StreamedEvent>()
            .RequireAuthorization(policy => policy.RequireRole(ApiRoles.Agent, ApiRoles.Supervisor, ApiRoles.Admin))
            .WithSummary("Live events of one agent (text/event-stream): a snapshot, then changes; go on with the header Last-Event-ID");

    private static async Task<IResult> Stream(
        Guid id, HttpRequest http, RouterDbContext db, IServiceScopeFactory scopes, IOptions<RouterOptions> options, TimeProvider clock,
        IHostApplicationLifetime lifetime, CancellationToken cancel)
    {
        if (!await db.Agents.AnyAsync(a => a.Id == id, cancel))
            return ApiProblem.NotFound("agent", id);
        long? after = null;
        if (http.Headers["Last-Event-ID"].ToString() is { Length: > 0 } text)
        {
            if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                return ApiProblem.Invalid("Last-Event-ID", text, "the id of an event of this stream");
            after = number;
        }
        var events = Read(id, after, scopes, options.Value.StreamInterval, clock, lifetime.ApplicationStopping, cancel);
        return new EventStreamResult<StreamedEvent>(events, TimeProvider.System, id);
    }

    private static async IAsyncEnumerable<SseItem<StreamedEvent>> Read(
        Guid agent, long? after, IServiceScopeFactory scopes, TimeSpan interval, TimeProvider clock, CancellationToken stopping,
        [EnumeratorCancellation] CancellationToken cancel)
    {
        // Real time: how often a screen is refreshed has nothing to do with the speed of the platform's clock.
        using var timer = new PeriodicTimer(interval, TimeProvider.System);
        if (after is null || !await CanResume(agent, after.Value, scopes, cancel))
        {
            var (sequence, snapshot) = await Snapshot(agent, scopes, cancel);
            after = sequence;
            yield return Item(
                new(sequence, clock.GetUtcNow(), AgentEventKinds.Snapshot, JsonSerializer.SerializeToElement(snapshot, JsonSerializerOptions.Web)));
        }
        var last = after.Value;
        do
        {
            List<AgentEvent> events;
            do
            {
                events = await Next(agent, last, scopes, cancel);
                foreach (var happened in events)
                {
                    last = happened.Sequence;
                    yield return Item(new(last, happened.At, happened.Kind, JsonElement.Parse(happened.Body)));
                }
            }
            while (events.Count == AtOnce);
        }
        while (await timer.NextLookAsync(stopping, cancel));
    }

    private static SseItem<StreamedEvent> Item(StreamedEvent happened) =>
        new(happened, happened.Kind) { EventId = happened.Sequence.ToString(CultureInfo.InvariantCulture) };

    /// <summary>Numbers are drawn under the agent's row lock, so they are committed in their order: no gap closes behind a reader.</summary>
    private static async Task<List<AgentEvent>> Next(Guid agent, long after, IServiceScopeFactory scopes, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<RouterDbContext>();
        return await db.AgentEvents.AsNoTracking().Where(e => e.AgentId == agent && e.Sequence > after).OrderBy(e => e.Sequence).Take(AtOnce)
            .ToListAsync(cancel);
    }

    /// <summary>False when the number is not of this stream, or what followed it was removed meanwhile.</summary>
    private static async Task<bool> CanResume(Guid agent, long after, IServiceScopeFactory scopes, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<RouterDbContext>();
        var newest = await db.Agents.Where(a => a.Id == agent).Select(a => a.Events).SingleAsync(cancel);
        return after == newest || (after < newest && await db.AgentEvents.AnyAsync(e => e.AgentId == agent && e.Sequence == after + 1, cancel));
    }

    private static async Task<(long Sequence, AgentSnapshot Snapshot)> Snapshot(Guid agent, IServiceScopeFactory scopes, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<RouterDbContext>();
        // One look at everything: what the number covers is in the snapshot, what is not follows it.
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);
        var sequence = await db.Agents.Where(a => a.Id == agent).Select(a => a.Events).SingleAsync(cancel);
        var session = await db.Sessions.AsNoTracking().SingleOrDefaultAsync(s => s.AgentId == agent && s.State != AgentStates.Ended, cancel);
        if (session?.AttemptId is not { } attempt || await scope.ServiceProvider.GetRequiredService<AllCalls>().Find(attempt, cancel) is not { } talk)
            return (sequence, new(session is null ? null : SessionView.Of(session), null, null, null));

        var campaign = await db.Campaigns.AsNoTracking().SingleOrDefaultAsync(c => c.Id == talk.CampaignId, cancel);
        var said = await db.Dispositions.AsNoTracking().SingleOrDefaultAsync(d => d.AttemptId == attempt, cancel);
        var call = await db.AgentEvents.AsNoTracking().Where(e => e.AgentId == agent && e.Kind == AgentEventKinds.Call && e.At >= session.StartedAt)
            .OrderByDescending(e => e.Sequence).Select(e => e.Body).FirstOrDefaultAsync(cancel);
        var step = call is null ? null : JsonSerializer.Deserialize<CallStep>(call, JsonSerializerOptions.Web);
        return (sequence, new(SessionView.Of(session), LeadScreen.Of(talk.CampaignId, campaign, talk.Lead, session.State == AgentStates.Previewing),
            step?.AttemptId == attempt ? step : null, said));
    }
}
