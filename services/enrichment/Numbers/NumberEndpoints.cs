using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Outdial.Enrichment.Budgets;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.Enrichment.Numbers;

/// <summary>What is known of a number.</summary>
internal sealed record NumberAnswerBody
{
    public required string Number { get; init; }

    /// <summary><c>found</c>, <c>unknown</c> or <c>unavailable</c>.</summary>
    [OneOf(typeof(NumberStatus))]
    public required string Status { get; init; }

    public required string? Circle { get; init; }
    public required string? CircleName { get; init; }
    public required string? Operator { get; init; }
    public required string? OperatorName { get; init; }
    public required string? Type { get; init; }
    public required bool? Dnd { get; init; }
    public required DateTimeOffset AsOf { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Why nothing is known, in words; null where something is.</summary>
    public required string? Explanation { get; init; }

    /// <summary>The number's country, as an ISO 3166 code.</summary>
    public required string? Region { get; init; }

    /// <summary>What its range is for by the country's plan, such as <c>mobile</c>; null where the plan does not tell.</summary>
    public required string? Kind { get; init; }

    /// <summary>The plan has given its range out; false: it is possible, and may be of a range that is fictional, or newer than our data.</summary>
    public required bool Valid { get; init; }
}

internal static class NumberEndpoints
{
    public static void MapNumbers(this IEndpointRouteBuilder routes) =>
        routes.MapApi().MapGet("/numbers/{e164}", Find).WithTags("Numbers").RequireAuthorization(ApiPolicies.Read)
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
                $"People may have {Counted.Of(budgets.Value.Limit(account, BudgetKinds.People), "number")} a minute looked up over account '{account}', and these are used: "
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

    private static NumberAnswerBody Body(NumberRecord r, string? explanation) => new()
    {
        Number = r.Number,
        Status = r.Status,
        Circle = r.Circle,
        CircleName = r.CircleName,
        Operator = r.Operator,
        OperatorName = r.OperatorName,
        Type = r.Type,
        Dnd = r.Dnd,
        AsOf = r.AsOf,
        ExpiresAt = r.ExpiresAt,
        Explanation = explanation,
        Region = PhoneNumber.Region(r.Number),
        Kind = PhoneNumber.Kind(r.Number),
        Valid = PhoneNumber.IsValid(r.Number),
    };
}
