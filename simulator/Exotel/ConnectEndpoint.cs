using Microsoft.Extensions.Options;

namespace Outdial.Simulator;

/// <summary><c>POST /v1/Accounts/{sid}/Calls/connect[.json]</c>: places a call to a flow, or between two numbers.</summary>
public static class ConnectEndpoint
{
    /// <summary>Real time to wait for a receiver that is to get its callback before the reply.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);

    public static void MapConnect(this IEndpointRouteBuilder account)
    {
        account.MapPost("/Calls/connect", Connect).DisableAntiforgery();
        account.MapPost("/Calls/connect.json", Connect).DisableAntiforgery();
    }

    private static async Task<IResult> Connect(
        HttpContext http, ExotelGate gate, Switchboard switchboard, ExoPhones own, IOptions<SimulatorOptions> options, CallDocuments documents)
    {
        if (gate.Refusal(http, ApiFamily.Connect) is var (status, message))
        {
            // A refused request is evidence too, with its form; a stranger's form is not worth reading.
            var refused = status == StatusCodes.Status429TooManyRequests && http.Request.HasFormContentType ? await ReadForm(http) : null;
            switchboard.Refuse(refused, status, message);
            return RestException.Of(http, status, message);
        }
        var form = http.Request.HasFormContentType ? await ReadForm(http) : FormCollection.Empty;
        var (request, problem) = ConnectRequest.Read(form ?? FormCollection.Empty, own);
        if (request is null)
        {
            switchboard.Refuse(form, StatusCodes.Status400BadRequest, problem!);
            return RestException.Of(http, StatusCodes.Status400BadRequest, problem!);
        }

        var placement = switchboard.Connect(request);
        switch (placement.Trouble)
        {
            case Fault.CutConnection:
                http.Abort();
                return Results.Empty;
            case Fault.HungReply:
                await Hang(http, options.Value.HungReply);
                return Results.Empty;
            case Fault.CallbackBeforeReply:
                await Task.WhenAny(placement.Call!.FirstCallback.Task, Task.Delay(LongestWait, TimeProvider.System, http.RequestAborted));
                break;
        }
        return placement.Call is { } call
            ? new ExotelResult(documents.ConnectReply(call))
            : RestException.Of(http, placement.Status, placement.Message!);
    }

    /// <summary>Keeps a client waiting in real time, until it gives up or the limit; then the connection is cut.</summary>
    public static async Task Hang(HttpContext http, TimeSpan limit)
    {
        await Task.Delay(limit, TimeProvider.System, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        http.Abort();
    }

    /// <returns>null for a body that says it is a form and is not.</returns>
    private static async Task<IFormCollection?> ReadForm(HttpContext http)
    {
        try
        {
            return await http.Request.ReadFormAsync(http.RequestAborted);
        }
        catch (Exception e) when (e is InvalidDataException or BadHttpRequestException)
        {
            return null;
        }
    }
}
