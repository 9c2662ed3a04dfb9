namespace Outdial.Gateway.Tests.Documents;

/// <summary>The checkout that the tests were built in.</summary>
internal static class Checkout
{
    private static readonly string s_root = Root(new DirectoryInfo(AppContext.BaseDirectory));

    public static string Read(params string[] path) => File.ReadAllText(Path.Combine([s_root, .. path]));

    /// <summary>The code of everything that ships in an installation.</summary>
    public static IEnumerable<string> Sources() => new[] { "gateway", "platform", "providers", "services" }
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(s_root, folder), "*.cs", SearchOption.AllDirectories))
        .Where(file => !Path.GetRelativePath(s_root, file).Split('/').Any(part => part is "bin" or "obj"))
        .Select(File.ReadAllText);

    private static string Root(DirectoryInfo? folder) => folder is null
        ? throw new InvalidOperationException("No checkout of Outdial above the tests.")
        : File.Exists(Path.Combine(folder.FullName, "Outdial.slnx")) ? folder.FullName : Root(folder.Parent);
}
