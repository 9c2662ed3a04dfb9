using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Outdial.Providers.Exotel.Client;
using Outdial.Providers.Exotel.Webhooks;

namespace Outdial.Providers.Exotel;

public static class ExotelRegistration
{
    /// <summary>
    /// Reads the accounts of section <c>Accounts</c> and registers <see cref="ITelephonyProviders"/> and the
    /// <see cref="IWebhookTranslator"/>. May be called by several services of one process. A wrong setting, or no account
    /// at all, stops the start with a sentence.
    /// </summary>
    public static IHostApplicationBuilder AddExotel(this IHostApplicationBuilder builder)
    {
        if (builder.Services.Any(service => service.ServiceType == typeof(ExotelProviders)))
            return builder;

        builder.Services.AddOptions<ExotelAccounts>()
            .Configure<IConfiguration>((accounts, configuration) => accounts.ByName = Read(configuration.GetSection("Accounts")))
            .ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<ExotelAccounts>, ExotelAccountsValidation>();

        builder.Services.AddHttpClient(ExotelHttp.ClientName)
            .ConfigurePrimaryHttpMessageHandler(ExotelHttp.NewHandler)
            .RemoveAllLoggers();   // the factory logs whole addresses, and those of the metadata API carry phone numbers

        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<ExotelProviders>();
        builder.Services.AddSingleton<ITelephonyProviders>(services => services.GetRequiredService<ExotelProviders>());
        builder.Services.AddSingleton<IWebhookTranslator, ExotelWebhookTranslator>();
        return builder;
    }

    private static Dictionary<string, ExotelAccount> Read(IConfigurationSection section) => section.GetChildren()
        .Where(account => account["Provider"] is null or ExotelAccount.ProviderName)
        .ToDictionary(account => account.Key, account => account.Get<ExotelAccount>() ?? new ExotelAccount(), StringComparer.Ordinal);
}
