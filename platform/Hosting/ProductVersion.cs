using System.Reflection;

namespace Outdial.Platform;

/// <summary>The version of what was built, as its git tag says: <c>1.2.3</c>, or <c>1.2.4-alpha.0.7</c> seven commits later.</summary>
internal static class ProductVersion
{
    /// <summary>With the commit behind a plus, where the build knew it. The same for all programs that were built together.</summary>
    public static string Text { get; } =
        typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>Without the commit.</summary>
    public static string Short { get; } = Text.Split('+')[0];
}
