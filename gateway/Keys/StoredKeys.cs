using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Npgsql;
using Outdial.Gateway.Data;
using Outdial.Gateway.Telemetry;
using Outdial.Platform;

namespace Outdial.Gateway.Keys;

/// <summary>
/// The key store's keys in memory, read again every few seconds, and when an unknown one is presented, so that a key made at another replica
/// works at once. While the database is away, what was read before is believed for a time. Real time for the reading, the platform's clock
/// for the ends of keys.
/// </summary>
internal sealed class StoredKeys(
    ServiceDatabase<GatewayDbContext> database, IOptions<GatewayOptions> options, TimeProvider clock, ILogger<StoredKeys> log)
    : TimedLoop("reading of the API keys", options.Value.Keys.Refresh, TimeProvider.System, log), IApiKeyStore
{
    // However many unknown keys are presented, the database is asked no more often than this.
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2), NoteUseEvery = TimeSpan.FromSeconds(15);

    private readonly SemaphoreSlim _reading = new(1, 1);
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _used = new();
    private Snapshot _known = new(FrozenDictionary<string, StoredKey>.Empty, 0);
    private long _lastTry, _lastNote;
    private bool _failing;

    /// <inheritdoc/>
    public async ValueTask<ApiKeyHolder?> FindAsync(ReadOnlyMemory<byte> hash, CancellationToken cancel)
    {
        var digest = Convert.ToHexString(hash.Span);
        if (Look(digest) is { } known)
            return known;
        await ReadAgainAsync(Least, cancel);
        return Look(digest);
    }

    /// <inheritdoc/>
    public bool IsGood(ReadOnlyMemory<byte> hash) => Look(Convert.ToHexString(hash.Span)) is not null;

    /// <summary>Reads now: a change made here holds here at once.</summary>
    public Task RefreshAsync(CancellationToken cancel) => ReadAgainAsync(TimeSpan.Zero, cancel);

    protected override bool TurnsAtStart => true;

    protected override async Task TurnAsync(CancellationToken cancel)
    {
        await ReadAgainAsync(TimeSpan.Zero, cancel);
        if (!_failing && TimeProvider.System.GetElapsedTime(_lastNote) > NoteUseEvery)
            await NoteUseAsync(cancel);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (!_failing)
            await NoteUseAsync(cancellationToken);
    }

    private ApiKeyHolder? Look(string digest)
    {
        var known = _known;
        if (!known.Keys.TryGetValue(digest, out var key) || TimeProvider.System.GetElapsedTime(known.ReadAt) > options.Value.Keys.TrustFor)
            return null;
        var now = clock.GetUtcNow();
        if (key.Until <= now)
            return null;
        _used[key.Id] = now;
        return key.Holder;
    }

    private async Task ReadAgainAsync(TimeSpan unlessWithin, CancellationToken cancel)
    {
        if (Tried(unlessWithin))
            return;
        await _reading.WaitAsync(cancel);
        try
        {
            if (Tried(unlessWithin))   // by whoever was before us
                return;
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            patience.CancelAfter(Patience);
            // A server that takes the connection and says nothing is not left at the token alone.
            var keys = await ReadAsync(patience.Token).WaitAsync(patience.Token);
            _known = new(keys, TimeProvider.System.GetTimestamp());
            if (_failing)
                Logger.KeysReadAgain(keys.Count);
            _failing = false;
        }
        catch (Exception e) when (e is NpgsqlException or SocketException or OperationCanceledException && !cancel.IsCancellationRequested)
        {
            if (!_failing)
                Logger.KeysNotRead(
                    _known.ReadAt == 0 ? TimeSpan.Zero : TimeProvider.System.GetElapsedTime(_known.ReadAt), options.Value.Keys.TrustFor, e.Message);
            _failing = true;
        }
        finally
        {
            // From its end: while the database hangs, those who waited for this reading do not each wait for one of their own.
            Volatile.Write(ref _lastTry, TimeProvider.System.GetTimestamp());
            _reading.Release();
        }
    }

    private bool Tried(TimeSpan within) =>
        within > TimeSpan.Zero && Volatile.Read(ref _lastTry) is var last && last != 0 && TimeProvider.System.GetElapsedTime(last) < within;

    private async Task<FrozenDictionary<string, StoredKey>> ReadAsync(CancellationToken cancel)
    {
        await using var read = database.Source.CreateCommand(
            """
            select s.hash, k.id, k.name, k.role, k.agent_id, least(k.expires_at, s.valid_until)
            from api_key_secrets s join api_keys k on k.id = s.key_id
            where k.revoked_at is null
            """);
        await using var rows = await read.ExecuteReaderAsync(cancel);
        var keys = new Dictionary<string, StoredKey>();
        while (await rows.ReadAsync(cancel))
        {
            var holder = new ApiKeyHolder(rows.GetString(2), rows.GetString(3), rows.IsDBNull(4) ? null : rows.GetGuid(4));
            keys[Convert.ToHexString(rows.GetFieldValue<byte[]>(0))] =
                new(rows.GetGuid(1), holder, rows.IsDBNull(5) ? null : rows.GetFieldValue<DateTimeOffset>(5));
        }
        return keys.ToFrozenDictionary();
    }

    private async Task NoteUseAsync(CancellationToken cancel)
    {
        _lastNote = TimeProvider.System.GetTimestamp();
        var used = _used.ToArray();
        if (used.Length == 0)
            return;
        try
        {
            await using var note = database.Source.CreateCommand(
                """
                update api_keys k set last_used_at = greatest(k.last_used_at, u.at)
                from unnest($1::uuid[], $2::timestamptz[]) as u (id, at) where k.id = u.id
                """);
            note.Parameters.Add(new() { Value = used.Select(use => use.Key).ToArray() });
            note.Parameters.Add(new() { Value = used.Select(use => use.Value).ToArray() });
            await note.ExecuteNonQueryAsync(cancel);
            foreach (var use in used)
                _used.TryRemove(use);   // unless it was used again meanwhile
        }
        catch (Exception e) when (e is NpgsqlException or SocketException)
        {
            Logger.KeysNotRead(TimeSpan.Zero, options.Value.Keys.TrustFor, e.Message);
        }
    }

    private sealed record StoredKey(Guid Id, ApiKeyHolder Holder, DateTimeOffset? Until);

    private sealed record Snapshot(FrozenDictionary<string, StoredKey> Keys, long ReadAt);
}
