using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Outdial.Gateway.Forwarding;
using Outdial.Gateway.Routing;
using Outdial.Platform;

namespace Outdial.Gateway.Invariants;

/// <summary>What must never be so, over all services.</summary>
/// <param name="Ok">No violation anywhere, and every service answered: what cannot be asked is not known to hold.</param>
/// <param name="Unanswered">The services that did not answer.</param>
/// <param name="Invariants">As the services said it.</param>
public sealed record AllInvariantsAnswer(bool Ok, DateTimeOffset CheckedAt, IReadOnlyList<string> Unanswered, IReadOnlyList<JsonElement> Invariants);

/// <summary>Puts the services' answers at <c>/api/v1/invariants</c> together. One replica of each is enough: they look at the same rows.</summary>
internal sealed class AllInvariants(IOptions<GatewayOptions> options, IdentityStatements statements, TimeProvider clock) : IDisposable
{
    public const string Path = "/api/v1/invariants";

    private readonly HttpMessageInvoker _http = new(Handler(options.Value.Limits.Connect));

    /// <summary>Asks all services at the same time, in the name of whoever asks the gateway.</summary>
    public async Task<AllInvariantsAnswer> AskAsync(HttpContext context, CancellationToken cancel)
    {
        // The console has no rows of its own.
        var services = ServiceName.All.Where(service => service != ServiceName.Console && options.Value.AddressesOf(service).Count > 0);
        var answers = await Task.WhenAll(services.Select(async service => (Service: service, Said: await AskAsync(service, context, cancel))));
        var unanswered = answers.Where(answer => answer.Said is null).Select(answer => answer.Service).ToList();
        return new(
            unanswered.Count == 0 && answers.All(answer => answer.Said!.Ok),
            clock.GetUtcNow(),
            unanswered,
            [.. answers.SelectMany(answer => answer.Said?.Invariants ?? [])]);
    }

    private async Task<Said?> AskAsync(string service, HttpContext context, CancellationToken cancel)
    {
        foreach (var address in options.Value.AddressesOf(service))
        {
            using var time = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            time.CancelAfter(options.Value.Limits.ApiTimeout / 2);   // room for a second replica
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(new Uri(address), Path));
                request.Headers.Add(CorrelationIds.HeaderName, context.CorrelationId());
                if (Headers.Who(context, LaneKind.Api) is { } who)
                    request.Headers.Add(IdentityStatements.HeaderName, statements.Issue(who, "GET", Path));
                using var answer = await _http.SendAsync(request, time.Token);
                if (answer.StatusCode == HttpStatusCode.OK)
                    return await JsonSerializer.DeserializeAsync<Said>(await answer.Content.ReadAsStreamAsync(time.Token), JsonSerializerOptions.Web, time.Token);
            }
            catch (Exception e) when (e is HttpRequestException or IOException or JsonException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
            {
                // Told as unanswered, unless another replica knows.
            }
        }
        return null;
    }

    private static SocketsHttpHandler Handler(TimeSpan connect)
    {
        var handler = new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false };
        Connections.Configure(handler, connect);
        return handler;
    }

    public void Dispose() => _http.Dispose();

    private sealed record Said(bool Ok, IReadOnlyList<JsonElement> Invariants);
}

internal static class AllInvariantsEndpoint
{
    public static void MapAllInvariants(this IEndpointRouteBuilder routes) =>
        routes.MapGet(AllInvariants.Path, async (AllInvariants invariants, HttpContext http, CancellationToken cancel) =>
                TypedResults.Ok(await invariants.AskAsync(http, cancel)))
            .RequireAuthorization(ApiPolicies.Read).WithTags("Invariants").WithSummary("What must never be so, asked of all services now");
}
