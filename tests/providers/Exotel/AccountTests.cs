using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Outdial.Providers.Exotel;
using Outdial.Providers.Tests.Exotel.Client;

namespace Outdial.Providers.Tests.Exotel;

public sealed class AccountTests
{
    [Fact]
    public async Task No_account_at_all_stops_the_start_with_a_sentence()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.AddExotel();
        using var host = builder.Build();

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Contains("No telephony account is configured", error.Message);
    }

    [Theory]
    [InlineData("BaseAddress", "api.exotel.com", "is not an absolute http or https address")]
    [InlineData("CallbackBaseAddress", null, "CallbackBaseAddress")]
    [InlineData("AccountSid", "", "AccountSid is missing")]
    [InlineData("ApiToken", " ", "ApiToken is missing")]
    [InlineData("TimeZone", "Asia/Nowhere", "is no IANA zone")]
    [InlineData("CallsPerMinute", "0", "CallsPerMinute")]
    [InlineData("RequestTimeout", "01:00:00", "RequestTimeout")]
    public async Task A_wrong_setting_stops_the_start_and_is_named(string setting, string? value, string expected)
    {
        using var host = FakeExotel.Client("http://127.0.0.1:1/", ($"Accounts:default:{setting}", value));

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Contains(expected, error.Message);
        Assert.DoesNotContain("token\"", error.Message);
    }

    [Fact]
    public async Task Adding_twice_adds_once_and_an_unknown_account_is_named()
    {
        using var host = FakeExotel.Client("http://127.0.0.1:1/");
        await host.StartAsync();
        var providers = host.Services.GetRequiredService<ITelephonyProviders>();

        Assert.Equal("default", Assert.Single(providers.All).Account);
        Assert.Contains("default", Assert.Throws<KeyNotFoundException>(() => providers.Get("other")).Message);
        Assert.Single(host.Services.GetServices<IWebhookTranslator>());
    }
}
