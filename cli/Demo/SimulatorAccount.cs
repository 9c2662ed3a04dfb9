using System.Globalization;

namespace Outdial.Cli.Demo;

/// <summary>The settings by which simulator and platform agree on one account.</summary>
public static class SimulatorAccount
{
    private const string Sid = "outdialdemo", Key = "demo-key", Token = "demo-token";

    /// <summary>The most connect requests that the simulated account admits in 60 seconds.</summary>
    public const int ConnectBudget = 200;

    /// <summary>The most calls that we keep open at one moment.</summary>
    public const int ConcurrentCalls = 300;

    /// <summary>The simulator's side.</summary>
    public static Dictionary<string, string> Server(Uri address, long seed, string faults) => new()
    {
        ["ASPNETCORE_URLS"] = address.ToString(),
        ["Simulator__AccountSid"] = Sid,
        ["Simulator__ApiKey"] = Key,
        ["Simulator__ApiToken"] = Token,
        ["Simulator__Seed"] = seed.ToString(CultureInfo.InvariantCulture),
        ["Simulator__Faults"] = faults,
        ["Simulator__RequestsPerMinute"] = ConnectBudget.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>The platform's side, under the name <c>default</c>.</summary>
    /// <param name="simulator">Where the simulator serves.</param>
    /// <param name="callbacks">Where our webhooks are received.</param>
    public static Dictionary<string, string> Of(Uri simulator, Uri callbacks) => new()
    {
        ["Accounts__default__Provider"] = "exotel",
        ["Accounts__default__BaseAddress"] = simulator.ToString(),
        ["Accounts__default__AccountSid"] = Sid,
        ["Accounts__default__ApiKey"] = Key,
        ["Accounts__default__ApiToken"] = Token,
        ["Accounts__default__Flow"] = FlowAddress("926"),
        ["Accounts__default__CallbackBaseAddress"] = callbacks.ToString(),
        ["Accounts__default__AllowPrivateAddresses"] = "true",
        ["Accounts__default__MaxConcurrentCalls"] = ConcurrentCalls.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>The address by which a connect request names a flow.</summary>
    public static string FlowAddress(string flow) => $"http://my.exotel.com/{Sid}/exoml/start_voice/{flow}";

    /// <summary>
    /// Waits for other processes take real time while the clock runs ahead: on it they look many times longer. The
    /// deadlines that are set against such waits are given in real time here and stretched by the speed, or a slow moment
    /// of the machine would look like a silent provider. Loops that look for work every second would do so thirty times a
    /// second: they look less often.
    /// </summary>
    public static void Patience(Dictionary<string, string> settings, double speed)
    {
        Default("Accounts__default__RequestTimeout", "00:00:03");
        Default("Pacer__AttemptLife", Stretched(60));
        Default("Pacer__AnswerDeadline", Stretched(8));
        Default("Pacer__SubmittedDeadline", Stretched(8));
        Default("Pacer__LookUpAgainAfter", Stretched(3));
        Default("Pacer__NotFoundAfter", Stretched(12));
        Default("Pacer__PulseInterval", Stretched(0.15));
        Default("Pacer__SweepInterval", Stretched(0.6));
        Default("Pacer__AgentSilence", Stretched(10));
        Default("Pacer__HopperLife", Stretched(20));
        Default("Pacer__HopperGrace", Stretched(5));
        Default("Router__SweepInterval", Stretched(0.3));
        Default("Router__LineOrderLife", Stretched(15));
        Default("Router__LineDeadline", Stretched(20));
        Default("Router__LineSilence", Stretched(10));
        Default("Router__DialingGrace", Stretched(8));
        Default("Router__ConversationGrace", Stretched(8));
        Default("Router__SettleAfter", Stretched(8));
        Default("Router__SameLeadWithin", Stretched(6));
        Default("Router__PresenceInterval", Stretched(1));
        Default("Router__Heartbeat", Stretched(1));
        Default("Enrichment__PollInterval", "00:00:00.400");

        // What a run sets for itself stays.
        void Default(string key, string value) => settings.TryAdd(key, value);

        string Stretched(double realSeconds) => TimeSpan.FromSeconds(Math.Max(1, realSeconds * speed)).ToString("c", CultureInfo.InvariantCulture);
    }
}
