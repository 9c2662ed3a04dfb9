namespace Outdial.Providers;

/// <summary>The telecom circles of India, by the codes that its providers write.</summary>
public static class TelecomCircles
{
    /// <summary>In the order of their letters.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        "AP", "AS", "BR", "CH", "DL", "GJ", "HP", "HR", "JK", "KA", "KL", "KO", "MH", "MP", "MU", "NE", "OR", "PB", "RJ", "TN", "UE", "UW", "WB",
    ];

    /// <summary>In words that finish "expected …".</summary>
    public static string Expected { get; } = $"one of the circles {string.Join(", ", All)}";
}
