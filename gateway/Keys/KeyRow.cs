using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Outdial.Gateway.Keys;

/// <summary>A key: whom it stands for and until when. Its secret is not here.</summary>
public sealed class KeyRow
{
    public Guid Id { get; init; }

    /// <summary>Unique among keys that are not revoked.</summary>
    public required string Name { get; init; }

    public required string Role { get; init; }

    /// <summary>The agent whose addresses it opens; set exactly for the role agent.</summary>
    public Guid? AgentId { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    /// <summary>From then on it is refused; null: no end.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? RevokedAt { get; private set; }

    /// <summary>To within half a minute.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>False when it was revoked before.</summary>
    public bool TryRevoke(DateTimeOffset now)
    {
        if (RevokedAt is not null)
            return false;
        RevokedAt = now;
        return true;
    }
}

/// <summary>A secret of a key, as its hash. A key has several while a rotation overlaps.</summary>
public sealed class SecretRow
{
    /// <summary>SHA-256 of the secret's UTF-8 bytes.</summary>
    public required byte[] Hash { get; init; }

    public Guid KeyId { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>From then on it is refused; null: as long as its key.</summary>
    public DateTimeOffset? ValidUntil { get; private set; }

    /// <summary>Ends the secret at an instant, or leaves it where it ends sooner.</summary>
    public void EndAt(DateTimeOffset instant) => ValidUntil = ValidUntil < instant ? ValidUntil : instant;
}

/// <summary>Who did what to a key.</summary>
public sealed class KeyAuditEntry
{
    public long Id { get; init; }

    public DateTimeOffset At { get; init; }

    /// <summary>Name of the key of whoever did it.</summary>
    public required string Who { get; init; }

    /// <summary>The address it was done from.</summary>
    public string? Client { get; init; }

    /// <summary><c>created</c>, <c>rotated</c> or <c>revoked</c>.</summary>
    public required string Action { get; init; }

    public Guid KeyId { get; init; }

    public required string KeyName { get; init; }

    public required string Detail { get; init; }
}

internal sealed class KeyRowMapping : IEntityTypeConfiguration<KeyRow>
{
    public void Configure(EntityTypeBuilder<KeyRow> builder)
    {
        builder.ToTable("api_keys");
        builder.Property(key => key.Id).ValueGeneratedNever();
        builder.Property(key => key.Name).HasMaxLength(100);
        builder.Property(key => key.Role).HasMaxLength(16);
        builder.Property(key => key.CreatedBy).HasMaxLength(100);
    }
}

internal sealed class SecretRowMapping : IEntityTypeConfiguration<SecretRow>
{
    public void Configure(EntityTypeBuilder<SecretRow> builder)
    {
        builder.ToTable("api_key_secrets");
        builder.HasKey(secret => secret.Hash);
        builder.HasOne<KeyRow>().WithMany().HasForeignKey(secret => secret.KeyId);   // and so it is inserted after its key
    }
}

internal sealed class KeyAuditMapping : IEntityTypeConfiguration<KeyAuditEntry>
{
    public void Configure(EntityTypeBuilder<KeyAuditEntry> builder)
    {
        builder.ToTable("api_key_audit");
        builder.Property(entry => entry.Id).UseIdentityAlwaysColumn();
        builder.Property(entry => entry.Who).HasMaxLength(100);
        builder.Property(entry => entry.Client).HasMaxLength(64);
        builder.Property(entry => entry.Action).HasMaxLength(16);
        builder.Property(entry => entry.KeyName).HasMaxLength(100);
    }
}
