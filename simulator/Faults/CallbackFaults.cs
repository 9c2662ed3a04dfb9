using Microsoft.Extensions.Options;

namespace Outdial.Simulator;

/// <summary>What happens to one callback.</summary>
/// <param name="Fault">The name of the fault that strikes the first copy; null for none.</param>
/// <param name="CopyAfter">How long after the first a second copy is sent; null: there is none.</param>
public sealed record Strike(string? Fault, bool Drop, TimeSpan Delay, TimeSpan? CopyAfter)
{
    public static Strike None { get; } = new(null, false, TimeSpan.Zero, null);
}

/// <summary>Decides about each callback: the mischief ordered for its flow first, then the rates.</summary>
public sealed class CallbackFaults(FaultPlan faults, FlowBook flows, IOptions<SimulatorOptions> options)
{
    private static readonly (int From, int To) DelaySeconds = (60, 900);
    private static readonly (int From, int To) DuplicateSeconds = (1, 30);

    /// <summary>Decides, and counts what it decided.</summary>
    /// <param name="flow">null for a call whose flow is not configured.</param>
    /// <param name="number">The person it is about.</param>
    /// <param name="name">Such as <c>popup-dial</c>; for the dice, an aspect of its own.</param>
    /// <param name="detail">Tells several callbacks of one name and occasion apart.</param>
    public Strike Decide(FlowDefinition? flow, string number, int occasion, string name, string detail = "")
    {
        // Each order counts what it sees, also when another one strikes.
        Mischief[] orders = flow is null ? [] : [.. flows.MischiefOf(flow.Id!).Where(order => order.Hits(name))];
        if (orders is [var first, ..])
            return Counted(first.Strike());

        var aspect = name + detail;
        TimeSpan Between((int From, int To) span, string what) =>
            TimeSpan.FromSeconds(Dice.Between(span.From, span.To, options.Value.Seed, number, occasion, $"{what}-{aspect}"));

        if (faults.Strikes(Fault.Drop, number, occasion, aspect))
            return Counted(new Strike(FaultRates.Name(Fault.Drop), true, TimeSpan.Zero, null));
        var delayed = faults.Strikes(Fault.Delay, number, occasion, aspect);
        var doubled = faults.Strikes(Fault.Duplicate, number, occasion, aspect);
        return delayed || doubled
            ? Counted(new Strike(
                delayed ? FaultRates.Name(Fault.Delay) : null, false, delayed ? Between(DelaySeconds, "delay") : TimeSpan.Zero,
                doubled ? Between(DuplicateSeconds, "duplicate") : null))
            : Strike.None;
    }

    private Strike Counted(Strike strike)
    {
        if (strike.Drop)
            faults.Count(Fault.Drop);
        if (strike.Delay > TimeSpan.Zero)
            faults.Count(Fault.Delay);
        if (strike.CopyAfter is not null)
            faults.Count(Fault.Duplicate);
        return strike;
    }
}
