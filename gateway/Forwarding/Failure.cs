using System.Net.Sockets;
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
    /// It is the request that cannot be sent on, or the answer that cannot be passed back: no replica and no later time changes that.
    /// </summary>
    public static bool IsOfTheMessage(IForwarderErrorFeature error) => error.Error switch
    {
        ForwarderError.RequestCreation or ForwarderError.ResponseHeaders => true,
        ForwarderError.Request => CannotBeWritten(error.Exception),
        _ => false,
    };

    // What breaks on the way has a kind of its own or a broken stream beneath it; what is left has broken before the first byte was written.
    private static bool CannotBeWritten(Exception? error) => error switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.Unknown } => !IsBroken(error.InnerException),
        FormatException or ArgumentException or NotSupportedException => true,
        InvalidOperationException => error is not ObjectDisposedException,
        _ => false,
    };

    private static bool IsBroken(Exception? error) => error is IOException or SocketException or OperationCanceledException or ObjectDisposedException
        || (error?.InnerException is { } inner && IsBroken(inner));

    /// <summary>
    /// Whether another replica may be asked. Nothing sent: always. Otherwise where the receiver recognises a repetition (the providers' lanes),
    /// and for reading, unless the time is up: a service that is slow is not helped by asking it twice.
    /// </summary>
    public static bool MayRepeat(HttpRequest request, Lane lane, IForwarderErrorFeature error) => error.Error switch
    {
        ForwarderError.None or ForwarderError.NoAvailableDestinations or ForwarderError.RequestCanceled
            or ForwarderError.RequestBodyClient or ForwarderError.RequestBodyCanceled => false,
        _ when IsOfTheMessage(error) => false,
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
        if (error?.Error == ForwarderError.ResponseHeaders)
            return ApiProblem.Of(StatusCodes.Status502BadGateway,
                $"The {to.Service} service has answered, and the answer cannot be passed on: {Reason(error)}");
        if (error is not null && IsOfTheMessage(error))
            return ApiProblem.Of(StatusCodes.Status400BadRequest, $"The request cannot be passed on to the {to.Service} service: {Reason(error)}");
        if (error is null || error.Error == ForwarderError.NoAvailableDestinations || NothingWasSent(error))
            return ApiProblem.Of(StatusCodes.Status503ServiceUnavailable, $"The {to.Service} service cannot be reached now. Nothing was done; try again.");
        return ApiProblem.Of(StatusCodes.Status502BadGateway,
            $"The connection to the {to.Service} service broke. Whether the request was carried out is not known.");
    }

    /// <summary>Why, in a sentence without whole numbers; for answers and logs.</summary>
    public static string Reason(IForwarderErrorFeature? error) =>
        error?.Exception is { } cause ? Masked.Text(Innermost(cause).Message) : error?.Error.ToString() ?? "the replica declined";

    private static Exception Innermost(Exception error) => error.InnerException is { } inner ? Innermost(inner) : error;

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
