using Outdial.Cli.Api;
using Outdial.Cli.Cluster;
using Outdial.Cli.Processes;

namespace Outdial.Cli.Demo;

/// <summary>A platform and a simulated provider that ran before this run and go on after it.</summary>
/// <param name="Platform">Where the API is served.</param>
/// <param name="Simulator">Where the simulator is served, as seen from here.</param>
/// <param name="ApiKey">An admin's.</param>
/// <param name="KeySource">How a shell reads that key, for the examples.</param>
/// <param name="Clock">That of the simulator, and of the platform if both were set up alike.</param>
public sealed record DemoTarget(Uri Platform, Uri Simulator, string ApiKey, string KeySource, DemoClock Clock)
{
    /// <summary>The environment variable with the key, where no file is named.</summary>
    public const string KeyVariable = "OUTDIAL_KEY";

    /// <summary>What <c>outdial up</c> has started.</summary>
    public static DemoTarget Of(ClusterState up) =>
        new(up.Gateway, up.Simulator, ReadKey(new FileInfo(up.ApiKeyFile)), CatOf(up.ApiKeyFile), new DemoClock(up.Speed, up.Origin, up.RealOrigin));

    /// <summary>What somebody else has started, such as <c>docker compose</c>. Its clock is read from the simulator.</summary>
    /// <param name="keyFile">Null: the key is in <see cref="KeyVariable"/>.</param>
    /// <exception cref="CommandFailure">There is no key, or no simulator there; says what was expected.</exception>
    public static async Task<DemoTarget> AtAsync(Uri platform, Uri simulator, FileInfo? keyFile, TimeProvider time, CancellationToken cancel)
    {
        var key = keyFile is not null ? ReadKey(keyFile) : Environment.GetEnvironmentVariable(KeyVariable) is { Length: > 0 } given
            ? given
            : throw new CommandFailure($"--address needs an admin's API key: name its file with --key-file, or set {KeyVariable}.");
        return new(platform, simulator, key, keyFile is null ? $"${KeyVariable}" : CatOf(keyFile.FullName), await ReadClockAsync(simulator, time, cancel));
    }

    /// <exception cref="CommandFailure">Nothing there answers like a simulator.</exception>
    public static async Task<DemoClock> ReadClockAsync(Uri simulator, TimeProvider time, CancellationToken cancel)
    {
        using var client = SimulatorApi.At(simulator);
        SimulatorClock clock;
        try
        {
            clock = await client.GetClockAsync(cancel);
        }
        catch (Exception e) when (e is HttpRequestException or CommandFailure || (e is TaskCanceledException && !cancel.IsCancellationRequested))
        {
            throw new CommandFailure($"No simulator answers at {simulator}: {e.Message}");
        }
        // Late by the answer's way, never early: what happens after this moment is dated after it.
        return new DemoClock(clock.Speed, clock.Now, time.GetUtcNow());
    }

    private static string ReadKey(FileInfo file) => file.Exists
        ? File.ReadAllText(file.FullName).Trim()
        : throw new CommandFailure($"There is no file {file.FullName} with an API key.");

    private static string CatOf(string file) => $"$(cat '{file}')";
}
