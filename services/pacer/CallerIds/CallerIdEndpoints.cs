using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Accounts;
using Outdial.Pacer.Data;
using Outdial.Pacer.Placing;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.Pacer.CallerIds;

/// <summary>A number of ours as people register it.</summary>
internal sealed record CallerIdRequest
{
    /// <summary>With + and the code of its country, or as it is written in the account's.</summary>
    [Required]
    public string? Number { get; init; }

    /// <summary>The provider account that it belongs to; left out: <c>default</c>.</summary>
    public string? Account { get; init; }

    /// <summary>Its telecom circle, such as <c>GJ</c>: leads of the same one see it. Left out: of none.</summary>
    [StringLength(50)]
    public string? Circle { get; init; }

    /// <summary>Shown to leads of circles that have no number of their own; left out: false.</summary>
    public bool IsDefault { get; init; }

    /// <summary>False: it is kept, and shown to nobody. Left out: true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>For which calls it may be shown, at least one; left out: all.</summary>
    [OneOf(typeof(Purposes))]
    public List<string>? Purposes { get; init; }

    /// <summary>Calls a day that show it at most; left out: no limit.</summary>
    [Range(1, int.MaxValue)]
    public int? MaxPerDay { get; init; }

    /// <summary>Calls at one time that show it at most; left out: no limit.</summary>
    [Range(1, int.MaxValue)]
    public int? MaxConcurrent { get; init; }

    /// <summary>For people to read, at most 500 characters; left out: none.</summary>
    [StringLength(CallerIdEndpoints.LongestNote)]
    public string? Note { get; init; }
}

/// <param name="Saved">How many.</param>
/// <param name="Numbers">E.164.</param>
internal sealed record SavedCallerIds(int Saved, IReadOnlyList<string> Numbers);

/// <summary>Our own numbers and what each may be used for.</summary>
internal static class CallerIdEndpoints
{
    private const int MostAtOnce = 1000;
    internal const int LongestNote = 500;

    public static void MapCallerIds(this IEndpointRouteBuilder routes)
    {
        var ids = routes.MapGroup("/caller-ids").WithTags("Caller IDs");
        ids.MapGet("/", List).RequireAuthorization(ApiPolicies.Read).WithSummary("Our numbers, in their order; page on with after=<last number>");
        ids.MapPut("/", Put).RequireAuthorization(ApiPolicies.Operate)
            .WithSummary("Add or replace some numbers: all of them, or none when one is refused");
        ids.MapPost("/sync", Sync).RequireAuthorization(ApiPolicies.Operate).ProducesProblem(StatusCodes.Status502BadGateway)
            .WithSummary("Add the numbers that the provider lists for an account");
        ids.MapDelete("/{number}", Delete).RequireAuthorization(ApiPolicies.Operate).WithSummary("Forget a number");
    }

    private static async Task<Results<Ok<List<CallerId>>, ProblemHttpResult>> List(
        string? after, int? limit, HttpContext http, PacerDbContext db, CancellationToken cancel) =>
        Paging.Refusal(limit) is { } wrong
            ? wrong
            : TypedResults.Ok(await db.CallerIds.AsNoTracking()
                .Where(c => after == null || string.Compare(c.Number, NumberDoors.OfQuery(after)) > 0)
                .OrderBy(c => c.Number).PageAsync(http, limit, c => c.Number, cancel));

    private static async Task<Results<Ok<SavedCallerIds>, ProblemHttpResult>> Put(
        List<CallerIdRequest?> requests, PacerDbContext db, AccountSettings accounts, WrittenNumbers written, CancellationToken cancel)
    {
        if (requests.Count is 0 or > MostAtOnce)
            return ApiProblem.Invalid("body", $"{requests.Count} numbers", $"1 to {MostAtOnce} numbers at once");
        List<FieldProblem> wrong = [];
        List<(string Number, CallerIdRequest Request)> good = [];
        foreach (var (request, index) in requests.Select((r, i) => (r, i)))
        {
            if (request is null)
            {
                wrong.Add(new($"[{index}]", "null", "a number of ours"));
                continue;
            }
            var problems = Check(request, $"[{index}]", accounts, await written.OfAccount(request.Account, cancel), out var e164);
            if (problems.Count == 0 && good.Exists(each => each.Number == e164))
                problems.Add(new($"[{index}].number", request.Number, "each number once"));
            wrong.AddRange(problems);
            good.Add((e164, request));
        }
        if (wrong.Count > 0)
            return ApiProblem.Invalid(wrong);

        foreach (var (number, request) in good)
            await Save(db, number, request, cancel);
        await db.SaveChangesAsync(cancel);
        return TypedResults.Ok(new SavedCallerIds(good.Count, good.ConvertAll(each => each.Number)));
    }

    private static async Task<Results<Ok<List<CallerId>>, ProblemHttpResult>> Sync(
        string? account, PacerDbContext db, AccountSettings accounts, ITelephonyProviders providers, CancellationToken cancel)
    {
        var name = account ?? "default";
        if (accounts.Find(name) is null)
            return ApiProblem.Invalid("account", name, $"a configured provider account: {string.Join(", ", accounts.All.Select(a => a.Name))}");
        try
        {
            foreach (var own in (await providers.Get(name).ListOwnNumbersAsync(cancel)).Where(n => n.Voice))
            {
                if (await db.CallerIds.FindAsync([own.Number], cancel) is not null)
                    continue;
                db.CallerIds.Add(new()
                {
                    Number = own.Number,
                    Account = name,
                    Circle = own.Region,
                    IsDefault = own.Region is null,
                    Purposes = [.. Purposes.All],
                });
            }
        }
        catch (ProviderException e)
        {
            return ApiProblem.Of(StatusCodes.Status502BadGateway, $"The provider could not be asked for its numbers: {e.Message}");
        }

        await db.SaveChangesAsync(cancel);
        return TypedResults.Ok(await db.CallerIds.AsNoTracking().Where(c => c.Account == name).OrderBy(c => c.Number).ToListAsync(cancel));
    }

    /// <summary>Of the numbers that are registered, the one that was made of this text: each is read as its own account's are.</summary>
    private static async Task<Results<NoContent, ProblemHttpResult>> Delete(
        string number, PacerDbContext db, WrittenNumbers written, CancellationToken cancel)
    {
        var readings = (await written.InUse(cancel)).Readings(number).Select(reading => reading.E164).Append(number).ToList();
        List<string> found = [];
        foreach (var id in await db.CallerIds.AsNoTracking().Where(c => readings.Contains(c.Number)).OrderBy(c => c.Number).ToListAsync(cancel))
        {
            if (id.Number == number || (await written.OfAccount(id.Account, cancel)).Readings(number).Any(reading => reading.E164 == id.Number))
                found.Add(id.Number);
        }
        if (found.Count > 1)
            return ApiProblem.Invalid("number", Masked.Text(number), NumberRegions.ExpectedOf(found.Select(id => (id, PhoneNumber.Region(id)))));
        return found.Count == 1 && await db.CallerIds.Where(c => c.Number == found[0]).ExecuteDeleteAsync(cancel) == 1
            ? TypedResults.NoContent()
            : ApiProblem.NotFound("caller ID", Masked.Text(number));
    }

    private static List<FieldProblem> Check(CallerIdRequest request, string at, AccountSettings accounts, NumberRegions regions, out string e164)
    {
        List<FieldProblem> wrong = [];
        if (!regions.TryParse(request.Number, out e164, out var expected))
            wrong.Add(new($"{at}.number", request.Number, expected));
        if (accounts.Find(request.Account ?? "default") is null)
            wrong.Add(new($"{at}.account", request.Account ?? "default",
                $"a configured provider account: {string.Join(", ", accounts.All.Select(a => a.Name))}"));
        if (request.Purposes?.FirstOrDefault(p => !Purposes.All.Contains(p)) is { } unknown)
            wrong.Add(new($"{at}.purposes", unknown, $"some of {string.Join(", ", Purposes.All)}"));
        if (request.Purposes is [])
            wrong.Add(new($"{at}.purposes", "[]", $"at least one of {string.Join(", ", Purposes.All)}; left out: all of them"));
        if (request.Circle is { Length: > 50 } circle)
            wrong.Add(new($"{at}.circle", $"{circle.Length} characters", "at most 50 characters"));
        else if (!string.IsNullOrWhiteSpace(request.Circle) && PhoneNumber.Region(e164) == "IN"
            && !TelecomCircles.All.Contains(request.Circle.Trim(), StringComparer.OrdinalIgnoreCase))
            wrong.Add(new($"{at}.circle", request.Circle, TelecomCircles.Expected));
        if (request.Note is { Length: > LongestNote } note)
            wrong.Add(new($"{at}.note", $"{note.Length} characters", $"at most {LongestNote} characters"));
        if (request.MaxPerDay is < 1)
            wrong.Add(FieldProblem.Of($"{at}.maxPerDay", request.MaxPerDay, "1 or more; left out: no limit"));
        if (request.MaxConcurrent is < 1)
            wrong.Add(FieldProblem.Of($"{at}.maxConcurrent", request.MaxConcurrent, "1 or more; left out: no limit"));
        return wrong;
    }

    private static async Task Save(PacerDbContext db, string e164, CallerIdRequest request, CancellationToken cancel)
    {
        var number = await db.CallerIds.FindAsync([e164], cancel);
        if (number is null)
            db.CallerIds.Add(number = new() { Number = e164, Account = "", Purposes = [] });
        number.Account = request.Account ?? "default";
        number.Circle = string.IsNullOrWhiteSpace(request.Circle) ? null : request.Circle.Trim().ToUpperInvariant();
        number.IsDefault = request.IsDefault;
        number.Enabled = request.Enabled;
        number.Purposes = [.. request.Purposes ?? [.. Purposes.All]];
        number.MaxPerDay = request.MaxPerDay;
        number.MaxConcurrent = request.MaxConcurrent;
        number.Note = request.Note;
    }
}
