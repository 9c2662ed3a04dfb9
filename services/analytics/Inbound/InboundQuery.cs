using Microsoft.Extensions.Options;
using Npgsql;
using Outdial.Analytics.Data;
using Outdial.Platform;

namespace Outdial.Analytics.Inbound;

/// <summary>Adds up inbound calls, of one campaign or of a stretch of time.</summary>
internal sealed class InboundQuery(ServiceDatabase<AnalyticsDbContext> database, IOptions<InboundOptions> options, TimeProvider clock)
{
    private const string Sums = """
        count(*), count(*) filter (where outcome = 'Completed'),
        count(*) filter (where outcome = 'Completed' and connected_at - started_at <= $1),
        count(*) filter (where outcome = 'Missed'), count(*) filter (where outcome = 'Voicemail'),
        coalesce(sum(talk_time), interval '0'),
        date_trunc('milliseconds', avg(greatest(connected_at - started_at, interval '0')) filter (where outcome = 'Completed')),
        count(*) filter (where outcome = 'Unidentified'), count(*) filter (where outcome = 'Fallback')
        """;

    /// <param name="to">Calls that began then are not counted any more.</param>
    public async Task<InboundReport> OfTimeAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);
        await using var command = new NpgsqlCommand(
            $"select did, {Sums} from inbound_calls where started_at >= $2 and started_at < $3 group by grouping sets ((), (did)) order by did", connection)
        {
            Parameters =
                { new() { Value = options.Value.AnswerWithin }, new() { Value = from.ToUniversalTime() }, new() { Value = to.ToUniversalTime() } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var (numbers, totals) = (new List<InboundOfNumber>(), (InboundSums?)null);
        while (await reader.ReadAsync(cancel))
        {
            var sums = Read(new(reader, 1));
            if (reader.IsDBNull(0))
                totals = sums;
            else
                numbers.Add(OfNumber(reader.GetString(0), sums));
        }
        return new InboundReport
        {
            From = from,
            To = to,
            AsOf = clock.GetUtcNow(),
            AnswerWithin = options.Value.AnswerWithin,
            Totals = totals!,
            Numbers = numbers,
        };
    }

    /// <returns>Null when nobody called for this campaign.</returns>
    internal async Task<InboundSums?> OfCampaignAsync(NpgsqlConnection connection, Guid campaignId, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand($"select {Sums} from inbound_calls where campaign_id = $2", connection)
        {
            Parameters = { new() { Value = options.Value.AnswerWithin }, new() { Value = campaignId } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        var sums = Read(new(reader));
        return sums.Calls == 0 ? null : sums;
    }

    private static InboundSums Read(RowCursor row) => new()
    {
        Calls = row.Count(),
        Answered = row.Count(),
        AnsweredInTime = row.Count(),
        Missed = row.Count(),
        Voicemail = row.Count(),
        TalkTime = row.Time(),
        AverageWait = row.TimeOrNull(),
        Unidentified = row.Count(),
        Fallback = row.Count(),
    };

    private static InboundOfNumber OfNumber(string did, InboundSums sums) => new()
    {
        Did = did,
        Calls = sums.Calls,
        Answered = sums.Answered,
        AnsweredInTime = sums.AnsweredInTime,
        Missed = sums.Missed,
        Voicemail = sums.Voicemail,
        TalkTime = sums.TalkTime,
        AverageWait = sums.AverageWait,
        Unidentified = sums.Unidentified,
        Fallback = sums.Fallback,
    };
}
