namespace Outdial.Platform;

/// <summary>A thing by the name that a person gave it, for labels of metrics.</summary>
/// <param name="Account">The provider account that it is of.</param>
public sealed record NamedThing(Guid Id, string Account, string Name);

/// <summary>
/// Labels for things that people name: two of one account may have one name, and a series must be there once. The first of them keeps the name and
/// the others are counted, <c>Diwali (2)</c>. Names are masked before they are compared, as the scrape masks them. Pure.
/// </summary>
public static class SeriesNames
{
    /// <summary>So many, the oldest, have figures of their own; both services that tell of campaigns number the same ones.</summary>
    public const int Most = 250;

    /// <summary>Longer names are cut: a label is no essay.</summary>
    private const int Longest = 80;

    /// <param name="things">The oldest first, so that a name changes as seldom as can be.</param>
    public static IReadOnlyDictionary<Guid, string> Of(IReadOnlyCollection<NamedThing> things)
    {
        var taken = new HashSet<(string Account, string Name)>();
        var names = new Dictionary<Guid, string>();
        foreach (var thing in things)
        {
            var plain = Masked.Text(thing.Name.Length > Longest ? thing.Name[..(Longest - 1)] + "…" : thing.Name);
            var name = plain;
            for (var i = 2; !taken.Add((thing.Account, name)); i++)
                name = $"{plain} ({i})";
            names[thing.Id] = name;
        }
        return names;
    }
}
