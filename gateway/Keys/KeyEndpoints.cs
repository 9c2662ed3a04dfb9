using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using Outdial.Gateway.Data;
using Outdial.Gateway.Forwarding;
using Outdial.Gateway.Routing;
using Outdial.Gateway.Telemetry;
using Outdial.Platform;

namespace Outdial.Gateway.Keys;

/// <summary>Make, list, rotate and revoke keys; admins only.</summary>
internal static class KeyEndpoints
{
    private static readonly TimeSpan UsualOverlap = TimeSpan.FromHours(1);

    public static void MapKeys(this IEndpointRouteBuilder routes)
    {
        var keys = routes.MapApi("/api-keys").WithTags("API keys").RequireAuthorization(ApiPolicies.Admin).AddEndpointFilter(Away);
        keys.MapGet("/", List).WithSummary("All keys that are not revoked, by name; all=true lists revoked ones too; page on as the header Link says");
        keys.MapPost("/", Create).WithSummary("Make a key; the secret is in the answer and never to be had again");
        keys.MapPost("/{id:guid}/rotate", Rotate).WithSummary("A new secret; the old one works on for the overlap, one hour when none is given");
        keys.MapDelete("/{id:guid}", Revoke).WithSummary("Revoke a key; other replicas of the gateway follow within seconds");
        keys.MapGet("/audit", Audit).WithSummary("Who made, rotated and revoked which key, newest first; page on with after=<last id>");
    }

    private static async Task<Results<Ok<List<KeyView>>, ProblemHttpResult>> List(
        bool? all, string? after, int? limit, HttpContext http, GatewayDbContext db, CancellationToken cancel)
    {
        if (Paging.Refusal<Place>(limit, after, out var last) is { } wrong)
            return wrong;
        var keys = db.Keys.AsNoTracking().Where(key => all == true || key.RevokedAt == null);
        if (last is not null)
            keys = keys.Where(key => string.Compare(key.Name, last.Name) > 0 || (key.Name == last.Name && key.Id > last.Id));
        var page = await keys.OrderBy(key => key.Name).ThenBy(key => key.Id)
            .PageAsync(http, limit, key => Cursor.Of(new Place(key.Name, key.Id)), cancel);
        return TypedResults.Ok(page.ConvertAll(KeyView.Of));
    }

    private static async Task<Results<Created<NewKey>, ProblemHttpResult>> Create(
        KeyRequest request, GatewayDbContext db, StoredKeys keys, IOptions<ApiKeyOptions> configured,
        [FromServices] AnyReplica? services, HttpContext http, TimeProvider clock, ILogger<StoredKeys> log, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (request.Check(now) is { Count: > 0 } wrong)
            return ApiProblem.Invalid(wrong);
        var name = request.Name!.Trim();
        if (configured.Value.Keys.Exists(key => key.Name == name))
            return ApiProblem.Conflict("A key of the configuration has this name; logs and audits could not tell the two apart.");
        if (request.AgentId is { } of && await WhyNotFor(of, services, http, cancel) is { } refused)
            return refused;

        var (key, secret) = (new KeyRow
        {
            Id = Guid.CreateVersion7(now),
            Name = name,
            Role = request.Role!,
            AgentId = request.AgentId,
            CreatedAt = now,
            CreatedBy = Name(http),
            ExpiresAt = request.ExpiresAt?.ToUniversalTime(),
        }, KeySecret.Make());
        db.Keys.Add(key);
        db.Secrets.Add(new() { Hash = KeySecret.Hash(secret), KeyId = key.Id, CreatedAt = now });
        db.Audit.Add(Entry(http, now, "created", key, $"role {key.Role}{(key.AgentId is { } agent ? $", agent {agent}" : "")}, {Until(key.ExpiresAt)}"));
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return ApiProblem.Conflict("There is a key with this name already; rotate it, or revoke it first.");
        }
        await keys.RefreshAsync(cancel);
        log.KeyChanged(Name(http), Client(http), key.Name, "created");
        return TypedResults.Created($"/api/v1/api-keys/{key.Id}", NewKey.Of(http, key, secret));
    }

    private static async Task<Results<Ok<NewKey>, ProblemHttpResult>> Rotate(
        Guid id, RotateRequest? request, GatewayDbContext db, StoredKeys keys, HttpContext http, TimeProvider clock, ILogger<StoredKeys> log,
        CancellationToken cancel)
    {
        var overlap = request?.Overlap ?? UsualOverlap;
        if (overlap < TimeSpan.Zero || overlap > RotateRequest.LongestOverlap)
            return ApiProblem.Invalid("overlap", overlap.ToString(), "a duration from \"00:00:00\" to \"30.00:00:00\"");
        var now = clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await db.Keys.Locked(id).SingleOrDefaultAsync(cancel) is not { } key)
            return ApiProblem.NotFound("API key", id);
        if (key.RevokedAt is not null)
            return ApiProblem.Conflict("The key is revoked; make a new one.");
        var secret = KeySecret.Make();
        foreach (var old in await db.Secrets.Where(s => s.KeyId == id).ToListAsync(cancel))
        {
            if (old.ValidUntil <= now)
                db.Secrets.Remove(old);
            else
                old.EndAt(now + overlap);
        }
        db.Secrets.Add(new() { Hash = KeySecret.Hash(secret), KeyId = id, CreatedAt = now });
        db.Audit.Add(Entry(http, now, "rotated", key, $"the old secret works until {now + overlap:u}"));
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        await keys.RefreshAsync(cancel);
        log.KeyChanged(Name(http), Client(http), key.Name, "rotated");
        return TypedResults.Ok(NewKey.Of(http, key, secret));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Revoke(
        Guid id, GatewayDbContext db, StoredKeys keys, HttpContext http, TimeProvider clock, ILogger<StoredKeys> log, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await db.Keys.Locked(id).SingleOrDefaultAsync(cancel) is not { } key)
            return ApiProblem.NotFound("API key", id);
        if (key.TryRevoke(now))
        {
            db.Audit.Add(Entry(http, now, "revoked", key, ""));
            await db.Secrets.Where(secret => secret.KeyId == id).ExecuteDeleteAsync(cancel);
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
            log.KeyChanged(Name(http), Client(http), key.Name, "revoked");
        }
        await keys.RefreshAsync(cancel);
        return TypedResults.NoContent();
    }

    private static async Task<Results<Ok<List<KeyAuditEntry>>, ProblemHttpResult>> Audit(
        Guid? key, long? after, int? limit, HttpContext http, GatewayDbContext db, CancellationToken cancel) =>
        Paging.Refusal(limit) is { } wrong ? wrong
            : key is not null && !await db.Keys.AnyAsync(each => each.Id == key, cancel) ? ApiProblem.Invalid("key", $"{key}", "the id of a key")
            : TypedResults.Ok(await db.Audit.AsNoTracking().Where(entry => (key == null || entry.KeyId == key) && (after == null || entry.Id < after))
                .OrderByDescending(entry => entry.Id).PageAsync(http, limit, entry => entry.Id, cancel));

    private static KeyAuditEntry Entry(HttpContext http, DateTimeOffset now, string action, KeyRow key, string detail) => new()
    {
        At = now,
        Who = Name(http),
        Client = Client(http),
        Action = action,
        KeyId = key.Id,
        KeyName = key.Name,
        Detail = detail,
    };

    private sealed record Place(string Name, Guid Id);

    private static string Until(DateTimeOffset? end) => end is { } instant ? $"until {instant:u}" : "without end";

    private static string Name(HttpContext http) => http.User.Identity?.Name ?? "unknown";

    /// <summary>Agents are the router's to know. An installation without a router, and a process that is everything in one, ask none.</summary>
    private static async Task<ProblemHttpResult?> WhyNotFor(Guid agent, AnyReplica? services, HttpContext http, CancellationToken cancel) =>
        services?.Services.Contains(ServiceName.AgentRouter) != true ? null
        : await services.HasAsync(
            ServiceName.AgentRouter, $"{ApiGroup.Prefix}/agents/{agent}", Headers.Who(http, LaneKind.Api), http.CorrelationId(), cancel) switch
        {
            true => null,
            false => ApiProblem.Invalid("agentId", $"{agent}", "the id of an agent"),
            null => ApiProblem.Of(StatusCodes.Status503ServiceUnavailable,
                $"Nobody answers who knows the agents, so it is not known whether there is the agent {agent}; no key was made: try again."),
        };

    private static string? Client(HttpContext http) => http.User.FindFirstValue(ApiClaims.Client);

    private static async ValueTask<object?> Away(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (Exception e) when (IsAway(e) || IsAway(e.InnerException))
        {
            return ApiProblem.Of(StatusCodes.Status503ServiceUnavailable, "The key store's database cannot be used now; try again. Keys that are known go on working.");
        }
    }

    // A table that is missing is one that is not there yet: the process serves before its database is migrated.
    private static bool IsAway(Exception? e) => e is PostgresException refused
        ? refused.IsTransient || refused.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidCatalogName
        : e is NpgsqlException;
}
