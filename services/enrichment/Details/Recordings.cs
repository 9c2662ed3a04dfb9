using System.Collections.Concurrent;
using Npgsql;
using Outdial.Enrichment.Data;
using Outdial.Platform;

namespace Outdial.Enrichment.Details;

/// <summary>
/// Whether a conversation of an account has a recording to wait for: where none of the last had one, its flows record nothing, and each further
/// reading would be a request in vain. Now and then one is waited for all the same, because flows are changed.
/// </summary>
internal sealed class Recordings(ServiceDatabase<EnrichmentDbContext> database, TimeProvider clock)
{
    /// <summary>So many conversations without a recording are no chance.</summary>
    private const int Enough = 50;

    /// <summary>One of so many is waited for whatever the others had.</summary>
    private const int OneOf = 20;

    private static readonly TimeSpan KnownFor = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, (DateTimeOffset At, bool Made)> _made = new();

    public async Task<bool> IsExpectedAsync(DetailRequest request, CancellationToken cancel) =>
        !request.RecordingKnown && (request.AttemptId.ToByteArray()[^1] % OneOf == 0 || await AreMadeAsync(request.Account, cancel));

    private async Task<bool> AreMadeAsync(string account, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (_made.TryGetValue(account, out var known) && now - known.At is { } age && age >= TimeSpan.Zero && age < KnownFor)
            return known.Made;
        await using var connection = await database.OpenAsync(cancel);
        await using var command = new NpgsqlCommand("""
            select count(*) < $2 or bool_or(recorded) from (
              select recorded from detail_requests where account = $1 and talked and done_at is not null order by done_at desc limit $2) lately
            """, connection) { Parameters = { new() { Value = account }, new() { Value = Enough } } };
        var made = await command.ExecuteScalarAsync(cancel) is true;
        _made[account] = (now, made);
        return made;
    }
}
