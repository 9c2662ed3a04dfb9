using System.ComponentModel.DataAnnotations;
using Outdial.Platform;

namespace Outdial.Gateway.Keys;

public sealed record KeyRequest
{
    /// <summary>Who will hold it; 1 to 100 characters, unique.</summary>
    [Required, StringLength(100, MinimumLength = 1)]
    public string? Name { get; init; }

    /// <summary><c>admin</c>, <c>supervisor</c>, <c>agent</c> or <c>crm</c>.</summary>
    [Required, OneOf(typeof(ApiRoles))]
    public string? Role { get; init; }

    /// <summary>For the role agent, and only for it: the agent whose addresses it opens.</summary>
    public Guid? AgentId { get; init; }

    /// <summary>From then on it is refused; left out: no end.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    internal List<FieldProblem> Check(DateTimeOffset now)
    {
        List<FieldProblem> wrong = [];
        if (Name?.Trim() is not { Length: >= 1 and <= 100 } name || name.Any(char.IsControl))
            wrong.Add(new("name", Name, "a name of 1 to 100 characters"));
        if (!ApiRoles.All.Contains(Role))
            wrong.Add(new("role", Role, $"one of {string.Join(", ", ApiRoles.All)}"));
        if (Role == ApiRoles.Agent && AgentId is null)
            wrong.Add(new("agentId", null, "the id of the agent that the key is for"));
        if (Role != ApiRoles.Agent && AgentId is { } agent)
            wrong.Add(new("agentId", agent.ToString(), $"nothing: it is for the role {ApiRoles.Agent}"));
        if (ExpiresAt <= now)
            wrong.Add(new("expiresAt", ExpiresAt?.ToString("O"), "an instant in the future"));
        return wrong;
    }
}

public sealed record RotateRequest
{
    internal static readonly TimeSpan LongestOverlap = TimeSpan.FromDays(30);

    /// <summary>How long the old secret works on; <c>00:00:00</c> ends it now.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan? Overlap { get; init; }
}

/// <summary>A key as lists show it.</summary>
public sealed record KeyView(
    Guid Id, string Name, [OneOf(typeof(ApiRoles))] string Role, Guid? AgentId, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset? ExpiresAt,
    DateTimeOffset? RevokedAt, DateTimeOffset? LastUsedAt)
{
    internal static KeyView Of(KeyRow key) =>
        new(key.Id, key.Name, key.Role, key.AgentId, key.CreatedAt, key.CreatedBy, key.ExpiresAt, key.RevokedAt, key.LastUsedAt);
}

/// <summary>A key with its secret: the answer to its making and to a rotation.</summary>
/// <param name="Key">What is sent as <c>X-Api-Key</c>.</param>
public sealed record NewKey(Guid Id, string Name, [OneOf(typeof(ApiRoles))] string Role, Guid? AgentId, DateTimeOffset? ExpiresAt, string Key)
{
    internal static NewKey Of(HttpContext http, KeyRow key, string secret)
    {
        http.Response.Headers.CacheControl = "no-store";
        return new(key.Id, key.Name, key.Role, key.AgentId, key.ExpiresAt, secret);
    }
}
