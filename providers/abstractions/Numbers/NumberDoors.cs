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
    /// <summary>Account to its country.</summary>
    private readonly Dictionary<string, (string? Told, string? Home)> _accounts = configuration.GetSection("Accounts").GetChildren()
        .ToDictionary(account => account.Key, account => (AccountRegion.Told(account), AccountRegion.Home(account)), StringComparer.Ordinal);

    /// <summary>Where numbers are read that belong to nothing with a country; null when none is configured.</summary>
    public string? DefaultRegion { get; } = Countries.Find(configuration["Numbers:DefaultRegion"]);

    /// <summary>The countries of all accounts, and the default one.</summary>
    public IEnumerable<string> InUse => _accounts.Values.Select(account => account.Home).Append(DefaultRegion).OfType<string>().Distinct();

    /// <summary>The country that decides how an account's numbers are read; null: several may be meant, or none is known.</summary>
    public string? Of(string? account) => _accounts.GetValueOrDefault(account ?? "default").Told ?? DefaultRegion;

    /// <summary>Where a number of an account is read.</summary>
    /// <param name="account">Its name; null: <c>default</c>. Of one that does not exist nothing is known.</param>
    /// <param name="alsoInUse">Countries that are in use besides those of the accounts.</param>
    public NumberRegions OfAccount(string? account, params IEnumerable<string?> alsoInUse) =>
        Of(account) is { } region ? NumberRegions.Of(region) : NumberRegions.Of(InUse.Concat(alsoInUse));

    /// <summary>The country in whose form an account's provider writes numbers; null: it writes none without the country's code.</summary>
    public string? Home(string account) => _accounts.GetValueOrDefault(account).Home ?? DefaultRegion;

    /// <summary>A value of a query: a plus that nobody escaped arrives as a blank.</summary>
    public static string? OfQuery(string? text) => text is [' ', >= '1' and <= '9', ..] ? "+" + text[1..] : text;
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

/// <summary>Stops a start with a sentence about a country that is none.</summary>
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
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
