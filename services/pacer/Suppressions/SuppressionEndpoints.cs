using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Data;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.Pacer.Suppressions;

/// <summary>A person who is not to be called.</summary>
internal sealed record SuppressionRequest
{
    /// <summary>With + and the code of its country, or as it is written in <see cref="Region"/>.</summary>
    [Required]
    public string? Number { get; init; }

    /// <summary>The country (ISO 3166) in which a number without its country's code is read; not needed with <c>+</c>.</summary>
    public string? Region { get; init; }

    /// <summary><c>all</c> (left out) or one purpose.</summary>
    public string? Scope { get; init; }

    /// <summary>For people to read, at most 500 characters; left out: <c>asked for</c>.</summary>
    [StringLength(SuppressionEndpoints.LongestReason)]
    public string? Reason { get; init; }
}

/// <summary>People who are not to be called.</summary>
internal static class SuppressionEndpoints
{
    internal const int LongestReason = 500;

    public static void MapSuppressions(this IEndpointRouteBuilder routes)
    {
        var list = routes.MapGroup("/suppressions").WithTags("Suppressions");
        list.MapGet("/", List).RequireAuthorization(ApiPolicies.Read)
            .WithSummary("The list, newest first; number=… looks one up; page on with after=<last id>");
        list.MapPost("/", Add).RequireAuthorization(ApiPolicies.Operate).WithSummary("Never call this person again");
        list.MapSuppressionLists();
        list.MapDelete("/{id:guid}", Delete).RequireAuthorization(ApiPolicies.Operate).WithSummary("The person may be called again");
    }

    private static async Task<Results<Ok<List<Suppression>>, ProblemHttpResult>> List(
        string? number, Guid? after, int? limit, HttpContext http, PacerDbContext db, AnybodysNumbers anybody, CancellationToken cancel)
    {
        if (Paging.Refusal(limit) is { } wrong)
            return wrong;
        var e164 = number;
        if (number is not null && Unclear(await anybody.Find(NumberDoors.OfQuery(number), cancel), number, out e164) is { } unclear)
            return ApiProblem.Invalid(unclear);
        return TypedResults.Ok(await db.Suppressions.AsNoTracking().Where(s => (e164 == null || s.Number == e164) && (after == null || s.Id < after))
            .OrderByDescending(s => s.Id).PageAsync(http, limit, s => s.Id, cancel));
    }

    private static async Task<Results<Created<Suppression>, Ok<Suppression>, ProblemHttpResult>> Add(
        SuppressionRequest request, PacerDbContext db, SuppressionList suppressions, AnybodysNumbers anybody, NumberDoors doors, ClaimsPrincipal user,
        CancellationToken cancel)
    {
        var (number, wrong) = await Check(request, anybody, doors, cancel);
        if (wrong.Count > 0)
            return ApiProblem.Invalid(wrong);
        var scope = request.Scope ?? SuppressionList.Everything;
        var added = await suppressions.Add(number, scope, request.Reason ?? "asked for", "api", user.Identity?.Name ?? "unknown", cancel);
        var row = await db.Suppressions.AsNoTracking().SingleAsync(s => s.Number == number && s.Scope == scope, cancel);
        return added ? TypedResults.Created($"/api/v1/suppressions/{row.Id}", row) : TypedResults.Ok(row);
    }

    /// <returns>The number, or all that is wrong with the request.</returns>
    internal static async Task<(string Number, IReadOnlyList<FieldProblem> Wrong)> Check(
        SuppressionRequest request, AnybodysNumbers anybody, NumberDoors doors, CancellationToken cancel)
    {
        List<FieldProblem> wrong = [];
        var (number, unread) = await Read(request, anybody, doors, cancel);
        if (unread is not null)
            wrong.Add(unread);
        var scope = request.Scope ?? SuppressionList.Everything;
        if (scope != SuppressionList.Everything && !Purposes.All.Contains(scope))
            wrong.Add(new("scope", scope, ScopeExpected));
        if (request.Reason is { Length: > LongestReason } reason)
            wrong.Add(new("reason", $"{reason.Length} characters", $"at most {LongestReason} characters"));
        return (number, wrong);
    }

    private static async Task<(string Number, FieldProblem? Wrong)> Read(
        SuppressionRequest request, AnybodysNumbers anybody, NumberDoors doors, CancellationToken cancel)
    {
        var region = Countries.Find(request.Region);
        if (request.Region is not null && (region is null || !PhoneNumber.Regions.Contains(region)))
            return ("", new("region", request.Region, PhoneNumber.ExpectedRegion));
        var readings = region is null ? await anybody.Find(request.Number, cancel) : NumberRegions.Of(region).Readings(request.Number);
        if (Unclear(readings, request.Number, out var number) is { } unclear)
            return ("", unclear);
        // Whom it means may turn out later, with the first campaign of another country, and then the person is called who asked for peace.
        return region is null && !PhoneNumber.TryParse(request.Number, null, out _, out _) && !doors.Named.Contains(readings[0].Region)
            ? ("", new("number", Masked.Text(request.Number!), UnclearExpected)) : (number, null);
    }

    internal static readonly string ScopeExpected = $"all, or one of {string.Join(", ", Purposes.All)}";

    private const string UnclearExpected =
        "the number with + and the code of its country, or its country as 'region' beside it, because no account's "
        + "Region and no Numbers:DefaultRegion says in which country it is meant";

    /// <summary>
    /// The entry holds for everybody's campaigns, so no account, campaign or default region decides how it is read: guessed wrong, the person who
    /// asked for peace is called again, and somebody else is not.
    /// </summary>
    private static FieldProblem? Unclear(IReadOnlyList<(string E164, string? Region)> readings, string? text, out string number)
    {
        number = readings is [var only] ? only.E164 : "";
        if (readings.Count == 1)
            return null;
        var expected = readings.Count > 1 ? NumberRegions.ExpectedOf(readings) : PhoneNumber.ExpectedAbroad;
        return new("number", text is null ? null : Masked.Text(text), expected);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Delete(Guid id, SuppressionList suppressions, CancellationToken cancel) =>
        await suppressions.Lift(id, cancel) ? TypedResults.NoContent() : ApiProblem.NotFound("suppression", id);
}
