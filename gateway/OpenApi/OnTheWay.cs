using System.Globalization;
using System.Text.Json.Nodes;
using Outdial.Gateway.Forwarding;
using Outdial.Gateway.Routing;

namespace Outdial.Gateway.OpenApi;

/// <summary>
/// What the gateway itself answers in the place of a service that gives no answer: see <see cref="Failure.Explain"/>. Services know nothing of it.
/// </summary>
internal static class OnTheWay
{
    private const string ProblemType = "application/problem+json";

    /// <param name="operation">As the service describes it; what it describes by itself stays.</param>
    public static void Describe(JsonObject operation, ApiRoute route)
    {
        if (operation["responses"] is not JsonObject answers)
            operation["responses"] = answers = [];
        if (operation["requestBody"] is not null)
            Add(answers, StatusCodes.Status408RequestTimeout, "The body came too slowly.");
        Add(answers, StatusCodes.Status502BadGateway, "The connection to the service broke. Whether the request was carried out is not known.");
        Add(answers, StatusCodes.Status503ServiceUnavailable, "The service cannot be reached now, and nothing was done: ask again later.");
        if (route.Lane != LaneKind.Stream)   // those may be silent
            Add(answers, StatusCodes.Status504GatewayTimeout, "The service did not answer in time. Whether the request was carried out is not known.");
    }

    private static void Add(JsonObject answers, int status, string why)
    {
        var key = status.ToString(CultureInfo.InvariantCulture);
        if (answers.ContainsKey(key))
            return;
        // In the order of the statuses, as people read them.
        var place = answers.TakeWhile(answer => string.CompareOrdinal(answer.Key, key) < 0).Count();
        answers.Insert(place, key, new JsonObject
        {
            ["description"] = why,
            ["content"] = new JsonObject
            {
                [ProblemType] = new JsonObject { ["schema"] = new JsonObject { ["$ref"] = "#/components/schemas/Problem" } },
            },
        });
    }
}
