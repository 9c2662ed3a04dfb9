namespace Outdial.Providers.Tests.Exotel;

/// <summary>Exotel's own published samples, as printed. S1: dynamic caller ID; S3: progressive dialer.</summary>
internal static class Seed
{
    public static string Read(string file) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Seeds", file));

    /// <summary>The query of a printed GET. The page shows it decoded; blanks travel encoded.</summary>
    public static string Query(string file)
    {
        var printed = Read(file).Trim();
        return printed[printed.IndexOf('?', StringComparison.Ordinal)..].Replace(" ", "%20", StringComparison.Ordinal);
    }
}
