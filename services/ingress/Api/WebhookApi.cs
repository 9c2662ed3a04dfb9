using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Outdial.Ingress.Data;
using Outdial.Ingress.Telemetry;
using Outdial.Ingress.Webhooks;
using Outdial.Platform;

namespace Outdial.Ingress.Api;

/// <summary>A webhook without what it carried.</summary>
internal sealed record WebhookSummary
{
    public required Guid Id { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
    public required string Provider { get; init; }
    public required string Account { get; init; }
    public required string Kind { get; init; }
    [OneOf(typeof(Dispositions))]
    public required string Disposition { get; init; }
    public required string? Reason { get; init; }
    public required Guid? AttemptId { get; init; }
    public required string? CallId { get; init; }
    public required int Events { get; init; }
    public required string Method { get; init; }
    public required string? ContentType { get; init; }
    public required int BodyBytes { get; init; }
}

/// <param name="Path">As asked for, without the token; null where an earlier version stored it.</param>
/// <param name="Headers">As sent, without secrets; masked likewise.</param>
/// <param name="Query">As sent; phone numbers are masked for roles that may not see them.</param>
/// <param name="Body">As text, bytes that are no UTF-8 read as Latin-1; masked likewise.</param>
/// <param name="BodyBase64">The exact bytes; null for roles that may not see numbers.</param>
internal sealed record WebhookDetail(WebhookSummary Webhook, string Query, string Body, string? BodyBase64, IReadOnlyList<WebhookReplay> Replays,
    string? Path = null, IReadOnlyList<string>? Headers = null);

internal sealed record ReplayedEvent(Guid EventId, string Type);

internal sealed record ReplayResult(Guid WebhookId, string Disposition, string? Reason, IReadOnlyList<ReplayedEvent> Events);

/// <summary>The raw webhooks, for a person who looks for the one that was not understood.</summary>
internal static class WebhookApi
{
    public static IEndpointRouteBuilder MapWebhookApi(this IEndpointRouteBuilder routes)
    {
        var webhooks = routes.MapApi("/webhooks").WithTags("Webhooks");
        webhooks.MapGet("/", List).RequireAuthorization(ApiPolicies.Read)
            .WithSummary("What providers sent, newest first, without what it carried; page on with after=<last id>");
        webhooks.MapGet("/{id:guid}", Get).RequireAuthorization(ApiPolicies.Read).WithSummary("One webhook with all that it carried");
        webhooks.MapPost("/{id:guid}/replay", Replay).RequireAuthorization(ApiPolicies.Operate)
            .WithSummary("Read it once more, after an upgrade; what it tells is told, what was told already harms nobody");
        return routes;
    }

    private static async Task<Results<Ok<List<WebhookSummary>>, ProblemHttpResult>> List(
        [OneOf(typeof(Dispositions))] string? disposition, Guid? after, int? limit, HttpContext http, IngressDbContext db, CancellationToken cancel)
    {
        if (Paging.Refusal(limit) is { } wrong)
            return wrong;

        return TypedResults.Ok(await db.Webhooks.AsNoTracking()
            .Where(webhook => (disposition == null || webhook.Disposition == disposition) && (after == null || webhook.Id < after))
            .OrderByDescending(webhook => webhook.Id)
            .Select(webhook => new WebhookSummary
            {
                Id = webhook.Id,
                ReceivedAt = webhook.ReceivedAt,
                Provider = webhook.Provider,
                Account = webhook.Account,
                Kind = webhook.Kind,
                Disposition = webhook.Disposition,
                Reason = webhook.Reason,
                AttemptId = webhook.AttemptId,
                CallId = webhook.CallId,
                Events = webhook.Events,
                Method = webhook.Method,
                ContentType = webhook.ContentType,
                BodyBytes = webhook.Body.Length,
            })
            .PageAsync(http, limit, webhook => webhook.Id, cancel));
    }

    private static async Task<Results<Ok<WebhookDetail>,
    ProblemHttpResult>> Get(Guid id, IngressDbContext db, ClaimsPrincipal user, CancellationToken cancel)
    {
        if (await db.Webhooks.AsNoTracking().FirstOrDefaultAsync(webhook => webhook.Id == id, cancel) is not { } found)
            return ApiProblem.NotFound("webhook", id);
        var replays = await db.WebhookReplays.AsNoTracking().Where(replay => replay.WebhookId == id).OrderBy(replay => replay.Id).ToListAsync(cancel);
        var summary = new WebhookSummary
        {
            Id = found.Id,
            ReceivedAt = found.ReceivedAt,
            Provider = found.Provider,
            Account = found.Account,
            Kind = found.Kind,
            Disposition = found.Disposition,
            Reason = found.Reason,
            AttemptId = found.AttemptId,
            CallId = found.CallId,
            Events = found.Events,
            Method = found.Method,
            ContentType = found.ContentType,
            BodyBytes = found.Body.Length,
        };
        var mayRead = user.IsInRole(ApiRoles.Admin) || user.IsInRole(ApiRoles.Supervisor);
        var text = Text(found.Body);
        var headers = found.Headers?.Split('\n');
        return TypedResults.Ok(mayRead
            ? new WebhookDetail(summary, found.Query, text, Convert.ToBase64String(found.Body), replays, found.Path, headers)
            : new WebhookDetail(
                summary, Masked.Text(found.Query), Masked.Text(text), null, replays,
                found.Path is { } path ? Masked.Text(path) : null, headers?.Select(Masked.Text).ToList()));
    }

    private static async Task<Results<Ok<ReplayResult>, ProblemHttpResult>> Replay(
        Guid id, IngressDbContext db, WebhookTranslation translation, ClaimsPrincipal user, TimeProvider clock, ILogger<WebhookTranslation> log,
        CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await db.Webhooks.FirstOrDefaultAsync(webhook => webhook.Id == id, cancel) is not { } found)
            return ApiProblem.NotFound("webhook", id);

        var events = await translation.UnderstandAsync(found, cancel);
        var (now, by) = (clock.GetUtcNow(), user.Identity?.Name ?? "unknown");
        db.WebhookReplays.Add(new WebhookReplay
        {
            Id = Guid.CreateVersion7(now),
            WebhookId = id,
            ReplayedAt = now,
            ReplayedBy = by,
            Disposition = found.Disposition,
            Events = events.Count,
        });
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        log.Replayed(id, by, found.Disposition);
        return TypedResults.Ok(new ReplayResult(
            id, found.Disposition, found.Reason, [.. events.Select(happened => new ReplayedEvent(happened.EventId, happened.GetType().Name))]));
    }

    private static string Text(byte[] body)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(body);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(body);
        }
    }
}
