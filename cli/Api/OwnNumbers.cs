using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Outdial.Cli.Processes;
using Outdial.Providers;
using Outdial.Providers.Exotel;

namespace Outdial.Cli.Api;

/// <summary>The numbers that belong to a provider account: what leads will see.</summary>
public static class OwnNumbers
{
    /// <param name="account">The environment variables of the account <c>default</c>, as the host gets them.</param>
    /// <exception cref="CommandFailure">The provider could not be asked, or the account has no number that can call.</exception>
    public static async Task<IReadOnlyList<OwnNumber>> ListAsync(IReadOnlyDictionary<string, string> account, CancellationToken cancel)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(account.Select(pair => KeyValuePair.Create(pair.Key.Replace("__", ":", StringComparison.Ordinal), (string?)pair.Value)));
        builder.AddExotel();
        using var host = builder.Build();
        try
        {
            var numbers = await host.Services.GetRequiredService<ITelephonyProviders>().Get("default").ListOwnNumbersAsync(cancel);
            return numbers.Where(number => number.Voice).ToList() is { Count: > 0 } voice
                ? voice
                : throw new CommandFailure("The account has no ExoPhone that can make calls: buy one, or ask the provider to enable voice.");
        }
        catch (ProviderException e)
        {
            throw new CommandFailure($"The account's ExoPhones could not be listed: {e.Message}");
        }
    }
}
