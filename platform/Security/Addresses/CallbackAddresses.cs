using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Npgsql;
using Outdial.Platform.Storage;

namespace Outdial.Platform;

/// <summary>
/// The accounts' addresses of one service: made, rotated and revoked one by one (table <c>callback_addresses</c>). Which are revoked is known in
/// memory and read again every few seconds, so that no request of a provider waits for it and none is lost while the database is away; when each
/// was used last is written from time to time. A revocation holds here at once and at other replicas after the next reading.
/// </summary>
public sealed class CallbackAddresses<TDb>(
    ServiceDatabase<TDb> database, CallbackTokens tokens, TimeProvider clock, ILogger<CallbackAddresses<TDb>> log)
    : TimedLoop($"reading of revoked addresses of {database.Name}", ReadEvery, clock, log)
    where TDb : DbContext
{
    /// <summary>A flow is set up by hand and rarely.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(5 * 365);

    private static readonly TimeSpan ReadEvery = TimeSpan.FromSeconds(3), NoteUseEvery = TimeSpan.FromSeconds(15), Patience = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _used = new();
    private FrozenDictionary<Guid, DateTimeOffset> _revoked = FrozenDictionary<Guid, DateTimeOffset>.Empty;
    private long _noted;
    private volatile bool _isRead;
    private bool _failing;

    /// <summary>Whether a token of the account's opens its address, as <see cref="CallbackTokens.TryRead"/> and by what was revoked.</summary>
    /// <inheritdoc cref="CallbackTokens.TryRead"/>
    public bool TryRead(
        string? token, IReadOnlyCollection<CallbackPurpose> opens, [NotNullWhen(true)] out CallbackClaims? claims, out TokenRefusal refusal)
    {
        if (!tokens.TryRead(token, opens, out claims, out refusal))
            return false;
        if (!claims.Purpose.IsOfAccount())
            return true;
        var now = Clock.GetUtcNow();
        if (WasRevoked(claims.Subject, now))
        {
            refusal = TokenRefusal.Revoked;
            return false;
        }
        _used[claims.Subject] = now;
        return true;
    }

    /// <summary>Whether an address was revoked at an instant. A process that has not read yet which are reads first.</summary>
    /// <exception cref="NpgsqlException">They were never read, and the database is away.</exception>
    public async ValueTask<bool> WasRevokedAsync(Guid id, DateTimeOffset at, CancellationToken cancel)
    {
        if (!_isRead)
            await ReadAsync(cancel);
        return WasRevoked(id, at);
    }

    private bool WasRevoked(Guid id, DateTimeOffset at) => _revoked.TryGetValue(id, out var since) && since <= at;

    /// <summary>
    /// The account's address of each of these purposes, made where there is none, and the older ones that are not forgotten yet; newest first.
    /// </summary>
    public async Task<IReadOnlyList<AccountAddress>> OfAsync(
        string account, IReadOnlyCollection<CallbackPurpose> purposes, string by, CancellationToken cancel)
    {
        foreach (var purpose in purposes)
            await MakeAsync(account, purpose, by, cancel);
        await NoteUseAsync(cancel);
        await using var read = database.Source.CreateCommand(
            """
            select id, purpose, created_at, created_by, expires_at, revoked_at, last_used_at from callback_addresses
            where account = $1 and purpose = any($2) order by created_at desc, id desc limit 500
            """);
        read.Parameters.AddWithValue(account);
        read.Parameters.AddWithValue(purposes.Select(purpose => purpose.ToString()).ToArray());
        await using var rows = await read.ExecuteReaderAsync(cancel);
        List<AccountAddress> found = [];
        while (await rows.ReadAsync(cancel))
        {
            found.Add(new(
                rows.GetGuid(0), account, Enum.Parse<CallbackPurpose>(rows.GetString(1)), rows.GetFieldValue<DateTimeOffset>(2), rows.GetString(3),
                rows.GetFieldValue<DateTimeOffset>(4), Instant(rows, 5), Instant(rows, 6)));
        }
        return found;
    }

    /// <summary>Puts a new address in the place of this one, which works on for the overlap.</summary>
    /// <returns>False when the account has no such address, or it is revoked already.</returns>
    public async Task<bool> RotateAsync(string account, Guid id, TimeSpan overlap, string by, CancellationToken cancel)
    {
        var now = Clock.GetUtcNow();
        await using var connection = await database.OpenAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var end = new NpgsqlCommand(
            "update callback_addresses set revoked_at = $3, revoked_by = $4 where account = $1 and id = $2 and revoked_at is null returning purpose",
            connection, transaction)
        {
            Parameters = { new() { Value = account }, new() { Value = id }, new() { Value = now + overlap }, new() { Value = by } },
        };
        if (await end.ExecuteScalarAsync(cancel) is not string purpose)
            return false;
        await using var begin = Insert(account, Enum.Parse<CallbackPurpose>(purpose), by, connection, transaction);
        await begin.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
        await ReadAsync(cancel);
        return true;
    }

    /// <summary>Refuses the address from now on.</summary>
    /// <returns>False when the account has no such address.</returns>
    public async Task<bool> RevokeAsync(string account, Guid id, string by, CancellationToken cancel)
    {
        await using var revoke = database.Source.CreateCommand(
            "update callback_addresses set revoked_at = least(revoked_at, $3), revoked_by = $4 where account = $1 and id = $2 returning id");
        revoke.Parameters.AddWithValue(account);
        revoke.Parameters.AddWithValue(id);
        revoke.Parameters.AddWithValue(Clock.GetUtcNow());
        revoke.Parameters.AddWithValue(by);
        if (await revoke.ExecuteScalarAsync(cancel) is null)
            return false;
        await ReadAsync(cancel);
        return true;
    }

    /// <summary>The token of an address: the same whenever it is asked for.</summary>
    public string TokenOf(AccountAddress address) => tokens.Issue(new(address.Purpose, address.Id, address.Account, address.ExpiresAt));

    /// <summary>Reads for the first time before the process serves.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await TurnAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task TurnAsync(CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        try
        {
            await ReadAsync(patience.Token);
            if (TimeProvider.System.GetElapsedTime(_noted) > NoteUseEvery)
                await NoteUseAsync(patience.Token);
            _failing = false;
        }
        catch (Exception e) when (e is NpgsqlException or SocketException or OperationCanceledException && !cancel.IsCancellationRequested)
        {
            // What was read before goes on holding: a webhook is kept, whatever the database does.
            if (!_failing)
                Logger.AddressesNotRead(database.Name, e.Message);
            _failing = true;
        }
    }

    private async Task MakeAsync(string account, CallbackPurpose purpose, string by, CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);
        await using var insert = Insert(account, purpose, by, connection, null);
        await insert.ExecuteNonQueryAsync(cancel);
    }

    private NpgsqlCommand Insert(string account, CallbackPurpose purpose, string by, NpgsqlConnection connection, NpgsqlTransaction? transaction)
    {
        var now = Clock.GetUtcNow();
        // Whole seconds, as the token has them, so that the same row gives the same token.
        var expires = DateTimeOffset.FromUnixTimeSeconds((now + Life).ToUnixTimeSeconds());
        return new NpgsqlCommand(
            """
            insert into callback_addresses (id, account, purpose, created_at, created_by, expires_at) values ($1, $2, $3, $4, $5, $6)
            on conflict (account, purpose) where revoked_at is null do nothing
            """, connection, transaction)
        {
            Parameters =
            {
                new() { Value = Guid.CreateVersion7(now) }, new() { Value = account }, new() { Value = purpose.ToString() }, new() { Value = now },
                new() { Value = by }, new() { Value = expires },
            },
        };
    }

    private async Task ReadAsync(CancellationToken cancel)
    {
        await using var read = database.Source.CreateCommand("select id, revoked_at from callback_addresses where revoked_at is not null and expires_at > $1");
        read.Parameters.AddWithValue(Clock.GetUtcNow());
        await using var rows = await read.ExecuteReaderAsync(cancel);
        var revoked = new Dictionary<Guid, DateTimeOffset>();
        while (await rows.ReadAsync(cancel))
            revoked[rows.GetGuid(0)] = rows.GetFieldValue<DateTimeOffset>(1);
        _revoked = revoked.ToFrozenDictionary();
        _isRead = true;
    }

    private async Task NoteUseAsync(CancellationToken cancel)
    {
        _noted = TimeProvider.System.GetTimestamp();
        var used = _used.ToArray();
        if (used.Length == 0)
            return;
        await using var note = database.Source.CreateCommand(
            """
            update callback_addresses a set last_used_at = greatest(a.last_used_at, u.at)
            from unnest($1::uuid[], $2::timestamptz[]) as u (id, at) where a.id = u.id
            """);
        note.Parameters.AddWithValue(used.Select(use => use.Key).ToArray());
        note.Parameters.AddWithValue(used.Select(use => use.Value).ToArray());
        await note.ExecuteNonQueryAsync(cancel);
        foreach (var use in used)
            _used.TryRemove(use);   // unless it was used again meanwhile
    }

    private static DateTimeOffset? Instant(NpgsqlDataReader rows, int column) =>
        rows.IsDBNull(column) ? null : rows.GetFieldValue<DateTimeOffset>(column);
}
