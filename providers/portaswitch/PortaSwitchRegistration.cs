using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Outdial.Providers.PortaSwitch.Client;
using Outdial.Providers.PortaSwitch.Webhooks;

namespace Outdial.Providers.PortaSwitch;

public static class PortaSwitchRegistration
{
    /// <summary>
    /// Reads the accounts of section <c>Accounts</c> with <c>Provider = portaswitch</c>, of which there may be none, and registers
    /// them with <see cref="ITelephonyProviders"/>, and the <see cref="IWebhookTranslator"/>. May be called by several services of
    /// one process. A wrong setting stops the start with a sentence.
    /// </summary>
    public static IHostApplicationBuilder AddPortaSwitch(this IHostApplicationBuilder builder)
    {
        if (!builder.AddTelephonyProvider<PortaSwitchProviders, PortaSwitchTranslator>(PortaSwitchAccount.ProviderName))
            return builder;

        builder.Services.AddOptions<PortaSwitchAccounts>()
            .Configure<IConfiguration>((accounts, configuration) => accounts.ByName = configuration.AccountsOf(PortaSwitchAccount.ProviderName)
                .ToDictionary(account => account.Key, account =>
                    account.Get<PortaSwitchAccount>() ?? new PortaSwitchAccount(), StringComparer.Ordinal))
            .ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<PortaSwitchAccounts>, PortaSwitchAccountsValidation>();
        return builder;
    }
}
