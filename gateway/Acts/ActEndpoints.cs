using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Outdial.Gateway.Data;
using Outdial.Platform;

namespace Outdial.Gateway.Acts;

/// <summary>Who changed what through the API; admins only.</summary>
internal static class ActEndpoints
{
    public static void MapActs(this IEndpointRouteBuilder routes) =>
        routes.MapApi("/acts").MapGet("/", List).WithTags("API keys").RequireAuthorization(ApiPolicies.Admin)
            .WithSummary("Who changed what through the API, or tried to, newest first; page on with after=<last id>");

    private static async Task<Results<Ok<List<ActRow>>, ProblemHttpResult>> List(
        [Description("The name of a key.")] string? who, [Description("A part of the address, such as a campaign's id.")] string? path,
        [Description("From this instant on, with its offset.")] QueryInstant? from, [Description("Before this instant.")] QueryInstant? to,
        long? after, int? limit, HttpContext http, GatewayDbContext db, CancellationToken cancel)
    {
        if (Paging.Refusal(limit) is { } wrong)
            return wrong;
        var (since, until) = (from?.Value, to?.Value);
        if (since >= until)
            return ApiProblem.Invalid("to", $"{until:u}", "an instant after from");
        var part = path is null ? null : Masked.Text(path);
        return TypedResults.Ok(await db.Acts.AsNoTracking()
            .Where(act => (who == null || act.Who == who) && (part == null || act.Path.Contains(part)) && (since == null || act.At >= since)
                && (until == null || act.At < until) && (after == null || act.Id < after))
            .OrderByDescending(act => act.Id).PageAsync(http, limit, act => act.Id, cancel));
    }
}
