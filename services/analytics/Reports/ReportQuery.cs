using System.Data;
using System.Globalization;
using Npgsql;
using Outdial.Analytics.Agents;
using Outdial.Analytics.Campaigns;
using Outdial.Analytics.Data;
using Outdial.Analytics.Inbound;
using Outdial.Analytics.Waiting;
using Outdial.Platform;

namespace Outdial.Analytics.Reports;

/// <summary>Makes a report from the rows as they are at one instant.</summary>
internal sealed class ReportQuery(ServiceDatabase<AnalyticsDbContext> database, InboundQuery inbound, TimeProvider clock)
{
    private const string Unknown = "unknown";

    /// <returns>Null when nothing is known of such a campaign.</returns>
    public async Task<CampaignReport?> RunAsync(Guid campaignId, CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);

        // One snapshot for all statements, so that the sections of a running campaign agree with each other.
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);
        var now = clock.GetUtcNow();
        var rows = await SumsQuery.RunAsync(connection, campaignId, cancel);
        var events = await CampaignEventsQuery.RunAsync(connection, campaignId, cancel);
        var totals = rows.Single(row => row.Section == "total").Sums;
        if (totals.Attempts == 0 && events.Count == 0)
            return null;

        var pauses = Pauses.Of(events, now);
        var agents = (await AgentQuery.OfCampaignAsync(connection, campaignId, now, cancel)).Totals;
        return new CampaignReport
        {
            CampaignId = campaignId,
            Name = await CampaignEventsQuery.NameAsync(connection, campaignId, cancel),
            State = StateAfter(events),
            StartedAt = events.FirstOrDefault(e => e.Kind == "Started")?.OccurredAt,
            EndedAt = EndOf(events)?.OccurredAt,
            AsOf = now,
            Totals = totals,
            Retries = RetriesOf(rows),
            Leads = await LeadsAsync(connection, campaignId, cancel),
            Outcomes = OutcomesOf(rows, totals),
            ByCircle = Groups(rows, "circle", row => row.Circle),
            ByCircleMatch = MatchGroups(rows),
            ByCallerId = Groups(rows, "callerId", row => row.CallerId),
            ByHour = Groups(rows, "hour", row => Text(row.Hour)),
            ByAttempt = Groups(rows, "attempt", row => Text(row.AttemptNumber)),
            Pauses = pauses,
            PausedTime = pauses.Aggregate(TimeSpan.Zero, (sum, pause) => sum + pause.Duration),
            Queue = await AnsweredQuery.RunAsync(connection, campaignId, cancel),
            Agents = agents.Sessions == 0 ? null : agents,
            Inbound = await inbound.OfCampaignAsync(connection, campaignId, cancel),
        };
    }

    /// <summary>Whether anything was told of such a campaign.</summary>
    public async Task<bool> KnowsAsync(Guid campaignId, CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);
        await using var command = new NpgsqlCommand("""
            select exists (select from campaign_events where campaign_id = $1) or exists (select from call_facts where campaign_id = $1)
            """, connection) { Parameters = { new() { Value = campaignId } } };
        return (bool)(await command.ExecuteScalarAsync(cancel))!;
    }

    /// <summary>The end that stands: one whose leads were put back has been paused and resumed since. Null: it is not over.</summary>
    private static CampaignEvent? EndOf(IReadOnlyList<CampaignEvent> events)
    {
        var resumed = events.LastOrDefault(e => e.Kind == "Resumed")?.OccurredAt;
        return events.FirstOrDefault(e => e.Kind is "Completed" or "Stopped" && !(e.OccurredAt < resumed));
    }

    private static string? StateAfter(IReadOnlyList<CampaignEvent> events) =>
        EndOf(events)?.Kind
        ?? (events.LastOrDefault() is { } last ? last.Kind == "Paused" ? "Paused" : "Running" : null);

    private static Retries RetriesOf(IReadOnlyList<SumsQuery.Row> rows)
    {
        var again = rows.Where(row => row is { Section: "attempt", AttemptNumber: > 1 }).ToList();
        return new Retries(again.Sum(row => row.Sums.Attempts), again.Sum(row => row.Sums.Completed));
    }

    private static IReadOnlyList<OutcomeCount> OutcomesOf(IReadOnlyList<SumsQuery.Row> rows, Sums totals) =>
    [
        .. from row in rows
           where row is { Section: "outcome", Outcome: not null }
           orderby row.Dialed descending, row.Sums.Attempts descending, row.Outcome
           select new OutcomeCount(row.Outcome!, row.Dialed == true, row.Sums.Attempts,
               Math.Round((double)row.Sums.Attempts / (totals.Attempts - totals.Open), 4, MidpointRounding.AwayFromZero)),
    ];

    private static IReadOnlyList<Group> Groups(IReadOnlyList<SumsQuery.Row> rows, string section, Func<SumsQuery.Row, string?> key) =>
    [
        .. from row in rows
           where row.Section == section
           orderby key(row) is null, row.Hour, row.AttemptNumber, key(row)
           select new Group
           {
               Key = key(row) ?? Unknown, Attempts = row.Sums.Attempts, Open = row.Sums.Open, Refused = row.Sums.Refused,
               Dialed = row.Sums.Dialed, Completed = row.Sums.Completed, TalkTime = row.Sums.TalkTime, Cost = row.Sums.Cost,
               WithoutPrice = row.Sums.WithoutPrice, TalkSeen = row.Sums.TalkSeen, TalkUnknown = row.Sums.TalkUnknown,
           },
    ];

    private static IReadOnlyList<MatchGroup> MatchGroups(IReadOnlyList<SumsQuery.Row> rows) =>
    [
        .. from row in rows
           where row.Section == "match"
           orderby row.Circle is null, row.Circle, row.Match
           select new MatchGroup
           {
               Circle = row.Circle ?? Unknown, Match = row.Match!, Attempts = row.Sums.Attempts, Open = row.Sums.Open,
               Refused = row.Sums.Refused, Dialed = row.Sums.Dialed, Completed = row.Sums.Completed, TalkTime = row.Sums.TalkTime,
               Cost = row.Sums.Cost, WithoutPrice = row.Sums.WithoutPrice, TalkSeen = row.Sums.TalkSeen, TalkUnknown = row.Sums.TalkUnknown,
           },
    ];

    private static async Task<LeadFunnel> LeadsAsync(NpgsqlConnection connection, Guid campaignId, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("""
            select count(distinct lead_id), count(distinct lead_id) filter (where dialed),
              count(distinct lead_id) filter (where answered_at is not null or outcome in ('Completed', 'MachineAnswered', 'Abandoned')),
              count(distinct lead_id) filter (where outcome = 'Completed' and dialed), count(distinct lead_id) filter (where outcome is null)
            from call_sums where campaign_id = $1
            """, connection) { Parameters = { new() { Value = campaignId } } };
        await using var reader = await command.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        return new LeadFunnel(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4));
    }

    private static string? Text(int? number) => number?.ToString(CultureInfo.InvariantCulture);
}
