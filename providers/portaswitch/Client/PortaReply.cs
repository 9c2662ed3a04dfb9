using System.Text.Json;
using Outdial.Providers.PortaSwitch.Words;

namespace Outdial.Providers.PortaSwitch.Client;

/// <summary>One answer of the API: its body, or a fault. A fault comes with status 500, and may come with any other.</summary>
internal sealed class PortaReply
{
    private PortaReply(int status, TimeSpan? retryAfter, JsonElement? body) =>
        (Status, RetryAfter, Body, FaultCode, FaultText) = (status, retryAfter, body, body?.Text("faultcode"), body?.Text("faultstring"));

    public int Status { get; }

    public TimeSpan? RetryAfter { get; }

    /// <summary>Null when it was cut, is of another kind, or is broken.</summary>
    public JsonElement? Body { get; }

    /// <summary>Such as <c>Server.Session.auth_failed</c>; null when there is no fault.</summary>
    public string? FaultCode { get; }

    public string? FaultText { get; }

    public bool Succeeded => Status is >= 200 and < 300 && FaultCode is null;

    /// <summary>The session is not good: the request was turned away before anything was done.</summary>
    public bool SessionRefused => FaultCode?.StartsWith("Server.Session.", StringComparison.OrdinalIgnoreCase) == true || (FaultCode is null && Status == 401);

    public static async Task<PortaReply> ReadAsync(HttpResponseMessage response, TimeProvider clock) =>
        new((int)response.StatusCode, ProviderPatience.Of(response, clock), Parse(await response.Content.ReadAsStringAsync()));

    private static JsonElement? Parse(string body)
    {
        try
        {
            var root = JsonElement.Parse(body.TrimStart('\uFEFF'));
            return root.ValueKind == JsonValueKind.Object ? root : null;
        }
        catch (JsonException)
        {
            return null;   // the caller decides what an unreadable answer means
        }
    }
}
