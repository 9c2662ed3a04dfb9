using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Outdial.Contracts;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Data;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.Pacer.Leads.Import;

/// <summary>Uploading leads, and what became of the uploads.</summary>
internal static class ImportEndpoints
{
    private const int FirstErrors = 100;
    private const int MostErrors = 10_000;

    public static IHostApplicationBuilder AddImports(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ImportOptions>().BindConfiguration(ImportOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddScoped<ImportStore>();
        builder.Services.AddScoped<LeadImporter>();
        builder.Services.AddHostedService<AbandonedImports>();
        return builder;
    }

    /// <param name="api">The group <c>/api/v1</c>.</param>
    public static IEndpointRouteBuilder MapImports(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("").WithTags("Imports");
        group.MapPost("/campaigns/{id:guid}/leads", Upload).RequireAuthorization(ApiPolicies.Operate).DisableAntiforgery();
        group.MapGet("/campaigns/{id:guid}/imports", OfCampaign).RequireAuthorization(ApiPolicies.Read);
        group.MapGet("/imports/{id:guid}", Get).RequireAuthorization(ApiPolicies.Read);
        group.MapGet("/imports/{id:guid}/errors", Errors).RequireAuthorization(ApiPolicies.Operate);       // they hold whole numbers
        group.MapGet("/imports/{id:guid}/errors.csv", ErrorsAsCsv).ProducesCsv().RequireAuthorization(ApiPolicies.Operate);
        return api;
    }

    /// <summary>Reads the body as it comes; the answer follows the last row. Progress is to be seen at <c>/imports</c> meanwhile.</summary>
    private static async Task<Results<Ok<ImportResult>, ProblemHttpResult>> Upload(
        Guid id, HttpContext http, PacerDbContext db, LeadImporter importer, ImportStore imports, IOptions<ImportOptions> options, NumberDoors doors,
        TimeProvider clock, CancellationToken cancel)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = options.Value.MaxBytes;   // the server's own limit is meant for requests that are held in memory
        if (await db.Campaigns.AsNoTracking().SingleOrDefaultAsync(campaign => campaign.CorrelationId == id, cancel) is not { } campaign)
            return ApiProblem.NotFound("campaign", id);
        if (campaign.Mode == CampaignModes.Triggered)
            return ApiProblem.Conflict("This campaign stands for single calls and takes no list.");
        if (!ImportStates.OpenCampaigns.Contains(campaign.State))
        {
            return ApiProblem.Conflict(
                $"A campaign in state {campaign.State} takes no leads any more; expected {string.Join(", ", ImportStates.OpenCampaigns)}.");
        }
        var asked = http.Request.Query["region"].FirstOrDefault();
        var region = asked is null ? CampaignCountry.Of(campaign, doors) : Countries.Read(asked);
        if (region is null || !PhoneNumber.Regions.Contains(region))
            return ApiProblem.Invalid("region", asked, $"{Countries.Expected}: how numbers without country code are read");
        if (UploadBody.OtherEncoding(http.Request) is { } encoding)
            return ApiProblem.Of(StatusCodes.Status415UnsupportedMediaType, $"The content encoding '{encoding}' is not taken: expected gzip, or none.");

        try
        {
            if (await UploadBody.Of(http.Request, cancel) is not { } body)
                return ApiProblem.Of(StatusCodes.Status415UnsupportedMediaType,
                    $"The content type '{http.Request.ContentType}' is not taken: expected {UploadBody.Expected}.");
            var upload = new Upload(body.Stream, body.Format, body.FileName, new LeadDefaults(region, campaign.Rules.Window, clock.GetUtcNow()))
            {
                Sheet = http.Request.Query["sheet"].FirstOrDefault(),
            };
            var (import, understood) = await importer.Import(id, upload, cancel);
            var result = ImportResult.Of(import, await imports.Errors(import.ImportId, after: 0, FirstErrors, cancel), region, understood);
            return import.Failure is null
                ? TypedResults.Ok(result)
                : TypedResults.Problem(import.Failure, statusCode: StatusCodes.Status400BadRequest, title: "The import ended early.",
                    extensions: new Dictionary<string, object?> { ["import"] = result });
        }
        catch (UploadRefusedException refusal)
        {
            return ApiProblem.Of(refusal.Status, refusal.Message);
        }
        catch (UploadBrokenException broken)   // before its first row
        {
            return ApiProblem.Of(StatusCodes.Status400BadRequest, broken.Message);
        }
        catch (BadHttpRequestException refusal) when (refusal.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return ApiProblem.Of(StatusCodes.Status413PayloadTooLarge,
                $"The upload is larger than {options.Value.MaxBytes} bytes, as it is or unpacked (Imports:MaxBytes).");
        }
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
        Guid id, ImportStore imports, CancellationToken cancel, long after = 0, int limit = 1000)
    {
        if (limit is < 1 or > MostErrors)
            return ApiProblem.Invalid("limit", $"{limit}", $"a number from 1 to {MostErrors}");
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
