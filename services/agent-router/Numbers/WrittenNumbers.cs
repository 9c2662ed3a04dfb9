using Microsoft.EntityFrameworkCore;
using Outdial.AgentRouter.Campaigns;
using Outdial.AgentRouter.Data;
using Outdial.Providers;

namespace Outdial.AgentRouter.Numbers;

/// <summary>
/// In which countries numbers are read that people write at the router's doors: to those of the accounts come those of the campaigns with agents.
/// </summary>
internal sealed class WrittenNumbers(RouterDbContext db, NumberDoors doors)
{
    /// <summary>The countries of all accounts and of all campaigns that are known here, ended ones too.</summary>
    public async Task<NumberRegions> InUse(CancellationToken cancel) =>
        NumberRegions.Of(doors.InUse.Concat((await Zones(cancel)).Select(Countries.OfZone)));

    /// <summary>Where a number of an account is read.</summary>
    /// <param name="account">Its name; null: <c>default</c>.</param>
    public async Task<NumberRegions> OfAccount(string? account, CancellationToken cancel) =>
        doors.Of(account) is { } region ? NumberRegions.Of(region) : await InUse(cancel);

    private Task<List<string>> Zones(CancellationToken cancel) =>
        db.Set<CampaignRow>().Where(c => c.TimeZone != null).Select(c => c.TimeZone!).Distinct().ToListAsync(cancel);
}
