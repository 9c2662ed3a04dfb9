using Outdial.LocalServers;

namespace Outdial.Gateway.Tests.Documents;

/// <summary>The code of everything that ships in an installation.</summary>
internal static class Sources
{
    public static IEnumerable<string> All() => new[] { "gateway", "platform", "providers", "services" }
        .SelectMany(folder => Directory.EnumerateFiles(Checkout.At(folder), "*.cs", SearchOption.AllDirectories))
        .Where(file => !Path.GetRelativePath(Checkout.At(), file).Split('/').Any(part => part is "bin" or "obj"))
        .Select(File.ReadAllText);
}
