using System.Diagnostics;

namespace Outdial.Providers.PortaSwitch.Client;

/// <summary>One request to one method, its span and its answer.</summary>
internal sealed class PortaRequests(IPortaSwitchApi api, TimeProvider clock)
{
    private static readonly ActivitySource Source = new("Outdial.Providers.PortaSwitch");

    /// <param name="method">Such as <c>Session/login</c>; names the span, so it carries no value.</param>
    /// <exception cref="HttpRequestException">And the others of <see cref="ProviderFailure.IsOfTheWay"/>.</exception>
    public async Task<PortaReply> AskAsync(string method, Func<IPortaSwitchApi, Task<HttpResponseMessage>> ask)
    {
        using var span = Source.StartActivity($"portaswitch {method}", ActivityKind.Client);
        span?.SetTag("url.template", "/rest/" + method);
        try
        {
            using var response = await ask(api);
            var reply = await PortaReply.ReadAsync(response, clock);
            span?.SetTag("http.response.status_code", reply.Status);
            if (!reply.Succeeded)
                span?.SetTag("error.type", reply.FaultCode ?? "http").SetStatus(ActivityStatusCode.Error);
            return reply;
        }
        catch (Exception e)
        {
            span?.SetTag("error.type", e.GetType().Name).SetStatus(ActivityStatusCode.Error);
            throw;
        }
    }
}
