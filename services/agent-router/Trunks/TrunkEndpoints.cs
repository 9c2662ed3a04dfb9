using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using Outdial.AgentRouter.Data;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.AgentRouter.Trunks;

internal sealed record TrunkView
{
    public required string Name { get; init; }
    public required string Account { get; init; }
    public required string? Sid { get; init; }
    [OneOf(typeof(Directions))]
    public required string Direction { get; init; }
    public required IReadOnlyList<string> Acl { get; init; }
    public required IReadOnlyList<string> DestinationUris { get; init; }

    /// <summary>The numbers of ours that are mapped to it, E.164.</summary>
    public required IReadOnlyList<string> Numbers { get; init; }

    /// <summary>What keeps it from working that no single setting shows, in words; empty when nothing does.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }
    public required string ChangedBy { get; init; }

    internal static TrunkView Of(Trunk t, IReadOnlyList<string> numbers) =>
        new()
        {
            Name = t.Name,
            Account = t.Account,
            Sid = t.Sid,
            Direction = t.Direction,
            Acl = t.Acl,
            DestinationUris = t.DestinationUris,
            Numbers = numbers,
            Problems = [.. ProblemsOf(t, numbers)],
            ChangedAt = t.ChangedAt,
            ChangedBy = t.ChangedBy,
        };

    private static IEnumerable<string> ProblemsOf(Trunk trunk, IReadOnlyList<string> numbers)
    {
        if (numbers.Count > 0)
            yield break;
        yield return Directions.TakesOutbound(trunk.Direction)
            ? "No number is mapped to this trunk, so calls over it have no caller ID: name the trunk in PUT /api/v1/dids/{number}."
            : "No number is mapped to this trunk, so nobody can call in over it: name the trunk in PUT /api/v1/dids/{number}.";
    }
}

/// <summary>SIP trunks: list, set, remove.</summary>
internal static class TrunkEndpoints
{
    public static void MapTrunks(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/trunks", List).WithTags("Trunks").RequireAuthorization(ApiPolicies.Read).WithSummary("All trunks, by name, with what keeps them from working; page on with after=<last name>");
        routes.MapPut("/trunks/{name}", Put).WithTags("Trunks").RequireAuthorization(ApiPolicies.Admin).WithSummary("Make or change a trunk");
        routes.MapDelete("/trunks/{name}", Remove).WithTags("Trunks").RequireAuthorization(ApiPolicies.Admin).WithSummary("Remove a trunk that no number is mapped to");
    }

    private static async Task<Results<Ok<List<TrunkView>>, ProblemHttpResult>> List(
        string? after, int? limit, HttpContext http, RouterDbContext db, CancellationToken cancel)
    {
        if (Paging.Refusal(limit) is { } wrong)
            return wrong;
        var trunks = await db.Trunks.AsNoTracking().Where(t => after == null || string.Compare(t.Name, after) > 0)
            .OrderBy(t => t.Name).PageAsync(http, limit, t => t.Name, cancel);
        var names = trunks.ConvertAll(t => t.Name);
        var numbers = await db.Dids.AsNoTracking().Where(d => names.Contains(d.Trunk!)).OrderBy(d => d.Number).ToListAsync(cancel);
        return TypedResults.Ok(trunks.ConvertAll(t => TrunkView.Of(t, [.. numbers.Where(d => d.Trunk == t.Name).Select(d => d.Number)])));
    }

    private static async Task<Results<Ok<TrunkView>, ProblemHttpResult>> Put(
        string name, TrunkRequest request, RouterDbContext db, AccountSettings accounts, IOptions<RouterOptions> options, ClaimsPrincipal user,
        TimeProvider clock, CancellationToken cancel)
    {
        if (request.Check(name, accounts, options.Value.AllowPrivateDestinations) is { Count: > 0 } wrong)
            return ApiProblem.Invalid([.. wrong]);
        var trunk = await db.Trunks.SingleOrDefaultAsync(t => t.Name == name, cancel);
        if (trunk is null)
        {
            db.Add(trunk = new Trunk { Name = name, Account = "", Direction = "", Acl = [], DestinationUris = [], ChangedBy = "" });
        }
        var (account, who) = (request.Account ?? "default", user.Identity?.Name ?? "unknown");
        (trunk.Account, trunk.Sid, trunk.Direction, trunk.Acl) = (account, request.Sid, request.Direction!, request.Acl ?? []);
        (trunk.DestinationUris, trunk.ChangedAt, trunk.ChangedBy) = (request.DestinationUris ?? [], clock.GetUtcNow(), who);

        // What is mapped to it has to make sense with it as it will be.
        var mapped = await db.Dids.AsNoTracking().Where(d => d.Trunk == name).OrderBy(d => d.Number).ToListAsync(cancel);
        foreach (var did in mapped)
        {
            if (did.Account != account)
                return ApiProblem.Conflict($"Number {did.Number} of account '{did.Account}' is mapped to this trunk; a trunk and its numbers are of one account.");
            if (DidRequest.Check(trunk, did.Mode, did.Applet, did.Flow).FirstOrDefault() is { } broken)
                return ApiProblem.Conflict($"Number {did.Number} is mapped to this trunk, and its '{broken.Field}' would have to be {broken.Expected}. Change the number first.");
        }
        await db.SaveChangesAsync(cancel);
        return TypedResults.Ok(TrunkView.Of(trunk, [.. mapped.Select(d => d.Number)]));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Remove(string name, RouterDbContext db, CancellationToken cancel)
    {
        try
        {
            return await db.Trunks.Where(t => t.Name == name).ExecuteDeleteAsync(cancel) == 0 ? ApiProblem.NotFound("trunk", name)
                : TypedResults.NoContent();
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            return ApiProblem.Conflict("Numbers are mapped to this trunk; map them elsewhere first.");
        }
    }
}
