namespace Outdial.Cli.Demo;

/// <summary>No agents: what is to be said is in the provider's flow.</summary>
public sealed class NotificationScenario(DemoOptions options) : DemoScenario(options)
{
    /// <summary>Redials after minutes rather than hours, so that a run shows them, or as was asked for; everything else is as in earnest.</summary>
    public override object Campaign(string list) => new
    {
        name = $"Demo, {list}",
        purpose = "service",
        account = "default",
        timeZone = Options.Window?.TimeZone ?? CallingHours.UsualZone,
        window = Options.Window is { } hours ? new { from = hours.From, to = hours.To } : (object)DemoRules.Window,
        callerIds = Options.CallerIds.Count > 0 ? Options.CallerIds : null,
        maxAttempts = 4,
        maxAttemptsPerDay = 4,
        minimumGap = DemoRules.Shorter(TimeSpan.FromMinutes(1), Options.Redial),
        redial = Options.Simulated ? DemoRules.SoonAgain : Options.Redial is { } after ? DemoRules.Again(after) : null,
        ringTimeout = "00:00:30",
        // A service call may reach people whose registry entry cannot be had; those on the registry are left in peace.
        dndUnknown = "dial",
        optOutDigits = "9",
        // Redials complete less often than first calls: late in the run this floor is reached and dialing pauses for a while.
        completion = new { floor = 0.42, window = 100, action = "pause", coolOff = "00:01:00" },
    };
}
