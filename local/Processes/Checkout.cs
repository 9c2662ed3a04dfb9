namespace Outdial.LocalServers;

/// <summary>The checkout that a program runs from: commands and tests read files of it, and start what was built in it.</summary>
public static class Checkout
{
    /// <summary>The folder with <c>Outdial.slnx</c> above this program; null: it does not run from a checkout.</summary>
    public static string? Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    /// <summary>A file or folder of it.</summary>
    /// <exception cref="InvalidOperationException">There is no checkout.</exception>
    public static string At(params ReadOnlySpan<string> path) =>
        Path.Combine([Root ?? throw new InvalidOperationException($"There is no Outdial.slnx above {AppContext.BaseDirectory}."), .. path]);

    private static string? Find(DirectoryInfo? folder) =>
        folder is null || File.Exists(Path.Combine(folder.FullName, "Outdial.slnx")) ? folder?.FullName : Find(folder.Parent);
}
