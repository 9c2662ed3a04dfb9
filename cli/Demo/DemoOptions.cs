namespace Outdial.Cli.Demo;

/// <summary>What was asked for on the command line.</summary>
public sealed record DemoOptions
{
    /// <summary>The list of leads; null: the sample in the repository.</summary>
    public FileInfo? Leads { get; init; }

    /// <summary>All of the simulator's chance comes from it.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>The simulator's mischief: <c>none</c>, <c>some</c> or <c>many</c>.</summary>
    public string Faults { get; init; } = "some";

    /// <summary>Go on serving after the report, until Ctrl-C.</summary>
    public bool Keep { get; init; }

    /// <summary>Virtual seconds per real second.</summary>
    public double Speed { get; init; } = DefaultSpeed;

    /// <summary><c>simulator</c> or <c>exotel</c>.</summary>
    public string Provider { get; init; } = "simulator";

    /// <summary>How it dials: one of <see cref="DemoModes"/>.</summary>
    public string Mode { get; init; } = DemoModes.Notification;

    /// <summary>The simulator's dialect: one of <see cref="DemoDialects"/>.</summary>
    public string Dialect { get; init; } = DemoDialects.Exotel;

    /// <summary>How many agents work, in modes with agents.</summary>
    public int Agents { get; init; } = DefaultAgents;

    /// <summary>Our numbers that leads of a real provider see, E.164; empty: those that the provider lists.</summary>
    public IReadOnlyList<string> CallerIds { get; init; } = [];

    /// <summary>When real phones may ring; null: as in <see cref="DemoRules"/>.</summary>
    public CallingHours? Window { get; init; }

    /// <summary>How long after a call that reached nobody a real phone rings again; null: the platform's usual delays.</summary>
    public TimeSpan? Redial { get; init; }

    /// <summary>Where the ledger of real calls is kept; null: under the root of the checkout.</summary>
    public DirectoryInfo? Folder { get; init; }

    /// <summary>Do not ask before real phones are dialed.</summary>
    public bool Yes { get; init; }

    /// <summary>At this speed the sample is called through in well under 90 s on two cores.</summary>
    public const double DefaultSpeed = 30;

    public const double HighestSpeed = 600;

    public const int DefaultAgents = 20;

    public bool Simulated => Provider == "simulator";
}
