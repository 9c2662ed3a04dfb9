using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Outdial.Enrichment.Budgets;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.Enrichment.Numbers;

/// <summary>What is known of a number.</summary>
/// <param name="Status"><c>found</c>, <c>unknown</c> or <c>unavailable</c>.</param>
/// <param name="Region">The number's country, as an ISO 3166 code.</param>
/// <param name="Kind">What its range is for by the country's plan, such as <c>mobile</c>; null where the plan does not tell.</param>
/// <param name="Valid">
/// The plan has given its range out; false: it is possible, and may be of a range that is fictional, or newer than our data.
/// </param>
/// <param name="Explanation">Why nothing is known, in words; null where something is.</param>
internal sealed record NumberAnswerBody(
    string Number, string Status, string? Circle, string? CircleName, string? Operator, string? OperatorName, string? Type, bool? Dnd,
    DateTimeOffset AsOf, DateTimeOffset ExpiresAt, string? Explanation, string? Region, string? Kind, bool Valid);

internal static class NumberEndpoints
{
    public static void MapNumbers(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/numbers/{e164}", Find).WithTags("Numbers").RequireAuthorization(ApiPolicies.Read)
            .WithSummary("Circle, operator, type and do-not-disturb flag of a telephone number.")
            .WithDescription("Answered from memory or the database while the data is fresh, else asked of the provider within a budget that is people's own. "
                + "A number without its country's code is read in the country of the account. "
                + "429 when that budget is spent, 503 when the provider did not answer in time: ask again later.");

    private static async Task<Results<Ok<NumberAnswerBody>, ProblemHttpResult>> Find(
        string e164, string? account, LiveLookup lookup, NumberDirectory directory, ITelephonyProviders providers, NumberDoors doors,
        IOptions<EnrichmentOptions> options, IOptions<AccountBudgets> budgets, TimeProvider clock, HttpResponse response, CancellationToken cancel)
    {
        account ??= "default";
        var provider = providers.All.FirstOrDefault(provider => provider.Account == account);
        if (provider is null)
            return ApiProblem.Invalid("account", account, "one of " + string.Join(", ", providers.All.Select(provider => provider.Account)));
        if (!doors.OfAccount(account).TryParse(e164, out var number, out var expected))
            return ApiProblem.Invalid("e164", e164, expected);

        if (!directory.HasMetadata(number))
            return TypedResults.Ok(Body(NumberRecord.From(number, null, clock.GetUtcNow(), options.Value),
                $"There is no metadata for this country; it exists for +{string.Join(", +", options.Value.Countries)}."));
        if (!provider.HasNumberMetadata)
            return TypedResults.Ok(Body(NumberRecord.NotAsked(number, clock.GetUtcNow(), options.Value), "The account's provider has no metadata of numbers."));
        var (record, spent) = await lookup.AskAsync(account, number, cancel);
        if (spent is { } wait)
        {
            var seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            return ApiProblem.Of(StatusCodes.Status429TooManyRequests,
                $"People may have {budgets.Value.Limit(account, BudgetKinds.People)} numbers a minute looked up over account '{account}', and these are used: "
                + $"ask again in {seconds} s. What is known already is answered meanwhile.");
        }
        if (record is null)
        {
            response.Headers.RetryAfter = "10";
            return ApiProblem.Of(StatusCodes.Status503ServiceUnavailable, "The provider did not answer in time; the look-up goes on, ask again later.");
        }
        return TypedResults.Ok(Body(record, record.Status switch
        {
            NumberStatus.Unknown => "The provider knows no such number.",
            NumberStatus.Unavailable => "The provider could not be asked; it is tried again after the time of expiry.",
            _ => null,
        }));
    }

    private static NumberAnswerBody Body(NumberRecord r, string? explanation) => new(
        r.Number, r.Status, r.Circle, r.CircleName, r.Operator, r.OperatorName, r.Type, r.Dnd, r.AsOf, r.ExpiresAt, explanation,
        PhoneNumber.Region(r.Number), PhoneNumber.Kind(r.Number), PhoneNumber.IsValid(r.Number));
}
