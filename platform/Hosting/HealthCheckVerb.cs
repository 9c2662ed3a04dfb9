using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace Outdial.Platform.Hosting;

/// <summary><c>healthcheck [live|ready]</c>: for containers that have no program to ask an address with.</summary>
internal static class HealthCheckVerb
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(IConfiguration configuration, IReadOnlyList<string> args, CancellationToken cancel)
    {
        var what = args.Count > 1 && args[1][0] != '-' ? args[1] : "live";
        if (what is not ("live" or "ready"))
            return await ServiceRun.Say(ExitCodes.Usage, $"'{what}' cannot be asked for. Expected: healthcheck live, or healthcheck ready.");

        var address = new Uri(AddressOf(configuration), "/health/" + what);
        // Asked over the loopback, where no certificate carries the right name.
#pragma warning disable MA0039 // it is ourselves that we ask
        using var handler =
            new HttpClientHandler { ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator };
#pragma warning restore MA0039
#pragma warning disable RS0030 // One request, and the process ends
        using var client = new HttpClient(handler) { Timeout = s_limit };
#pragma warning restore RS0030
        try
        {
            using var answer = await client.GetAsync(address, cancel);
            return answer.IsSuccessStatusCode
                ? ExitCodes.Ok
                : await ServiceRun.Say(ExitCodes.Failed, $"{address}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(cancel)}");
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !cancel.IsCancellationRequested)
        {
            return await ServiceRun.Say(ExitCodes.Failed, $"{address}: {e.Message}");
        }
    }

    /// <summary>Where the process with this configuration tells of its health, as seen from its own machine.</summary>
    internal static Uri AddressOf(IConfiguration configuration)
    {
        // Kestrel's own section wins over the addresses, those win over the bare ports.
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"]).OfType<string>().ToList();
        var urls = MetricsAddress.HasHealthAlone(configuration) ? [MetricsAddress.Url(configuration)!]
            : endpoints is not [] ? endpoints
            : Words(configuration["urls"]) is { Count: > 0 } given ? given
            : [.. Words(configuration["http_ports"]).Select(port => $"http://*:{port}"), .. Words(configuration["https_ports"]).Select(port => $"https://*:{port}")];

        var bindings = urls.ConvertAll(BindingAddress.Parse);
        var binding = bindings.Find(b => b.Scheme == "http") ?? bindings.FirstOrDefault() ?? BindingAddress.Parse("http://localhost:5000");
        // Only an address of one interface is not reached over the loopback.
        var host = IPAddress.TryParse(binding.Host.Trim('[', ']'), out var ip) && !ip.Equals(IPAddress.Any)
            && !ip.Equals(IPAddress.IPv6Any) ? binding.Host : "127.0.0.1";
        return new Uri($"{binding.Scheme}://{host}:{binding.Port}");
    }

    private static List<string> Words(string? list) =>
        [.. (list ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
}
