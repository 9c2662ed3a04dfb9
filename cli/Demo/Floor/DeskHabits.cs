namespace Outdial.Cli.Demo;

/// <summary>What an agent does at the desk.</summary>
public sealed record DeskHabits
{
    /// <summary>The campaign's codes.</summary>
    public static readonly IReadOnlyList<(string Code, string Label, bool AsksCallBack)> Dispositions =
    [
        ("interested", "Interested", false), ("not-interested", "Not interested", false), ("call-back", "Call back", true),
    ];

    /// <summary>Says after each conversation what came of it.</summary>
    public bool SaysOutcomes { get; init; }

    /// <summary>Promises the person of the first conversation to call back so long after it; null: promises nothing.</summary>
    public TimeSpan? CallBackAfter { get; init; }

    /// <summary>Takes one break of this length, after two conversations; null: works through.</summary>
    public TimeSpan? Break { get; init; }

    /// <summary>Looks at leads before they are dialed, and skips one of eight.</summary>
    public bool Previews { get; init; }

    /// <summary>Some agents of a floor have habits worth showing; the others just talk.</summary>
    /// <param name="index">0 is the first agent.</param>
    /// <param name="mode">In preview mode all look at their leads first; in power mode nobody knows on whose phone a call-back ends.</param>
    public static DeskHabits Of(int index, string mode) => new()
    {
        SaysOutcomes = index < 6,
        CallBackAfter = index == 0 && mode != DemoModes.Power ? TimeSpan.FromMinutes(4) : null,
        Break = index == 1 ? TimeSpan.FromMinutes(3) : null,
        Previews = mode == DemoModes.Preview,
    };

    /// <summary>Whether this agent needs the screen at all.</summary>
    public bool FollowsTheScreen => SaysOutcomes || CallBackAfter is not null || Break is not null || Previews;
}
