using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Outdial.Pacer.Data;
using Outdial.Platform;

namespace Outdial.Pacer.Leads.Import;

/// <summary>Uploading leads, and what became of the uploads.</summary>
internal static class ImportEndpoints
{
    private const int LargestJson = 8 << 20;   // of a thousand leads with all their attributes

    public static IHostApplicationBuilder AddImports(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ImportOptions>().BindConfiguration(ImportOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddScoped<ImportStore>();
        builder.Services.AddScoped<LeadImporter>();
        builder.Services.AddScoped<LeadUploads>();
        builder.Services.AddHostedService<AbandonedImports>();
        return builder;
    }

    /// <param name="api">The group <c>/api/v1</c>.</param>
    public static IEndpointRouteBuilder MapImports(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("").WithTags("Imports");
        group.MapPost("/campaigns/{id:guid}/leads", Post).WithName("AddLeads").RequireAuthorization(ApiPolicies.Operate).DisableAntiforgery()
            .DescribesLeads()
            .WithSummary("Add leads: a list as CSV, NDJSON or workbook (200), or one by one as JSON (201; 200 when none of them is new)")
            .WithDescription("While the campaign is a draft, scheduled, running or paused. Of a list the good rows are kept, and the answer names what is "
                + "wrong with each other one. As JSON each lead has a result of its own: accepted, duplicate, or refused with everything that is wrong "
                + "with it.");
        group.MapGet("/campaigns/{id:guid}/imports", OfCampaign).RequireAuthorization(ApiPolicies.Read)
            .WithSummary("The campaign's uploads, newest first; page on with after=<last importId>");
        group.MapGet("/imports/{id:guid}", Get).RequireAuthorization(ApiPolicies.Read).WithSummary("One upload, and how far it is");
        group.MapGet("/imports/{id:guid}/errors", Errors).RequireAuthorization(ApiPolicies.Operate)       // they hold whole numbers
            .WithSummary("The rows that were refused, and why; page on with after=<next>");
        group.MapGet("/imports/{id:guid}/errors.csv", ErrorsAsCsv).ProducesCsv().RequireAuthorization(ApiPolicies.Operate)
            .WithSummary("The refused rows as CSV, to mend and send again");
        return api;
    }

    /// <param name="region">Of an upload: the country in which numbers without their country's code are read; left out: the campaign's.</param>
    /// <param name="sheet">Of a workbook: the sheet that is read; left out: the first visible one with rows.</param>
    /// <param name="fileName">Of an upload that is the body itself: what it is called.</param>
    /// <param name="idempotencyKey">
    /// Of leads as JSON: names the request. Sent again by the same holder with the same body it gives the first answer and adds nothing.
    /// </param>
    private static async Task<Results<Ok<ImportResult>, NoneAdded, Created<AddedLeadsAnswer>, ProblemHttpResult>> Post(
        Guid id, [Description("Of a list: the country (ISO 3166) in which numbers without their country's code are read.")] string? region,
        [Description("Of a workbook: the sheet that is read; left out: the first visible one with rows.")] string? sheet,
        [Description("Of a list that is the body itself: what it is called.")] string? fileName,
        [FromHeader(Name = "Idempotency-Key"), Description("Of leads as JSON: names the request; sent again it adds nothing.")] string? idempotencyKey,
        HttpContext http,
        PacerDbContext db, LeadUploads uploads, AddedLeads added, CancellationToken cancel)
    {
        if (!JsonBody.IsJson(http.Request))
        {
            return idempotencyKey is null
                ? await uploads.Take(id, region, sheet, fileName, http, cancel)
                : ApiProblem.Invalid("Idempotency-Key", idempotencyKey, "no such header with a list: sent again, a list only finds duplicates");
        }
        if ((region ?? sheet ?? fileName) is { } ofList)
        {
            return ApiProblem.Invalid(
                region is not null ? nameof(region) : sheet is not null ? nameof(sheet) : nameof(fileName), ofList,
                "no such parameter with JSON: each lead names its own region");
        }
        if (await db.Campaigns.AsNoTracking().SingleOrDefaultAsync(campaign => campaign.CorrelationId == id, cancel) is not { } campaign)
            return ApiProblem.NotFound("campaign", id);
        var (body, wrong) = await JsonBody.Read(http.Request, LargestJson, cancel);
        return wrong is not null ? wrong : await added.Add(campaign, body, idempotencyKey, http.User.Identity?.Name ?? "unknown", cancel);
    }

    /// <summary>Newest first; page on with after=&lt;last importId&gt;.</summary>
    private static async Task<Results<Ok<List<ImportView>>, ProblemHttpResult>> OfCampaign(
        Guid id, Guid? after, int? limit, HttpContext http, ImportStore imports, CancellationToken cancel) =>
        Paging.Refusal(limit) is { } wrong
            ? wrong
            : TypedResults.Ok(await imports.OfCampaign(id, after).PageAsync(http, limit, import => import.ImportId, cancel));

    private static async Task<Results<Ok<ImportView>, ProblemHttpResult>> Get(Guid id, ImportStore imports, CancellationToken cancel) =>
        await imports.Find(id, cancel) is { } import ? TypedResults.Ok(import) : ApiProblem.NotFound("import", id);

    private static async Task<Results<Ok<ErrorPage>, ProblemHttpResult>> Errors(
        Guid id, ImportStore imports, CancellationToken cancel, long after = 0, int limit = Paging.MostRows)
    {
        if (Paging.Refusal(limit) is { } wrong)
            return wrong;
        if (await imports.Find(id, cancel) is null)
            return ApiProblem.NotFound("import", id);
        var errors = await imports.Errors(id, after, limit, cancel);
        return TypedResults.Ok(new ErrorPage(errors, errors.Count >= limit ? errors[^1].Row : null));
    }

    private static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> ErrorsAsCsv(Guid id, ImportStore imports, CancellationToken cancel)
    {
        if (await imports.Find(id, cancel) is null)
            return ApiProblem.NotFound("import", id);
        return CsvAnswer.Of($"import-{id}-errors.csv", ErrorsCsv.Lines(imports, id, cancel));
    }
}

/// <param name="Errors">In the order of the rows; duplicates are among them.</param>
/// <param name="Next">The value of <c>after</c> for the next page; null when this is the last.</param>
internal sealed record ErrorPage(IReadOnlyList<RowError> Errors, long? Next);
