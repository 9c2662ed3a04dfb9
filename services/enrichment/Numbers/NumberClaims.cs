using Npgsql;
using Outdial.Enrichment.Budgets;
using Outdial.Enrichment.Data;
using Outdial.Enrichment.Telemetry;
using Outdial.Platform;

namespace Outdial.Enrichment.Numbers;

/// <param name="Tries">Requests for it, with the one that is about to be made.</param>
/// <param name="Known">Somebody else found it meanwhile: no request is needed.</param>
/// <param name="Urgent">Somebody waits for it, and not only a list.</param>
internal sealed record ClaimedNumber(string Number, DateTimeOffset AskedAt, int Tries, NumberRecord? Known, bool Urgent = false);

/// <summary>Claims numbers to look up.</summary>
internal sealed class NumberClaims(ServiceDatabase<EnrichmentDbContext> database, Budget budget, EnrichmentMetrics metrics)
{
    /// <summary>Claims what is due as far as the budgets reach: what people asked for, then single calls, then lists.</summary>
    public async Task<IReadOnlyList<Claim<ClaimedNumber>>> TakeAsync(
        string account, int atMost, Guid worker, DateTimeOffset now, DateTimeOffset leaseEnds, CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);
        var (any, urgent) = await AnyDueAsync(connection, account, now, cancel);
        if (!any)
            return [];

        await using var transaction = await connection.BeginTransactionAsync(cancel);
        if (!await budget.LockAsync(connection, account, BudgetKinds.Numbers, now, cancel))
        {
            metrics.BudgetWait(account, BudgetKinds.Numbers);
            return [];
        }

        // Both locks before any row, as whoever asks for a person has it.
        List<Claim<ClaimedNumber>> claims = [];
        if (urgent)
        {
            await budget.LockAsync(connection, account, BudgetKinds.People, now, cancel);
            claims.AddRange(await SpendAsync(BudgetKinds.People, await DueAsync(connection, account, forPerson: true, atMost, now, cancel)));
        }

        var due = await DueAsync(connection, account, forPerson: false, atMost - claims.Count, now, cancel);
        var spent = await SpendAsync(BudgetKinds.Numbers, due);
        claims.AddRange(spent);
        if (urgent && spent.Count < due.Count)
            claims.AddRange(await SpendAsync(BudgetKinds.People, [.. due.Skip(spent.Count).Where(item => item.Urgent)]));
        await MarkAsync(connection, claims, worker, leaseEnds, cancel);
        await transaction.CommitAsync(cancel);
        return claims;

        async Task<List<Claim<ClaimedNumber>>> SpendAsync(string kind, List<ClaimedNumber> items)
        {
            var unanswered = items.Count(item => item.Known is null);
            var slots = new Queue<long>(unanswered == 0 ? [] : await budget.TakeAsync(connection, account, kind, unanswered, now, leaseEnds, cancel));
            if (slots.Count < unanswered)
                metrics.BudgetWait(account, kind);
            // In their order: the first that finds no slot ends it.
            return [.. items.TakeWhile(item => item.Known is not null || slots.Count > 0)
                .Select(item => new Claim<ClaimedNumber>(account, item, item.Known is null ? slots.Dequeue() : null))];
        }
    }

    private static async Task<(bool Any, bool Urgent)> AnyDueAsync(
        NpgsqlConnection connection, string account, DateTimeOffset now, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("""
            select exists (select from number_lookups where account = $1 and due_at <= $2),
              exists (select from number_lookups where account = $1 and urgent and due_at <= $2)
            """, connection)
        {
            Parameters = { new() { Value = account }, new() { Value = now } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        return (reader.GetBoolean(0), reader.GetBoolean(1));
    }

    // A number may have been answered between the question and its row; then the answer is in numbers already.
    private static async Task<List<ClaimedNumber>> DueAsync(
        NpgsqlConnection connection, string account, bool forPerson, int atMost, DateTimeOffset now, CancellationToken cancel)
    {
        if (atMost <= 0)
            return [];
        await using var command = new NpgsqlCommand("""
            select lookup.number, lookup.asked_at, lookup.tries + 1, known.status, known.circle, known.circle_name, known.operator,
              known.operator_name, known.type, known.dnd, known.as_of, known.expires_at, lookup.urgent
            from number_lookups as lookup left join numbers as known on known.number = lookup.number and known.expires_at > $2
            where lookup.account = $1 and lookup.due_at <= $2 and lookup.for_person = $4
            order by lookup.urgent desc, lookup.due_at limit $3
            for update of lookup skip locked
            """, connection)
        {
            Parameters = { new() { Value = account }, new() { Value = now }, new() { Value = atMost }, new() { Value = forPerson } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var due = new List<ClaimedNumber>();
        while (await reader.ReadAsync(cancel))
            due.Add(new ClaimedNumber(
                reader.GetString(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetInt32(2), Known(reader), reader.GetBoolean(12)));
        return due;
    }

    private static NumberRecord? Known(NpgsqlDataReader reader) => reader.IsDBNull(3) ? null : new NumberRecord
    {
        Number = reader.GetString(0),
        Status = reader.GetString(3),
        Circle = Text(reader, 4),
        CircleName = Text(reader, 5),
        Operator = Text(reader, 6),
        OperatorName = Text(reader, 7),
        Type = Text(reader, 8),
        Dnd = reader.IsDBNull(9) ? null : reader.GetBoolean(9),
        AsOf = reader.GetFieldValue<DateTimeOffset>(10),
        ExpiresAt = reader.GetFieldValue<DateTimeOffset>(11),
    };

    private static async Task MarkAsync(
        NpgsqlConnection connection, IReadOnlyList<Claim<ClaimedNumber>> claims, Guid worker, DateTimeOffset leaseEnds, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            "update number_lookups set due_at = $2, claimed_by = $3, tries = tries + 1 where number = any($1)", connection)
        {
            Parameters =
            {
                new() { Value = claims.Select(claim => claim.Item.Number).ToArray() }, new() { Value = leaseEnds }, new() { Value = worker },
            },
        };
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
