using System.Text.Json;
using Outdial.Cli.Processes;
using Refit;

namespace Outdial.Cli.Api;

/// <summary>What the clients of our own programs have in common.</summary>
internal static class JsonApi
{
    public static readonly RefitSettings Settings = new(new SystemTextJsonContentSerializer(new JsonSerializerOptions(JsonSerializerDefaults.Web)))
    {
        TransportExceptionFactory = (_, e, _) => e,   // a refusal is told by Refusals, and what the network did by its own exceptions
        DeserializationExceptionFactory = (response, e) => ValueTask.FromResult<Exception?>(
            new CommandFailure($"{response.RequestMessage?.RequestUri?.AbsolutePath} was answered with something else than expected: {e.Message}")),
    };

    public static HttpClient Client(HttpMessageHandler handler, Uri address, TimeSpan timeout) =>
        new(new Refusals { InnerHandler = handler }) { BaseAddress = address, Timeout = timeout };

    /// <summary>Makes a failure, with the other side's reason, of every answer that is no success.</summary>
    private sealed class Refusals : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (response.IsSuccessStatusCode)
                return response;
            using (response)
            {
                var text = await response.Content.ReadAsStringAsync(cancellationToken);
                var asked = $"{request.Method} {request.RequestUri!.AbsolutePath}";
                throw new CommandFailure($"{asked} was answered {(int)response.StatusCode}: {Detail(text) ?? text}")
                {
                    Status = response.StatusCode,
                };
            }
        }

        /// <summary>The sentence of a problem (RFC 9457), which names field, value and expectation; null: it is none.</summary>
        private static string? Detail(string text)
        {
            try
            {
                var problem = JsonSerializer.Deserialize<JsonElement>(text);
                return problem.ValueKind == JsonValueKind.Object && problem.TryGetProperty("detail", out var detail)
                    && detail.ValueKind == JsonValueKind.String ? detail.GetString() : null;
            }
            catch (JsonException)   // not our words: a proxy's page, or nothing
            {
                return null;
            }
        }
    }
}
