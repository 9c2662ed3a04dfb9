using System.Globalization;

namespace Outdial.Simulator;

/// <summary>The kinds of mischief, in the order of the table in docs/simulator.md.</summary>
public enum Fault
{
    Duplicate,
    Reorder,
    Delay,
    Drop,
    CallbackBeforeReply,
    TooManyRequests,
    ServerError,
    GatewayTimeout,
    HungReply,
    CutConnection,
    LookupError,
    OddBytes,
    UnreadableCopy,
    ForeignClock,
    LateRecording,
    SecondConnect,
    Voicemail,
    Stream,
    PassthruRecording,
    AgentMisses,
    ForwardedPhone,
}

/// <summary>How often each fault strikes, in [0, 1]. Immutable; a change is a new instance.</summary>
public sealed class FaultRates
{
    /// <summary>Rates of the presets <c>some</c> and <c>many</c>; in <c>none</c> all are 0.</summary>
    private static readonly Dictionary<Fault, (double Some, double Many)> Habits = new()
    {
        [Fault.Duplicate] = (0.05, 0.20),
        [Fault.Reorder] = (0.05, 0.20),
        [Fault.Delay] = (0.05, 0.20),
        [Fault.Drop] = (0.02, 0.10),
        [Fault.CallbackBeforeReply] = (0.03, 0.10),
        [Fault.TooManyRequests] = (0.01, 0.05),
        [Fault.ServerError] = (0.01, 0.05),
        [Fault.GatewayTimeout] = (0.01, 0.03),
        [Fault.HungReply] = (0.005, 0.02),
        [Fault.CutConnection] = (0.01, 0.05),
        [Fault.LookupError] = (0.01, 0.05),
        [Fault.OddBytes] = (0.05, 0.20),
        [Fault.UnreadableCopy] = (0.01, 0.05),
        [Fault.ForeignClock] = (0.03, 0.10),
        [Fault.LateRecording] = (0.10, 0.30),
        [Fault.SecondConnect] = (0.05, 0.15),
        [Fault.Voicemail] = (0.01, 0.03),
        [Fault.Stream] = (0.03, 0.10),
        [Fault.PassthruRecording] = (0.05, 0.20),
        [Fault.AgentMisses] = (0.02, 0.05),
        [Fault.ForwardedPhone] = (0.05, 0.20),
    };

    private static readonly Dictionary<string, double[]> Presets = new(StringComparer.OrdinalIgnoreCase)
    {
        ["none"] = [.. Enum.GetValues<Fault>().Select(_ => 0.0)],
        ["some"] = [.. Enum.GetValues<Fault>().Select(fault => Habits[fault].Some)],
        ["many"] = [.. Enum.GetValues<Fault>().Select(fault => Habits[fault].Many)],
    };

    private readonly double[] _rates;

    private FaultRates(double[] rates) => _rates = rates;

    public static FaultRates None { get; } = new(Presets["none"]);

    public double this[Fault fault] => _rates[(int)fault];

    /// <summary>Configuration and JSON name, such as <c>callbackBeforeReply</c>.</summary>
    public static string Name(Fault fault) => char.ToLowerInvariant(fault.ToString()[0]) + fault.ToString()[1..];

    public IReadOnlyDictionary<string, double> ByName => Enum.GetValues<Fault>().ToDictionary(Name, f => this[f]);

    /// <summary>
    /// <c>Simulator:Faults</c> = <c>none</c>, <c>some</c> or <c>many</c>, and single rates over it:
    /// <c>Simulator:Faults:Drop</c> = 0.5.
    /// </summary>
    /// <exception cref="InvalidOperationException">A preset, name or rate is not one.</exception>
    public static FaultRates From(IConfigurationSection section) =>
        TryRead(section.Value, section.GetChildren().Select(c => KeyValuePair.Create(c.Key, c.Value)), out var rates, out var problem)
            ? rates
            : throw new InvalidOperationException($"Simulator:Faults: {problem}");

    /// <param name="preset">null stands for <c>none</c>.</param>
    public static bool TryRead(
        string? preset, IEnumerable<KeyValuePair<string, string?>> single, out FaultRates rates, out string problem)
    {
        (rates, problem) = (None, "");
        if (!Presets.TryGetValue(string.IsNullOrEmpty(preset) ? "none" : preset, out var start))
        {
            problem = $"'{preset}' is no preset; there are {string.Join(", ", Presets.Keys)}.";
            return false;
        }
        var values = start.ToArray();
        foreach (var (name, text) in single)
        {
            if (!Enum.TryParse<Fault>(name, ignoreCase: true, out var fault) || !Enum.IsDefined(fault) || char.IsAsciiDigit(name[0]))
            {
                problem = $"'{name}' is no fault; there are {string.Join(", ", Enum.GetValues<Fault>().Select(Name))}.";
                return false;
            }
            if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var rate) || rate is not (>= 0 and <= 1))
            {
                problem = $"{name} is '{text}'; a rate must be a number from 0 to 1.";
                return false;
            }
            values[(int)fault] = rate;
        }
        rates = new FaultRates(values);
        return true;
    }
}
