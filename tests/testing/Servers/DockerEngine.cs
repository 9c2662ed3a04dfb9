using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Docker.DotNet;
using Docker.DotNet.Models;
using DotNet.Testcontainers.Configurations;
using DotNet.Testcontainers.Containers;
using Microsoft.Extensions.Logging.Abstractions;
using Outdial.LocalServers;

namespace Outdial.Testing;

/// <summary>The Docker engine that answers here. What is started on it goes with the process that started it, or is removed by the next.</summary>
internal sealed class DockerEngine
{
    /// <summary>Names the process that a container belongs to.</summary>
    public const string OwnerLabel = "outdial.tests.owner";

    private const string HostVariable = "DOCKER_HOST", ApiVersionVariable = "DOCKER_API_VERSION", UsualHost = "unix:///var/run/docker.sock",
        InContainer = "/.dockerenv";

    // Reads from a pipe that only we hold: the read returns when we end, however we end.
    private const string Guard = """exec >/dev/null 2>&1; trap '' INT TERM; read -r done || docker rm --force --volumes "$1" """;

    private static readonly List<Process> Guards = [];
    private static readonly System.Version Spoken = new(1, 44);
    private static readonly TimeSpan ReaperPatience = TimeSpan.FromSeconds(60), Patience = TimeSpan.FromSeconds(5);
    private static readonly string Here = Environment.MachineName + ":";

    private readonly IDockerEndpointAuthenticationConfiguration _engine;
    private readonly Lock _lock = new();
    private Task? _prepared;

    private DockerEngine(IDockerEndpointAuthenticationConfiguration engine) => _engine = engine;

    /// <summary>The one that <c>DOCKER_HOST</c> or the usual places lead to; null when none answers.</summary>
    public static Task<DockerEngine?> CurrentAsync() => Found.Value;

    private static Lazy<Task<DockerEngine?>> Found { get; } = new(async () =>
    {
        await SpeakAsOldAsTheEngineAsync();
        return TestcontainersSettings.OS.DockerEndpointAuthConfig is { } engine ? new(engine) : null;
    });

    /// <summary>What <see cref="OwnerLabel"/> says of this process.</summary>
    public static string Owner => string.Create(CultureInfo.InvariantCulture, $"{Here}{Environment.ProcessId}");

    /// <summary>The image of a service of compose, once the engine is ready for a container. Says so when it has to be fetched first.</summary>
    public async Task<string> ImageAsync(string service, Action<string> say, CancellationToken cancel)
    {
        lock (_lock)
            _prepared ??= PrepareAsync(say, cancel);
        await _prepared;
        var image = ComposeImages.Of(service);
        using var docker = Client();
        if (!await HasAsync(docker, image, cancel))
            say($"Pulling {image}, which takes a while …");
        return image;
    }

    /// <summary>Starts a container, to be removed in the end, and leaves nothing behind when that fails.</summary>
    public async Task<StartedServer> StartAsync<T>(T container, Func<T, Dictionary<string, string>> variables, CancellationToken cancel)
        where T : IContainer
    {
        try
        {
            await container.StartAsync(cancel);
            if (!TestcontainersSettings.ResourceReaperEnabled)
                GuardEnd(container.Id);
            return new(variables(container), () => RemoveAsync(container.Id, CancellationToken.None));
        }
        catch
        {
            await container.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Publishes the ports of a container to this machine alone, if that is where the engine is and we are not in a container ourselves.
    /// </summary>
    public void KeepHere(CreateContainerParameters container)
    {
        if (_engine.Endpoint.Scheme != "unix" || File.Exists(InContainer))
            return;
        foreach (var port in container.HostConfig!.PortBindings!.Values.SelectMany(ports => ports))
            port.HostIP = "127.0.0.1";
    }

    /// <summary>Runs a command in a container to its end and returns what it prints.</summary>
    /// <exception cref="LocalServerException">It ended with another code than zero.</exception>
    public async Task<string> RunAsync(string container, IReadOnlyList<string> words, CancellationToken cancel)
    {
        using var docker = Client();
        var command = await docker.Exec.CreateContainerExecAsync(
            container, new() { Cmd = [.. words], AttachStdout = true, AttachStderr = true }, cancel);
        using var stream = await docker.Exec.StartContainerExecAsync(command.ID, new(), cancel);
        var (output, errors) = await stream.ReadOutputToEndAsync(cancel);
        var code = (await docker.Exec.InspectContainerExecAsync(command.ID, cancel)).ExitCode;
        return code == 0
            ? output
            : throw new LocalServerException($"'{string.Join(' ', words.Take(8))}' ended with code {code}: {(output + errors).Trim()}");
    }

    /// <summary>
    /// Testcontainers speaks one version of the engine's API, that of Docker 25, unless a variable names another, and takes an older engine for
    /// none. It reads the variable at its first use.
    /// </summary>
    private static async Task SpeakAsOldAsTheEngineAsync()
    {
        var host = Environment.GetEnvironmentVariable(HostVariable) is { Length: > 0 } given ? given : UsualHost;
        if (Environment.GetEnvironmentVariable(ApiVersionVariable) is { Length: > 0 } || !host.StartsWith("unix://", StringComparison.Ordinal))
            return;
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancel) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(host["unix://".Length..]), cancel);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using var http = new HttpClient(handler) { Timeout = Patience };
        try
        {
            using var pong = await http.GetAsync(new Uri("http://docker/_ping"));
            if (pong.Headers.TryGetValues("Api-Version", out var said) && System.Version.TryParse(said.First(), out var its) && its < Spoken)
                Environment.SetEnvironmentVariable(ApiVersionVariable, its.ToString());
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            // There is none here.
        }
    }

    /// <summary>Has a container removed at our end. A test runner leaves no time for it then.</summary>
    private static void GuardEnd(string container)
    {
        try
        {
            lock (Guards)
                Guards.Add(Process.Start(new ProcessStartInfo("setsid", ["sh", "-c", Guard, "guard", container]) { RedirectStandardInput = true })!);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // The next run removes it.
        }
    }

    private DockerClient Client() => _engine.GetDockerClientBuilder(ResourceReaper.DefaultSessionId).Build();

    /// <summary>Sees that what is started will be removed: by Testcontainers' reaper or, where its image cannot be had, by us.</summary>
    private async Task PrepareAsync(Action<string> say, CancellationToken cancel)
    {
        if (TestcontainersSettings.ResourceReaperEnabled)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            patience.CancelAfter(ReaperPatience);
            try
            {
                await ResourceReaper.GetAndStartDefaultAsync(_engine, NullLogger.Instance, ct: patience.Token);
                return;
            }
            catch (Exception e) when (!cancel.IsCancellationRequested)
            {
                say($"Testcontainers' reaper does not start here: containers are removed by their own guards, or by the next run. ({e.Message.Split('\n')[0].Trim()})");
                TestcontainersSettings.ResourceReaperEnabled = false;
            }
        }
        await RemoveOrphansAsync(cancel);
    }

    private async Task RemoveOrphansAsync(CancellationToken cancel)
    {
        using var docker = Client();
        var labelled = new Dictionary<string, IDictionary<string, bool>> { ["label"] = new Dictionary<string, bool> { [OwnerLabel] = true } };
        var ours = await docker.Containers.ListContainersAsync(new() { All = true, Filters = labelled }, cancel);
        foreach (var container in ours.Where(container => IsDead(container.Labels[OwnerLabel])))
            await RemoveAsync(container.ID, cancel);
    }

    /// <summary>Kills a container and removes it with its data.</summary>
    private async Task RemoveAsync(string container, CancellationToken cancel)
    {
        using var docker = Client();
        try
        {
            await docker.Containers.RemoveContainerAsync(container, new() { Force = true, RemoveVolumes = true }, cancel);
        }
        catch (DockerApiException)
        {
            // Somebody else has removed it, or is about to.
        }
    }

    private static bool IsDead(string owner) =>
        owner.StartsWith(Here, StringComparison.Ordinal) && !Directory.Exists("/proc/" + owner[Here.Length..]);

    private static async Task<bool> HasAsync(DockerClient docker, string image, CancellationToken cancel)
    {
        try
        {
            await docker.Images.InspectImageAsync(image, cancel);
            return true;
        }
        catch (DockerImageNotFoundException)
        {
            return false;
        }
    }
}
