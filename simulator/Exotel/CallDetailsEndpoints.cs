namespace Outdial.Simulator;

/// <summary><c>GET …/Calls/{sid}[.json]</c> and the bulk list <c>GET …/Calls[.json]</c>.</summary>
public static class CallDetailsEndpoints
{
    public static void MapCallDetails(this IEndpointRouteBuilder account)
    {
        account.MapGet("/Calls", List).RequireBudget(ApiFamily.Details);
        account.MapGet("/Calls.json", List).RequireBudget(ApiFamily.Details);
        account.MapGet("/Calls/{call}", One).RequireBudget(ApiFamily.Details);
    }

    private static IResult One(HttpContext http, string call, CallBook book, CallDocuments documents, FaultPlan faults, NumberDirectory numbers)
    {
        if (!RecordingValidityIsFine(http.Request))
            return RestException.Of(http, StatusCodes.Status400BadRequest, "The 'RecordingUrlValidity' parameter must be from 5 to 60.");
        if (book.Find(WithoutExtension(call)) is not { } found)
            return RestException.Of(http, StatusCodes.Status404NotFound, RestException.NotFound);
        if (numbers.FixedBehaviour(found.Person) is { DetailsStatus: { } status })
            return RestException.Of(http, status, RestException.Internal);
        var read = Interlocked.Increment(ref found.Reads);
        if (faults.Strikes(Fault.LookupError, found.Person, found.Occasion, $"details-{read}"))
        {
            faults.Count(Fault.LookupError);
            return RestException.Of(http, StatusCodes.Status500InternalServerError, RestException.Internal);
        }
        return new ExotelResult(documents.Details(found, withLegs: http.Request.Query["details"] == "true"));
    }

    private static IResult List(HttpContext http, CallBook book, CallDocuments documents, TimeProvider clock, NumberDirectory numbers)
    {
        if (!RecordingValidityIsFine(http.Request))
            return RestException.Of(http, StatusCodes.Status400BadRequest, "The 'RecordingUrlValidity' parameter must be from 5 to 60.");
        var (filter, problem) = CallFilter.Read(http.Request.Query, clock.GetUtcNow());
        if (filter is null)
            return RestException.Of(http, StatusCodes.Status400BadRequest, problem!);
        var matches = book.Calls.Where(c => filter.Matches(c, documents)).ToList();
        if (matches.Exists(c => numbers.FixedBehaviour(c.Person) is { DetailsStatus: not null }))
            return RestException.Of(http, StatusCodes.Status500InternalServerError, RestException.Internal);
        return new ExotelResult(filter.Page(matches, http.Request, documents));
    }

    public static string WithoutExtension(string segment) =>
        segment.EndsWith(".json", StringComparison.Ordinal) ? segment[..^5] : segment;

    private static bool RecordingValidityIsFine(HttpRequest request) =>
        request.Query["RecordingUrlValidity"].ToString() is not { Length: > 0 } text || (int.TryParse(text, out var minutes) && minutes is >= 5 and <= 60);
}
