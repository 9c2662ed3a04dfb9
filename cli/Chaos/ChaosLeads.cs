using System.Globalization;
using System.Text;

namespace Outdial.Cli.Chaos;

/// <summary>Lists of people, no two the same in one run.</summary>
public static class ChaosLeads
{
    private const long Subscribers = 100_000_000;

    // Odd and no multiple of five: steps of it meet every subscriber number once before they repeat.
    private const long Step = 7_368_787, OfSeed = 15_485_863;

    /// <summary>The simulator tells nobody anything of the calls to these: no ledger can know how they ended.</summary>
    private const int Untold = 6652;

    /// <summary>A CSV of Indian mobile numbers.</summary>
    /// <param name="seed">Gives another town.</param>
    /// <param name="from">How many were taken before.</param>
    /// <param name="count">How many now.</param>
    public static string Csv(long seed, int from, int count)
    {
        var csv = new StringBuilder("phone,name\n");
        for (var i = from; i < from + count; i++)
        {
            var subscriber = (ulong)(seed * OfSeed + i * Step) % Subscribers;
            if (subscriber % 10_000 == Untold)
                subscriber++;
            csv.Append(CultureInfo.InvariantCulture, $"98{subscriber:00000000},Lead {i}\n");
        }
        return csv.ToString();
    }
}
