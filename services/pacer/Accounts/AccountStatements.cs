using Microsoft.EntityFrameworkCore;
using Outdial.Pacer.Data;

namespace Outdial.Pacer.Accounts;

/// <summary>The statements on <c>accounts</c>.</summary>
internal static class AccountStatements
{
    /// <summary>
    /// The account's row, made if need be and locked until the transaction ends: budget, concurrency and caller-ID limits are looked at by one at a
    /// time.
    /// </summary>
    public static async Task<Account> LockAccount(this PacerDbContext db, string name, CancellationToken cancel)
    {
        await db.Database.ExecuteSqlAsync($"insert into accounts (name) values ({name}) on conflict do nothing", cancel);
        return await db.Accounts.FromSql($"select * from accounts where name = {name} for update").AsNoTracking().SingleAsync(cancel);
    }

    /// <summary>Counts one more failure in a row. False when that makes <paramref name="most"/>: then it is not counted.</summary>
    public static async Task<bool> TryCountFailure(this PacerDbContext db, string account, int most, CancellationToken cancel) =>
        await db.Database.ExecuteSqlAsync(
            $"update accounts set failures = failures + 1 where name = {account} and failures + 1 < {most}", cancel) > 0;

    public static Task ForgetFailures(this PacerDbContext db, string account, CancellationToken cancel) =>
        db.Database.ExecuteSqlAsync($"update accounts set failures = 0 where name = {account} and failures > 0", cancel);

    /// <summary>A longer block that holds already is not shortened, and a brake never hides that the provider is down.</summary>
    public static Task Block(this PacerDbContext db, string account, string code, DateTimeOffset until, string reason, CancellationToken cancel) =>
        db.Database.ExecuteSqlAsync(
            $"""
            update accounts set blocked_until = {until}, blocked_code = {code}, blocked_reason = {reason}, failures = 0
            where name = {account} and (blocked_until is null or blocked_until < {until})
            """, cancel);
}
