using Npgsql;

namespace Outdial.Analytics.Campaigns;

internal static class CampaignEventsQuery
{
    /// <summary>What happened to a campaign, in the order in which it happened.</summary>
    public static async Task<IReadOnlyList<CampaignEvent>> RunAsync(NpgsqlConnection connection, Guid campaignId, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("""
            select event_id, kind, reason, explanation, automatic, occurred_at
            from campaign_events where campaign_id = $1 order by occurred_at, event_id
            """, connection) { Parameters = { new() { Value = campaignId } } };
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var events = new List<CampaignEvent>();
        while (await reader.ReadAsync(cancel))
            events.Add(new CampaignEvent
            {
                EventId = reader.GetGuid(0),
                CampaignId = campaignId,
                Kind = reader.GetString(1),
                Reason = reader.IsDBNull(2) ? null : reader.GetString(2),
                Explanation = reader.IsDBNull(3) ? null : reader.GetString(3),
                Automatic = reader.GetBoolean(4),
                OccurredAt = reader.GetFieldValue<DateTimeOffset>(5),
            });
        return events;
    }

    public static async Task<string?> NameAsync(NpgsqlConnection connection, Guid campaignId, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("select name from campaigns where campaign_id = $1", connection)
        {
            Parameters = { new() { Value = campaignId } },
        };
        return await command.ExecuteScalarAsync(cancel) as string;
    }
}
