namespace Outdial.Cli.Demo;

/// <summary>The campaign that the demo runs, in the words of the API.</summary>
public static class DemoCampaign
{
    private const string Purpose = "service";

    /// <summary>Redials after minutes rather than hours, so that a run shows them; everything else is as in earnest.</summary>
    public static object Definition(DemoOptions options) => new
    {
        name = $"Demo, {(options.Leads is null ? "sample leads" : options.Leads.Name)}",
        purpose = Purpose,
        account = "default",
        timeZone = "Asia/Kolkata",
        window = new { from = "09:00", to = "21:00", days = new[] { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" } },
        maxAttempts = 4,
        maxAttemptsPerDay = 4,
        minimumGap = "00:01:00",
        redial = options.Simulated ? SoonAgain : null,
        ringTimeout = "00:00:30",
        // A service call may reach people whose registry entry cannot be had; those on the registry are left in peace.
        dndUnknown = "dial",
        optOutDigits = "9",
        // Redials complete less often than first calls: late in the run this floor is reached and dialing pauses for a while.
        completion = new { floor = 0.42, window = 100, action = "pause", coolOff = "00:01:00" },
    };

    private static readonly Dictionary<string, object> SoonAgain = new()
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
}
