using System.Globalization;

namespace Outdial.Simulator;

/// <summary>
/// Chance without state: the same seed and the same question always give the same number, whatever was asked before and
/// whenever it is asked. That is what lets a seed repeat a run although its timing never repeats.
/// </summary>
public static class Dice
{
    /// <summary>A number in [0, 1), evenly spread over all questions.</summary>
    /// <param name="aspect">What the number is for, such as <c>answers</c>: each aspect is independent of the others.</param>
    public static double Roll(long seed, string number, int occasion, string aspect) =>
        (Hash(seed, number, occasion, aspect) >> 11) * (1.0 / (1L << 53));

    /// <summary>A whole number in [from, to].</summary>
    public static int Between(int from, int to, long seed, string number, int occasion, string aspect) =>
        from + (int)(Roll(seed, number, occasion, aspect) * (to - from + 1));

    /// <summary>32 hexadecimal digits, as Exotel's ids of calls.</summary>
    public static string HexId(long seed, string number, int occasion, long moment) => string.Create(
        CultureInfo.InvariantCulture, $"{Hash(seed ^ moment, number, occasion, "id-a"):x16}{Hash(seed + moment, number, occasion, "id-b"):x16}");

    /// <summary>FNV-1a (64 bit) over the text, then the SplitMix64 finaliser: FNV alone leaves the high bits poorly mixed.</summary>
    private static ulong Hash(long seed, string number, int occasion, string aspect)
    {
        var hash = 14695981039346656037UL ^ Mix((ulong)seed);
        foreach (var character in number)
            hash = (hash ^ character) * 1099511628211UL;
        hash = (hash ^ (uint)occasion) * 1099511628211UL;
        foreach (var character in aspect)
            hash = (hash ^ character) * 1099511628211UL;
        return Mix(hash);
    }

    private static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15UL;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
        return value ^ (value >> 31);
    }
}
