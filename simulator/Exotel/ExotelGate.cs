using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Outdial.Simulator;

/// <summary>What every request of the API passes first: Basic authentication, the account's name, the family's budget.</summary>
public sealed class ExotelGate(IOptions<SimulatorOptions> options, RateWindows windows)
{
    private readonly byte[] _expected = Encoding.UTF8.GetBytes(
        "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.Value.ApiKey}:{options.Value.ApiToken}")));

    /// <returns>Status and sentence of the refusal, or null when the request may pass.</returns>
    public (int Status, string Message)? Refusal(HttpContext http, ApiFamily family)
    {
        var given = Encoding.UTF8.GetBytes(http.Request.Headers.Authorization.ToString());
        var known = CryptographicOperations.FixedTimeEquals(given, _expected)
            && http.Request.RouteValues["account"] as string == options.Value.AccountSid;
        return !known ? (StatusCodes.Status401Unauthorized, RestException.Unauthorized)
            : windows.Admit(family) ? null
            : (StatusCodes.Status429TooManyRequests, RestException.TooMany(windows.Limit));
    }
}

public static class ExotelGateExtensions
{
    public static RouteHandlerBuilder RequireBudget(this RouteHandlerBuilder route, ApiFamily family) =>
        route.AddEndpointFilter((context, next) =>
            context.HttpContext.RequestServices.GetRequiredService<ExotelGate>().Refusal(context.HttpContext, family) is var (status, message)
                ? ValueTask.FromResult<object?>(RestException.Of(context.HttpContext, status, message))
                : next(context));
}
