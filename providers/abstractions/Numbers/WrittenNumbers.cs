namespace Outdial.Providers;

/// <summary>Tells a service's doors in which zones its campaigns' people live: their countries are in use besides those of the accounts.</summary>
public interface ICampaignZones
{
    /// <summary>IANA names, each once, ended campaigns' too: of whom they called, somebody may speak later.</summary>
    Task<List<string>> All(CancellationToken cancel);
}

/// <summary>In which countries numbers are read that people write at a service's doors.</summary>
public sealed class WrittenNumbers(NumberDoors doors, ICampaignZones zones)
{
    /// <summary>The countries of all accounts and of all campaigns that are known here.</summary>
    public async Task<NumberRegions> InUse(CancellationToken cancel) =>
        NumberRegions.Of(doors.InUse.Concat((await zones.All(cancel)).Select(Countries.OfZone)));

    /// <summary>Where a number of an account is read.</summary>
    /// <param name="account">Its name; null: <c>default</c>.</param>
    public async Task<NumberRegions> OfAccount(string? account, CancellationToken cancel) =>
        doors.Of(account) is { } region ? NumberRegions.Of(region) : await InUse(cancel);
}
