using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace Outdial.Platform;

/// <summary>An address that a person enters at the provider, as it is kept: the token follows from it, and is not kept itself.</summary>
/// <param name="Purpose">What it is for.</param>
/// <param name="CreatedBy">Name of the API key that asked for it.</param>
/// <param name="ExpiresAt">A new one is to be entered before then.</param>
/// <param name="RevokedAt">From then on it is refused; in the future after a rotation with an overlap; null: it is the current one.</param>
/// <param name="LastUsedAt">When the provider last called it, to some seconds; null: never.</param>
public sealed record AccountAddress(
    Guid Id, string Account, CallbackPurpose Purpose, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset ExpiresAt, DateTimeOffset? RevokedAt,
    DateTimeOffset? LastUsedAt);

/// <summary>An address as an admin sees it. It carries a token and is a secret.</summary>
/// <param name="Kind">
/// What it is for: <c>passthru</c>, <c>popup</c>, <c>dialed</c>, <c>heartbeat</c>, <c>events</c>, <c>dialWhom</c> or <c>stay</c>.
/// </param>
/// <param name="Address">To be entered at the provider, whole.</param>
/// <inheritdoc cref="AccountAddress"/>
public sealed record AccountAddressView(
    Guid Id, string Kind, Uri Address, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset ExpiresAt, DateTimeOffset? RevokedAt,
    DateTimeOffset? LastUsedAt)
{
    public static AccountAddressView Of(AccountAddress known, Uri address) => new(
        known.Id, JsonNamingPolicy.CamelCase.ConvertName(known.Purpose.ToString()), address, known.CreatedAt, known.CreatedBy, known.ExpiresAt,
        known.RevokedAt, known.LastUsedAt);
}

/// <summary>The body of a rotation.</summary>
public sealed record RotateAddressRequest
{
    /// <summary>The longest overlap.</summary>
    public static readonly TimeSpan LongestOverlap = TimeSpan.FromDays(90);

    /// <summary>How long the old address works on, while the new one is entered; <c>00:00:00</c> ends it now. Default: 7 days.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "90.00:00:00")]
    public TimeSpan? Overlap { get; init; }
}
