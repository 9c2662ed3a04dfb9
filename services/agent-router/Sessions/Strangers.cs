using Outdial.AgentRouter.Data;
using Outdial.AgentRouter.Telemetry;

namespace Outdial.AgentRouter.Sessions;

/// <summary>
/// Tells of calls that claim to be an agent's line and are not: counted each time, and written to the log and to the audit once a minute for each
/// line, so that a flood fills neither.
/// </summary>
internal sealed class Strangers(RouterDbContext db, RouterMetrics metrics, TimeProvider clock, ILogger<Strangers> log)
{
    private static readonly TimeSpan ToldAgainAfter = TimeSpan.FromMinutes(1);

    /// <summary>Counts one that is not told again.</summary>
    public void Count(string claimed) => metrics.Stranger(claimed);

    /// <summary>Whether it was told a moment ago, so that it is only counted.</summary>
    public bool IsTold(DateTimeOffset? at) => at + ToldAgainAfter > clock.GetUtcNow();

    /// <param name="session">Under its row lock; the caller saves.</param>
    /// <param name="claimed">For the metrics.</param>
    /// <param name="how">What was tried, in words without personal data.</param>
    public void Tell(Session session, string claimed, string how)
    {
        Count(claimed);
        if (IsTold(session.StrangerAt))
            return;
        var now = clock.GetUtcNow();
        session.StrangerAt = now;
        log.StrangeLine(session.Id, how);
        db.Audit.Add(new()
        {
            At = now,
            Who = "platform",
            Action = "stranger",
            AgentId = session.AgentId,
            SessionId = session.Id,
            FromState = session.State,
            Reason = how,
        });
    }
}
