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
    /// Reads the accounts of section <c>Accounts</c> at Exotel, of which there may be none when another provider has some, and
    /// registers them with <see cref="ITelephonyProviders"/>, and the <see cref="IWebhookTranslator"/>. May be called by several
    /// services of one process. A wrong setting, or no account at any provider, stops the start with a sentence.
    /// </summary>
    public static IHostApplicationBuilder AddExotel(this IHostApplicationBuilder builder)
    {
        if (!builder.AddTelephonyProvider<ExotelProviders, ExotelWebhookTranslator>(ExotelAccount.ProviderName))
            return builder;

        builder.Services.AddOptions<ExotelAccounts>()
            .Configure<IConfiguration>((accounts, configuration) => accounts.ByName = configuration.AccountsOf(ExotelAccount.ProviderName)
                .ToDictionary(account => account.Key, account => account.Get<ExotelAccount>() ?? new ExotelAccount(), StringComparer.Ordinal))
            .ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<ExotelAccounts>, ExotelAccountsValidation>();

        builder.Services.TryAddSingleton<IEchoReader, NoEchoes>();
        return builder;
    }
}
