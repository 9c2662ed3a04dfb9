using System.Diagnostics;

namespace Outdial.Platform;

/// <summary>
/// How a call's trace goes on. It begins with the pulse that decided upon the call; what comes of the call joins it, wherever and after whatever
/// wait, as long as a call lasts. What comes later begins a trace of its own, with a link to the call's: a trace that grew for days would be shown
/// by nobody.
/// </summary>
public static class CallTrace
{
    /// <summary>Whoever comes later than this after the call's beginning, by the platform's clock, is linked and no part.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromHours(1);

    public const string Attempt = "outdial.attempt", Campaign = "outdial.campaign", Lead = "outdial.lead", Line = "outdial.line",
        Account = "outdial.account", Decision = "outdial.decision", Kind = "outdial.kind", Outcome = "outdial.outcome", Tries = "outdial.tries",
        Calls = "outdial.calls";

    /// <summary>
    /// Begins a span that is a part of a call's trace, or linked to it. What is under way meanwhile, such as a request, is linked too.
    /// </summary>
    /// <param name="source">Of the service.</param>
    /// <param name="name">The same for all calls.</param>
    /// <param name="kind">To whom it speaks.</param>
    /// <param name="traceParent">The call's W3C trace context; null: it is not known, or not traced.</param>
    /// <param name="since">How long ago the call began.</param>
    /// <returns>Null while nobody listens.</returns>
    public static Activity? StartOf(this ActivitySource source, string name, ActivityKind kind, string? traceParent, TimeSpan since)
    {
        if (!source.HasListeners())
            return null;
        var (parent, link) = Follow(traceParent, since);
        var around = Activity.Current;
        if (parent != default)
            link = around is null || around.TraceId == parent.TraceId ? default : around.Context;
        else
            parent = around?.Context ?? default;
        return source.StartActivity(name, kind, parent, links: link == default ? null : [new ActivityLink(link)]);
    }

    /// <summary>Whose part it is, or to whom it is linked: one of the two at most. Pure.</summary>
    internal static (ActivityContext Parent, ActivityContext Link) Follow(string? traceParent, TimeSpan since) =>
        !ActivityContext.TryParse(traceParent, null, isRemote: true, out var call) ? default
        : since <= Lasts ? (call, default)
        : (default, call);

    /// <summary>Links what is under way to another call's trace, such as a second try to the first.</summary>
    /// <param name="span">Null while nobody listens.</param>
    public static void LinkTo(this Activity? span, string? traceParent)
    {
        if (span is not null && ActivityContext.TryParse(traceParent, null, isRemote: true, out var other) && other.TraceId != span.TraceId)
            span.AddLink(new ActivityLink(other));
    }

    /// <summary>The trace context to keep for whoever comes later: null while nothing is recorded.</summary>
    public static string? Here => Activity.Current is { Recorded: true } span ? span.Id : null;

    /// <summary>How long ago an id was made, and its attempt or line begun. What has no time in it (version 7) is as old as can be. Pure.</summary>
    public static TimeSpan Since(Guid id, DateTimeOffset now) =>
        id.Version == 7 && Convert.ToInt64(id.ToString("N")[..12], 16) is var made && made < now.ToUnixTimeMilliseconds()
            ? now - DateTimeOffset.FromUnixTimeMilliseconds(made)
            : id.Version == 7 ? TimeSpan.Zero : TimeSpan.MaxValue;
}
