using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Data;
using Outdial.Providers;

namespace Outdial.Pacer.Numbers;

/// <summary>
/// In which countries numbers are read that people write at the pacer's doors: to those of the accounts come those of the campaigns.
/// </summary>
internal sealed class WrittenNumbers(PacerDbContext db, NumberDoors doors)
{
    /// <summary>The countries of all accounts and campaigns, ended ones too: of whom they called, somebody may speak later.</summary>
    public async Task<NumberRegions> InUse(CancellationToken cancel)
    {
        var zones = await db.ZonesNamed(cancel);
        return NumberRegions.Of(doors.InUse.Concat(zones.Select(Countries.OfZone)));
    }

    /// <summary>Where a number of an account is read.</summary>
    /// <param name="account">Its name; null: <c>default</c>.</param>
    public async Task<NumberRegions> OfAccount(string? account, CancellationToken cancel) =>
        doors.Of(account) is { } region ? NumberRegions.Of(region) : await InUse(cancel);

    /// <summary>
    /// Every number that somebody may mean of whom nothing is known but how it is written: what it is in each country in use, and in any other in
    /// which
    /// it is a lead's.
    /// </summary>
    /// <remarks>An upload may name a country that no campaign and no account has.</remarks>
    public async Task<IReadOnlyList<(string E164, string? Region)>> OfAnybody(string? text, CancellationToken cancel)
    {
        var readings = (await InUse(cancel)).Readings(text);
        if (PhoneNumber.TryParse(text, null, out _, out _))
            return readings;
        var elsewhere = NumberRegions.Of(PhoneNumber.Regions).Readings(text)
            .ExceptBy(readings.Select(reading => reading.E164), reading => reading.E164).ToList();
        var numbers = elsewhere.ConvertAll(reading => reading.E164);
        var known = await db.Leads.Where(lead => numbers.Contains(lead.Number)).Select(lead => lead.Number).Distinct().ToListAsync(cancel);
        return [.. readings, .. elsewhere.Where(reading => known.Contains(reading.E164))];
    }
}
