using Outdial.AgentRouter.Data;
using Outdial.Platform;

namespace Outdial.AgentRouter.Invariants;

/// <summary>What must never be so among agents and in the hopper.</summary>
internal static class RouterInvariants
{
    public static IReadOnlyList<Invariant> All { get; } =
    [
        Rows("agent-stuck", "An agent is in a state long past its deadline.",
            "select id from sessions where state <> 'Ended' and deadline_at < @overdue"),
        Rows("silent-line", "An agent's line has not been heard of for long and is still held to be open.",
            "select id from sessions where state <> 'Ended' and line_silent_at < @overdue"),
        Rows("lead-with-two-lines", "Two lines dial the same person at once.",
            "select (array_agg(attempt_id order by attempt_id))[1] as id from hopper where state = 'Taken' and released_at is null group by number having count(*) > 1"),
        Rows("line-with-two-leads", "One line dials two leads at once.",
            """
            select session_id as id from hopper where state = 'Taken' and released_at is null and settle_at is null and session_id is not null
            group by session_id having count(*) > 1
            """),
        Rows("lead-kept-too-long", "A lead waits in the hopper though its last look is too old, and was not given back.",
            "select attempt_id as id from hopper where state in ('Waiting', 'Shown') and dial_until < @overdue"),
        Rows("dialing-never-settled", "A dialing was to be settled long ago and is not.",
            "select attempt_id as id from hopper where state = 'Taken' and settle_at < @overdue"),
        Rows("lead-of-no-agent", "A lead was given to an agent whose session is over, and nobody settles it or gives it back.",
            """
            select h.attempt_id as id from hopper h
            where h.state in ('Shown', 'Taken') and h.settle_at is null and coalesce(h.taken_at, h.shown_at) < @overdue
              and not exists (select from sessions s where s.id = h.session_id and s.state <> 'Ended')
            """),
        Rows("caller-never-settled", "A caller's call was to be settled long ago and is not.",
            "select id from inbound_calls where state <> 'Over' and deadline_at < @overdue"),
    ];

    private static Invariant Rows(string name, string description, string sql) => Invariant.Rows<RouterDbContext>(name, description, sql);
}
