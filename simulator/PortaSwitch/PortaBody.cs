using System.Text.Json;
using System.Text.Json.Nodes;

namespace Outdial.Simulator.PortaSwitch;

/// <summary>A request's parameters, from JSON <c>{"params": {…}}</c> or from a form with <c>params</c> and <c>auth_info</c>.</summary>
/// <param name="FormToken">The access token of a form's <c>auth_info</c>; null without one.</param>
public sealed record PortaBody(JsonObject Params, string? FormToken)
{
    /// <returns>null for a body that is neither.</returns>
    public static async Task<PortaBody?> Read(HttpRequest request)
    {
        try
        {
            if (request.HasFormContentType)
            {
                var form = await request.ReadFormAsync(request.HttpContext.RequestAborted);
                var info = form["auth_info"].ToString() is { Length: > 0 } text ? JsonNode.Parse(text) as JsonObject : null;
                return JsonNode.Parse(form["params"].ToString()) is JsonObject posted ? new(posted, Text(info, "access_token")) : null;
            }
            var body = await JsonNode.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted);
            return (body as JsonObject)?["params"] is JsonObject named ? new(named, null) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidDataException or BadHttpRequestException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>A text or number parameter as text; null when it is absent, empty or something else.</summary>
    public static string? Text(JsonObject? from, string name) =>
        from is not null && from.TryGetPropertyValue(name, out var node) && node is JsonValue value
            && value.GetValueKind() is JsonValueKind.String or JsonValueKind.Number && node.ToString() is { Length: > 0 } text ? text : null;

    public string? Text(string name) => Text(Params, name);
}
