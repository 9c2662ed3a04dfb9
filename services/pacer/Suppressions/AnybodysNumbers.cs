using Microsoft.EntityFrameworkCore;
using Outdial.Pacer.Data;
using Outdial.Providers;

namespace Outdial.Pacer.Suppressions;

/// <summary>The numbers that somebody may mean of whom nothing is known but how his is written.</summary>
internal sealed class AnybodysNumbers(PacerDbContext db, WrittenNumbers written)
{
    /// <summary>What the text is in each country in use, and in any other in which it is a lead's.</summary>
    /// <remarks>An upload may name a country that no campaign and no account has.</remarks>
    public async Task<IReadOnlyList<(string E164, string? Region)>> Find(string? text, CancellationToken cancel)
    {
        var readings = (await written.InUse(cancel)).Readings(text);
        if (PhoneNumber.TryParse(text, null, out _, out _))
            return readings;
        var elsewhere = NumberRegions.Of(PhoneNumber.Regions).Readings(text)
            .ExceptBy(readings.Select(reading => reading.E164), reading => reading.E164).ToList();
        var numbers = elsewhere.ConvertAll(reading => reading.E164);
        var known = await db.Leads.Where(lead => numbers.Contains(lead.Number)).Select(lead => lead.Number).Distinct().ToListAsync(cancel);
        return [.. readings, .. elsewhere.Where(reading => known.Contains(reading.E164))];
    }
}
