namespace Outdial.Providers.Tests.Wire;

/// <summary>Requests as they must come over the wire: <c>Wire/Requests/{name}.txt</c>, one behind the other.</summary>
internal static class WireText
{
    private const string Between = "\n--------\n";

    public static void Matches(string name, IReadOnlyList<string> sent) =>
        Assert.Equal(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Wire", "Requests", name + ".txt")), string.Join(Between, sent) + "\n");
}
