using System.Diagnostics;
using Outdial.Cli.Processes;

namespace Outdial.Cli.Testing;

/// <summary>
/// The servers that all test projects of a run share, kept by the program in <c>tests/servers</c>: what tests use is no part of the
/// program that ships.
/// </summary>
public sealed class TestServers : IAsyncDisposable
{
    private const string Export = "export ", Ready = "ready";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _program;
    private readonly Dictionary<string, string> _environment = [];

    private TestServers(Process program) => _program = program;

    /// <summary>What tests need to find the servers.</summary>
    public IReadOnlyDictionary<string, string> Environment => _environment;

    /// <summary>Starts both servers and tells what is done for it. Where a variable leads to one already, that one is used.</summary>
    /// <exception cref="CommandFailure">One cannot be had; says what to do.</exception>
    public static async Task<TestServers> StartAsync(CancellationToken cancel)
    {
        var start = new ProcessStartInfo("dotnet", [Workshop.Program("tests/servers", "Outdial.TestServers")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var servers = new TestServers(Process.Start(start)!);
        try
        {
            await servers.ReadAsync(cancel);
            return servers;
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _program.StandardInput.Close();   // the end that it waits for
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        try
        {
            await _program.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _program.Kill(entireProcessTree: true);
        }
        _program.Dispose();
    }

    private async Task ReadAsync(CancellationToken cancel)
    {
        var errors = _program.StandardError.ReadToEndAsync(cancel);
        while (await _program.StandardOutput.ReadLineAsync(cancel) is { } line)
        {
            if (line == Ready)
                return;
            if (line.StartsWith(Export, StringComparison.Ordinal) && line.Split('=', 2) is [var name, var value])
                _environment[name[Export.Length..]] = value.Trim('\'');
            else
                Console.WriteLine(line);
        }
        throw new CommandFailure((await errors).Trim());
    }
}
