using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.Extensions.Options;
using Outdial.Pacer.Data;
using Outdial.Pacer.Telemetry;
using Outdial.Providers;

namespace Outdial.Pacer.Accounts;

/// <summary>An account's row: the lock that pulses of one account take turns with, and the provider's bad days.</summary>
public sealed class Account
{
    public required string Name { get; init; }
    public DateTimeOffset? BlockedUntil { get; init; }
    public string? BlockedReason { get; init; }
    public int Failures { get; init; }
}

internal sealed class AccountMapping : IEntityTypeConfiguration<Account>
{
    public void Configure(EntityTypeBuilder<Account> builder) => builder.ToTable("accounts").HasKey(a => a.Name);
}

/// <summary>
/// Keeps what the provider's answers say about the account: throttled, out of credit, or failing again and again. While an
/// account is blocked nothing is dialed over it.
/// </summary>
internal sealed class AccountHealth(PacerDbContext db, IOptions<PacerOptions> options, ILogger<AccountHealth> log)
{
    public async Task Report(string account, OriginateResult result, DateTimeOffset now, CancellationToken cancel)
    {
        var settings = options.Value;
        switch (result)
        {
            case OriginateResult.Refused { AccountTrouble: true } refused:
                await Block(account, now + settings.ProviderDownFor, $"the provider refuses the account: {refused.Reason}", cancel);
                break;
            case OriginateResult.Refused { StatusCode: 429 } refused:
                await Block(account, now + (refused.RetryAfter ?? TimeSpan.FromMinutes(1)), "the provider throttles the account (429)", cancel);
                break;
            case OriginateResult.Uncertain or OriginateResult.Refused { LeadKeepsTry: true }:
                await CountFailure(account, now, cancel);
                break;
            default:
                await db.Database.ExecuteSqlAsync($"update accounts set failures = 0 where name = {account} and failures > 0", cancel);
                break;
        }
    }

    private async Task CountFailure(string account, DateTimeOffset now, CancellationToken cancel)
    {
        var settings = options.Value;
        var until = now + settings.ProviderDownFor;
        var blocked = await db.Database.ExecuteSqlAsync(
            $"update accounts set failures = failures + 1 where name = {account} and failures + 1 < {settings.ProviderDownAfter}", cancel) == 0;
        if (blocked)
            await Block(account, until, $"{settings.ProviderDownAfter} requests in a row failed", cancel);
    }

    private async Task Block(string account, DateTimeOffset until, string reason, CancellationToken cancel)
    {
        log.AccountBlocked(account, until, reason);
        await db.Database.ExecuteSqlAsync(
            $"""
            update accounts set blocked_until = greatest(blocked_until, {until}), blocked_reason = {reason}, failures = 0 where name = {account}
            """, cancel);
    }
}
