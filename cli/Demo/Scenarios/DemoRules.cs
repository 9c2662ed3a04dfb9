namespace Outdial.Cli.Demo;

/// <summary>Rules that the campaigns of all runs share.</summary>
internal static class DemoRules
{
    public static readonly object Window = new { from = "09:00", to = "21:00", days = new[] { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" } };

    /// <summary>Redials after minutes rather than hours, so that a run shows them.</summary>
    public static readonly Dictionary<string, object> SoonAgain = new()
    {
        ["Busy"] = new { after = "00:01:00", times = 3 },
        ["NoAnswer"] = new { after = "00:02:00", times = 3 },
        ["Unreachable"] = new { after = "00:02:00", times = 2 },
        ["NetworkFailure"] = new { after = "00:01:00", times = 3 },
        ["ProviderError"] = new { after = "00:01:00", times = 3 },
        ["MachineAnswered"] = new { after = "00:03:00", times = 1 },
        ["Abandoned"] = new { after = "00:03:00", times = 1 },
        ["Canceled"] = new { after = "00:01:00", times = 10 },
        ["Unknown"] = new { after = "00:03:00", times = 1 },
    };

    // Who waited in vain is left alone: that is the law, and a run of a quarter of an hour cannot wait for the days it asks for.
    private static readonly Dictionary<string, object> s_soonAgainUnlessAbandoned = new(SoonAgain) { ["Abandoned"] = new { after = "00:05:00", times = 0 } };

    /// <summary>Redials of real phones after this delay. Who answered and waited in vain is left alone, by everybody, for days.</summary>
    public static Dictionary<string, object> Again(TimeSpan after) => new()
    {
        ["Busy"] = new { after, times = 3 },
        ["NoAnswer"] = new { after, times = 3 },
        ["Unreachable"] = new { after, times = 2 },
        ["NetworkFailure"] = new { after, times = 3 },
        ["ProviderError"] = new { after, times = 3 },
        ["MachineAnswered"] = new { after, times = 1 },
        ["Abandoned"] = new { after = TimeSpan.FromHours(72), times = 0 },
        ["Canceled"] = new { after, times = 3 },
        ["Unknown"] = new { after, times = 0 },   // the phone may have rung
    };

    /// <summary>The shorter of the two.</summary>
    public static TimeSpan Shorter(TimeSpan usual, TimeSpan? asked) => asked < usual ? asked.Value : usual;

    /// <summary>A campaign with agents, in the words of the API.</summary>
    /// <param name="mode">One of <see cref="DemoModes"/>.</param>
    /// <param name="agents">How it works with them.</param>
    public static object WithAgents(string name, string mode, object agents, string ringTimeout = "00:00:25") => new
    {
        name,
        mode,
        purpose = "service",
        account = "default",
        timeZone = "Asia/Kolkata",
        window = Window,
        maxAttempts = 3,
        maxAttemptsPerDay = 6,   // a number that was asked for in vain, because every word of it was lost, counts for the day too
        minimumGap = "00:01:00",
        redial = mode == DemoModes.Power ? s_soonAgainUnlessAbandoned : SoonAgain,
        ringTimeout,
        dndUnknown = "dial",
        agents,
    };
}
