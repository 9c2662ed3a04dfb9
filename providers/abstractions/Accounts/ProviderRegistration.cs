using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Outdial.Providers;

public static class ProviderRegistration
{
    /// <summary>The provider of an account that names none.</summary>
    public const string DefaultProvider = "exotel";

    /// <summary>
    /// Registers one kind of provider, and <see cref="ITelephonyProviders"/> over all kinds. May be called by several services of
    /// one process.
    /// </summary>
    /// <param name="provider">The word in <c>Accounts:{name}:Provider</c>.</param>
    /// <returns>False when it was registered already.</returns>
    public static bool AddTelephonyProvider<TAccounts, TTranslator>(this IHostApplicationBuilder builder, string provider)
        where TAccounts : class, IProviderAccounts
        where TTranslator : class, IWebhookTranslator
    {
        var services = builder.Services;
        if (services.Any(service => service.ImplementationType == typeof(TTranslator)))
            return false;

        builder.AddNumberDoors();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddKeyedSingleton(ProviderHttp.Clock, TimeProvider.System);
        services.AddSingleton(new KnownProvider(provider));
        services.AddSingleton<IProviderAccounts, TAccounts>();
        services.AddSingleton<IWebhookTranslator, TTranslator>();
        services.TryAddSingleton<ITelephonyProviders, TelephonyProviders>();
        services.AddOptions<TelephonyAccounts>()
            .Configure<IConfiguration>((accounts, configuration) =>
            {
                var sections = configuration.GetSection("Accounts").GetChildren().ToList();
                accounts.Providers = sections.ToDictionary(account => account.Key, AccountSection.ProviderOf, StringComparer.Ordinal);
                accounts.Faults = [.. sections.SelectMany(AccountSection.Faults)];
            })
            .ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TelephonyAccounts>, TelephonyAccountsValidation>());
        return true;
    }

    /// <summary>The sections of the accounts at one provider.</summary>
    public static IEnumerable<IConfigurationSection> AccountsOf(this IConfiguration configuration, string provider) =>
        configuration.GetSection("Accounts").GetChildren().Where(account => account.ProviderOf() == provider);
}
