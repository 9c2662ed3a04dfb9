using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Outdial.Pacer.Accounts;

/// <summary>An account's row: the lock that pulses of one account take turns with, and the provider's bad days.</summary>
internal sealed class Account
{
    public required string Name { get; init; }
    public DateTimeOffset? BlockedUntil { get; init; }
    public string? BlockedCode { get; init; }
    public string? BlockedReason { get; init; }
    public int Failures { get; init; }
}

internal sealed class AccountMapping : IEntityTypeConfiguration<Account>
{
    public void Configure(EntityTypeBuilder<Account> builder) => builder.ToTable("accounts").HasKey(a => a.Name);
}
