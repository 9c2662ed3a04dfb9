using Microsoft.Extensions.Options;

namespace Outdial.Simulator;

/// <summary>
/// Decides where mischief strikes, by hash like everything else, and counts what was really done. The rates can be
/// changed while calls run; a call already planned keeps its plan.
/// </summary>
public sealed class FaultPlan(IOptions<SimulatorOptions> options, NumberDirectory numbers, FaultRates initial)
{
    private readonly int[] _injected = new int[Enum.GetValues<Fault>().Length];

    public FaultRates Rates { get; set; } = initial;

    /// <param name="occasion">The n-th request (or call) for this number.</param>
    /// <param name="detail">Tells several decisions of one occasion apart, such as the callback's event.</param>
    public bool Strikes(Fault fault, string number, int occasion, string detail = "") =>
        numbers.FixedBehaviour(number) is { } known
            ? known.Always == fault   // a number with a fixed behaviour shows that behaviour and no other
            : Dice.Roll(options.Value.Seed, number, occasion, $"fault-{fault}-{detail}") < Rates[fault];

    public void Count(Fault fault) => Interlocked.Increment(ref _injected[(int)fault]);

    public IReadOnlyDictionary<string, int> Injected =>
        Enum.GetValues<Fault>().ToDictionary(FaultRates.Name, f => Volatile.Read(ref _injected[(int)f]));

    public void Reset() => Array.Clear(_injected);
}
