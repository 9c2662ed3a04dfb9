using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Outdial.Providers;

/// <summary>How numbers are read that belong to nothing with a country of its own, section <c>Numbers</c>.</summary>
public sealed class NumberOptions
{
    /// <summary>Where a number without its country's code is read when its account names no country; null: nowhere.</summary>
    public string? DefaultRegion { get; set; }
}

/// <summary>
/// Tells of every door at which people write numbers in which countries one without a country's code may be meant there: in the country of its
/// account, else in the default region, else in all that are in use.
/// </summary>
public sealed class NumberDoors(IConfiguration configuration)
{
    private readonly Dictionary<string, AccountCountry> _accounts = configuration.GetSection("Accounts").GetChildren()
        .ToDictionary(account => account.Key, AccountCountry.Of, StringComparer.Ordinal);

    /// <summary>Where numbers are read that belong to nothing with a country; null when none is configured.</summary>
    public string? DefaultRegion { get; } = Countries.Find(configuration["Numbers:DefaultRegion"]);

    /// <summary>The countries of all accounts, and the default one.</summary>
    public IEnumerable<string> InUse => _accounts.Values.Select(account => account.Home).Append(DefaultRegion).OfType<string>().Distinct();

    /// <summary>The country that decides how an account's numbers are read; null: several may be meant, or none is known.</summary>
    public string? Of(string? account) => Find(account).Told ?? DefaultRegion;

    /// <summary>The countries that somebody configured as such: regions, and no conclusions from zones or providers.</summary>
    public IEnumerable<string> Named => _accounts.Values.Select(account => account.Region).Append(DefaultRegion).OfType<string>().Distinct();

    /// <summary>Where a number of an account is read.</summary>
    /// <param name="account">Its name; null: <c>default</c>. Of one that does not exist nothing is known.</param>
    /// <param name="alsoInUse">Countries that are in use besides those of the accounts.</param>
    public NumberRegions OfAccount(string? account, params IEnumerable<string?> alsoInUse) =>
        Of(account) is { } region ? NumberRegions.Of(region) : NumberRegions.Of(InUse.Concat(alsoInUse));

    /// <summary>The country in whose form an account's provider writes numbers; null: it writes none without the country's code.</summary>
    public string? Home(string account) => Find(account).Home ?? DefaultRegion;

    /// <summary>
    /// The zone of what belongs to an account and names none: that of the account's times where it lies in the account's country, else the one in
    /// which most people of that country live; null: nothing is known of its country.
    /// </summary>
    public string? Zone(string? account)
    {
        var found = Find(account);
        var country = Of(account) ?? found.Home;
        return found.Zone is { } zone && country is not null && Countries.OfZone(zone) == country ? zone : Countries.FirstZone(country);
    }

    /// <summary>
    /// The number of ours that an account's agents see (<c>AgentCallerId</c>), E.164; null: none is configured, or none that can be read.
    /// </summary>
    /// <param name="expected">What would be one clear number; empty where nothing is wrong.</param>
    public string? AgentCallerId(IConfigurationSection account, out string expected)
    {
        expected = "";
        return string.IsNullOrWhiteSpace(account["AgentCallerId"]) ? null
            : OfAccount(account.Key).TryParse(account["AgentCallerId"], out var number, out expected) ? number : null;
    }

    private AccountCountry Find(string? account) => _accounts.GetValueOrDefault(account ?? "default");

    /// <summary>A value of a query: a plus that nobody escaped arrives as a blank.</summary>
    public static string? OfQuery(string? text) => text is [' ', >= '1' and <= '9', ..] ? "+" + text[1..] : text;
}

/// <param name="Region">As configured.</param>
/// <param name="Zone">Of its provider's times, as configured.</param>
/// <param name="Told">Its country, by one or the other.</param>
/// <param name="Home">Its country, by whatever there is to go by.</param>
internal readonly record struct AccountCountry(string? Region, string? Zone, string? Told, string? Home)
{
    public static AccountCountry Of(IConfigurationSection account) =>
        new(Countries.Find(account["Region"]), account["TimeZone"], AccountRegion.Told(account), AccountRegion.Home(account));
}

/// <summary>The country of a configured account.</summary>
public static class AccountRegion
{
    /// <summary>
    /// What Exotel's numbers without a country's code are: Indian ones. Its accounts' times are Indian, too, unless they say otherwise.
    /// </summary>
    public const string OfExotel = "IN";

    /// <summary>As the configuration says: <c>Region</c>, else the country of <c>TimeZone</c>; null when it says neither.</summary>
    public static string? Told(IConfigurationSection account) => Countries.Find(account["Region"]) ?? Countries.OfZone(account["TimeZone"]);

    /// <summary>The same, else the country of the provider itself; null when that has none.</summary>
    public static string? Home(IConfigurationSection account) =>
        Told(account) ?? ((account["Provider"] ?? ProviderRegistration.DefaultProvider) == ProviderRegistration.DefaultProvider ? OfExotel : null);
}

public static class NumberRegistration
{
    /// <summary>
    /// Registers <see cref="NumberDoors"/>. A country in the configuration that is none stops the start with a sentence. May be called
    /// several times.
    /// </summary>
    public static IHostApplicationBuilder AddNumberDoors(this IHostApplicationBuilder builder)
    {
        if (builder.Services.Any(service => service.ServiceType == typeof(NumberDoors)))
            return builder;
        builder.Services.AddSingleton<NumberDoors>();
        builder.Services.AddOptions<NumberOptions>().BindConfiguration("Numbers").ValidateOnStart();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<NumberOptions>, NumberOptionsValidation>());
        return builder;
    }
}

/// <summary>Stops a start with a sentence about a country that is none, and about a number of ours that cannot be read.</summary>
internal sealed class NumberOptionsValidation(IConfiguration configuration) : IValidateOptions<NumberOptions>
{
    public ValidateOptionsResult Validate(string? name, NumberOptions options)
    {
        var faults = configuration.GetSection("Accounts").GetChildren()
            .Select(account => (Setting: $"{account.Path}:Region", Value: account["Region"]))
            .Append((Setting: "Numbers:DefaultRegion", Value: options.DefaultRegion))
            .Where(region => !string.IsNullOrWhiteSpace(region.Value) && Countries.Find(region.Value) is null)
            .Select(region => $"{region.Setting} is \"{region.Value}\"; expected {PhoneNumber.ExpectedRegion}.")
            .ToList();
        if (faults.Count == 0)
        {
            var doors = new NumberDoors(configuration);
            foreach (var account in configuration.GetSection("Accounts").GetChildren())
            {
                if (doors.AgentCallerId(account, out var expected) is null && expected.Length > 0)
                    faults.Add($"{account.Path}:AgentCallerId is no number that can be shown; expected {expected}.");
            }
        }
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
