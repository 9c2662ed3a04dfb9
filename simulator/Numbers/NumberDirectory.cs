using Microsoft.Extensions.Options;

namespace Outdial.Simulator;

/// <param name="Dnd"><c>Yes</c>, <c>No</c> or <c>Unavailable</c>.</param>
public sealed record NumberEntry(string Circle, string CircleName, string Type, string Operator, string OperatorName, string Dnd);

/// <summary>What the provider knows of a number. A function of the number alone: no seed, so that a list keeps its circles.</summary>
public sealed class NumberDirectory(IOptions<SimulatorOptions> options)
{
    /// <summary>List A of the operator codes; the codes are opaque to a client.</summary>
    private static readonly (string Code, string Name)[] Operators =
    [
        ("A", "Airtel"), ("V", "Vodafone"), ("I", "Idea"), ("R", "Reliance"), ("B", "BSNL"),
        ("T", "Tata"), ("A", "Airtel"), ("V", "Vodafone"), ("VI", "Videocon"), ("D", "Dishnet"),
    ];

    /// <summary>The fixed behaviour of a number; null for ordinary numbers and when fixed suffixes are switched off.</summary>
    public Suffix? FixedBehaviour(string e164) => options.Value.FixedSuffixes ? Suffixes.Of(e164) : null;

    /// <returns>null when no Indian circle has such a number.</returns>
    public NumberEntry? Find(string e164)
    {
        if (PhoneNumbers.IndianDigits(e164) is not { } digits || Circles.Of(digits) is not var (circle, landline))
            return null;
        var (code, name) = landline ? ("B", "BSNL") : Operators[digits[4] - '0'];
        return new NumberEntry(circle, Circles.Names[circle], landline ? "Landline" : "Mobile", code, name, Dnd(e164));
    }

    private string Dnd(string e164)
    {
        if (FixedBehaviour(e164) is { } known)
            return known.Dnd ?? "No";
        var roll = Dice.Roll(0, e164, 0, "dnd");
        var people = options.Value.People;
        return roll < people.DndShare ? "Yes" : roll < people.DndShare + people.DndUnavailableShare ? "Unavailable" : "No";
    }
}
