using System.Globalization;
using System.Text.Json.Nodes;

namespace Outdial.Simulator;

/// <summary>
/// Exotel's error body. The sentences for 401 and 429, and the pattern of the 400s, are the reference's; those for
/// 403, 404 and 5xx are not published and are ours.
/// </summary>
public static class RestException
{
    public const string Unauthorized = "Authentication failed. Verify your API key and token.";
    public const string Forbidden = "Calls to this number are not allowed.";
    public const string NotFound = "The requested resource was not found.";
    public const string Internal = "Internal Server Error";
    public const string GatewayTimeout = "Gateway Timeout";

    public static string TooMany(int limit) =>
        string.Create(CultureInfo.InvariantCulture, $"Rate limit exceeded. Max {limit} requests per minute.");

    public static IResult Of(HttpContext http, int status, string message)
    {
        if (status == StatusCodes.Status401Unauthorized)
            http.Response.Headers.WWWAuthenticate = "Basic realm=\"Exotel\"";
        return new ExotelResult(new JsonObject { ["RestException"] = new JsonObject { ["Status"] = status, ["Message"] = message } }, status);
    }
}
