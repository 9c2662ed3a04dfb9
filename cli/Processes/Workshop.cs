using Outdial.LocalServers;

namespace Outdial.Cli.Processes;

/// <summary>Finds the folders of the checkout that this program was built in, and what was built beside it.</summary>
public static class Workshop
{
    /// <summary>The folder with <c>Outdial.slnx</c>.</summary>
    /// <exception cref="CommandFailure">This program does not run from a checkout.</exception>
    public static string Root { get; } = Checkout.Root
        ?? throw new CommandFailure($"No checkout of Outdial (a folder with Outdial.slnx) above {AppContext.BaseDirectory}.");

    /// <summary>Where the commands keep what they write, for its owner alone; made when absent.</summary>
    public static string Data => PrivateFiles.Way(Path.Combine(Root, ".outdial"));

    /// <summary>The program built from a project, in the same configuration as this one.</summary>
    /// <param name="folder">The project's folder, relative to the root, such as <c>services/pacer</c>.</param>
    /// <param name="assembly">Such as <c>Outdial.Pacer</c>.</param>
    /// <exception cref="CommandFailure">It was not built.</exception>
    public static string Program(string folder, string assembly)
    {
        // …/cli/bin/Release/net10.0/ → Release, net10.0
        var output = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var path = Path.Combine(Root, folder, "bin", output.Parent!.Name, output.Name, assembly + ".dll");
        return File.Exists(path)
            ? path
            : throw new CommandFailure($"{assembly} is not built: there is no {path}. Build it with: dotnet build {folder} -c {output.Parent!.Name}");
    }
}
