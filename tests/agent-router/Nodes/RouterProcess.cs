using System.Globalization;
using Outdial.Cli.Processes;
using Outdial.LocalServers;
using Outdial.Testing;

namespace Outdial.AgentRouter.Tests.Nodes;

/// <summary>A router in a process of its own, on the real clock, one of several on the same database and broker.</summary>
internal sealed class RouterProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(90);
    private readonly ChildProcess _child;
    private readonly string _folder;

    private RouterProcess(ChildProcess child, string folder, Uri address)
    {
        (_child, _folder) = (child, folder);
        Provider = new HttpClient { BaseAddress = address };
    }

    /// <summary>The provider's client: no key, only what the address carries.</summary>
    public HttpClient Provider { get; }

    /// <summary>Starts one and waits until it is ready.</summary>
    /// <param name="settings">As a configuration file would name them; the address is added.</param>
    public static async Task<RouterProcess> Start(IReadOnlyDictionary<string, string?> settings)
    {
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Next()}/"));
        var environment = settings.ToDictionary(s => s.Key.Replace(":", "__", StringComparison.Ordinal), s => s.Value!);
        environment["ASPNETCORE_URLS"] = address.ToString();
        var folder = TemporaryFolder.Make("router");
        var process = new RouterProcess(
            ChildProcess.Start("agent-router", Workshop.Program("services/agent-router", "Outdial.AgentRouter"), environment, Path.Combine(folder, "router.log")), folder,
            address);
        await Eventually.Async(process.IsReady, StartDeadline, "a router's process is ready");
        return process;
    }

    /// <summary>Kills it as a power cut would: not another line of it is run.</summary>
    public Task Kill() => _child.KillAsync();

    public async ValueTask DisposeAsync()
    {
        Provider.Dispose();
        await _child.DisposeAsync();
        TemporaryFolder.Remove(_folder);
    }

    private async Task<bool> IsReady()
    {
        if (_child.HasExited)
            throw new InvalidOperationException($"The router ended while it started:\n{string.Join('\n', _child.Tail(30))}");
        try
        {
            using var answer = await Provider.GetAsync("health/ready");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
