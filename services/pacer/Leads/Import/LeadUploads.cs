using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Data;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.Pacer.Leads.Import;

/// <summary>Takes a list in that is the body of a request.</summary>
internal sealed class LeadUploads(
    PacerDbContext db, LeadImporter importer, ImportStore imports, IOptions<ImportOptions> options, NumberDoors doors, TimeProvider clock)
{
    private const int FirstErrors = 100;

    /// <summary>Reads the body as it comes; the answer follows the last row. Progress is to be seen at <c>/imports</c> meanwhile.</summary>
    public async Task<Results<Ok<ImportResult>, NoneAdded, Created<AddedLeadsAnswer>, ProblemHttpResult>> Take(
        Guid id, string? asked, string? sheet, string? fileName, HttpContext http, CancellationToken cancel)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = options.Value.MaxBytes;   // the server's own limit is meant for requests that are held in memory
        if (await db.Campaigns.AsNoTracking().SingleOrDefaultAsync(campaign => campaign.CorrelationId == id, cancel) is not { } campaign)
            return ApiProblem.NotFound("campaign", id);
        if (LeadDoor.Refusal(campaign, campaign.State) is { } closed)
            return closed;
        var region = asked is null ? CampaignCountry.Of(campaign, doors) : Countries.Read(asked);
        if (region is null || !PhoneNumber.Regions.Contains(region))
            return ApiProblem.Invalid("region", asked, $"{Countries.Expected}: how numbers without country code are read");
        if (UploadBody.OtherEncoding(http.Request) is { } encoding)
            return ApiProblem.Of(StatusCodes.Status415UnsupportedMediaType, $"The content encoding '{encoding}' is not taken: expected gzip, or none.");

        try
        {
            if (await UploadBody.Of(http.Request, fileName, cancel) is not { } body)
                return ApiProblem.Of(StatusCodes.Status415UnsupportedMediaType,
                    $"The content type '{http.Request.ContentType}' is not taken: expected {UploadBody.Expected}, or application/json for leads one by one.");
            var upload = new Upload(body.Stream, body.Format, body.FileName, new LeadDefaults(region, campaign.Rules.Window, clock.GetUtcNow()))
            {
                Sheet = sheet,
            };
            var (import, understood) = await importer.Import(id, upload, cancel);
            var result = ImportResult.Of(import, await imports.Errors(import.ImportId, after: 0, FirstErrors, cancel), region, understood);
            return import.Failure is null
                ? TypedResults.Ok(result)
                : TypedResults.Problem(import.Failure, statusCode: StatusCodes.Status400BadRequest, title: "The import ended early.",
                    extensions: new Dictionary<string, object?>
                    {
                        ["import"] = result,
                        ["errors"] = new[] { UploadBrokenException.Whole(import.Failure) },
                    });
        }
        catch (UploadRefusedException refusal)
        {
            return ApiProblem.Refused(refusal.Message, refusal.Problem, refusal.Status);
        }
        catch (UploadBrokenException broken)   // before its first row
        {
            return ApiProblem.Refused(broken.Message, broken.Problem);
        }
        catch (BadHttpRequestException refusal) when (refusal.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return ApiProblem.Of(StatusCodes.Status413PayloadTooLarge,
                $"The upload is larger than {options.Value.MaxBytes} bytes, as it is or unpacked (Imports:MaxBytes).");
        }
    }
}
