namespace Outdial.Simulator.PortaSwitch;

/// <summary>
/// PortaSwitch's error body. A fault comes with HTTP 500 unless said otherwise, so the status alone does not tell a wrong
/// parameter from a broken server; the code, <c>Server.Service.method.reason</c>, does. The sentences are ours.
/// </summary>
public sealed record PortaFault(string Code, string Text, int Status = StatusCodes.Status500InternalServerError) : IResult
{
    public static PortaFault AuthFailed { get; } = new("Server.Session.auth_failed", "Authentication failed or the session has expired.");
    public static PortaFault NotUnderstood { get; } = new("Client.invalid_request", "The body must be {\"params\": {…}} or a form with params.");
    public static PortaFault Internal { get; } = new("Server.internal_error", "Internal server error.");
    public static PortaFault GatewayTimeout { get; } = new("Server.gateway_timeout", "Gateway timeout.", StatusCodes.Status504GatewayTimeout);

    public static PortaFault Of(string method, string reason, string text, int status = StatusCodes.Status500InternalServerError) =>
        new($"Server.CallControl.{method}.{reason}", text, status);

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = Status;
        return httpContext.Response.WriteAsJsonAsync(new { faultcode = Code, faultstring = Text }, httpContext.RequestAborted);
    }
}
