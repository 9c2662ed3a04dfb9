using Microsoft.AspNetCore.Http.HttpResults;
using Outdial.Gateway.Routing;
using Outdial.Platform;
using Yarp.ReverseProxy.Forwarder;

namespace Outdial.Gateway.Forwarding;

/// <summary>What became of a request that got no answer: may it be sent again, and what is its sender told?</summary>
internal static class Failure
{
    /// <summary>No connection came about, so no byte of the request has left: it can go elsewhere whatever it asks for.</summary>
    public static bool NothingWasSent(IForwarderErrorFeature error) => error.Exception is HttpRequestException
    {
        HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError,
    };

    /// <summary>
    /// Whether another replica may be asked. Nothing sent: always. Otherwise where the receiver recognises a repetition (the providers' lanes),
    /// and for reading, unless the time is up: a service that is slow is not helped by asking it twice.
    /// </summary>
    public static bool MayRepeat(HttpRequest request, Lane lane, IForwarderErrorFeature error) => error.Error switch
    {
        ForwarderError.None or ForwarderError.NoAvailableDestinations or ForwarderError.RequestCanceled
            or ForwarderError.RequestBodyClient or ForwarderError.RequestBodyCanceled => false,
        _ when NothingWasSent(error) => true,
        _ when lane.Repeats => true,
        ForwarderError.Request => HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method),
        _ => false,
    };

    /// <summary>The answer when all is tried.</summary>
    /// <param name="error">Of the last try; null: the replica itself declined.</param>
    /// <param name="late">The lane's deadline has passed.</param>
    public static ProblemHttpResult Explain(Destined to, Lane lane, IForwarderErrorFeature? error, bool late)
    {
        if (late || error?.Error is ForwarderError.RequestTimedOut)
            return ApiProblem.Of(StatusCodes.Status504GatewayTimeout,
                $"The {to.Service} service did not answer within {(late ? lane.Deadline : lane.Silence)?.TotalSeconds:0.#} s. Whether the request was carried out is not known.");
        if (error?.Error is ForwarderError.RequestBodyClient or ForwarderError.RequestBodyCanceled)
            return Client(lane, error.Exception);
        if (error is null || error.Error == ForwarderError.NoAvailableDestinations || NothingWasSent(error))
            return ApiProblem.Of(StatusCodes.Status503ServiceUnavailable, $"The {to.Service} service cannot be reached now. Nothing was done; try again.");
        return ApiProblem.Of(StatusCodes.Status502BadGateway,
            $"The connection to the {to.Service} service broke. Whether the request was carried out is not known.");
    }

    private static ProblemHttpResult Client(Lane lane, Exception? error) => Refusal(error)?.StatusCode switch
    {
        StatusCodes.Status413PayloadTooLarge => TooLarge(lane),
        StatusCodes.Status408RequestTimeout => ApiProblem.Of(StatusCodes.Status408RequestTimeout, "The request's body came too slowly."),
        _ => ApiProblem.Of(StatusCodes.Status400BadRequest, "The request's body could not be read to its end."),
    };

    // YARP wraps what the server said of the body, once or several times.
    private static BadHttpRequestException? Refusal(Exception? error) => error switch
    {
        BadHttpRequestException refusal => refusal,
        AggregateException several => several.InnerExceptions.Select(Refusal).FirstOrDefault(refusal => refusal is not null),
        _ => error?.InnerException is { } inner ? Refusal(inner) : null,
    };

    public static ProblemHttpResult TooLarge(Lane lane) =>
        ApiProblem.Of(StatusCodes.Status413PayloadTooLarge, $"The body is larger than {lane.BodyBytes} bytes.");
}
