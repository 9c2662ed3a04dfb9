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
    [InlineData("BaseAddress", "https://someone:word@api.example.org/", "has a user name or password in it")]
    [InlineData("CallbackBaseAddress", null, "CallbackBaseAddress")]
    [InlineData("CallbackBaseAddress", "https://calls.example.org/?a=b", "has a query or fragment")]
    [InlineData("Flow", "javascript:alert(1)", "Accounts:default:Flow is \"javascript:alert(1)\"; expected the provider's id of a flow")]
    [InlineData("AgentFlow", "http://my.exotel.com/acme1/ exoml", "Accounts:default:AgentFlow")]
    [InlineData("AccountSid", "", "AccountSid is missing")]
    [InlineData("ApiToken", " ", "ApiToken is missing")]
    [InlineData("TimeZone", "Asia/Nowhere", "is no IANA zone")]
    [InlineData("CallsPerMinute", "0", "CallsPerMinute")]
    [InlineData("CallPerMinute", "60", "Accounts:default:CallPerMinute is no setting of an account; CallsPerMinute is.")]
    [InlineData("TimeZon", "Asia/Kolkata", "Accounts:default:TimeZon is no setting of an account; TimeZone is.")]
    [InlineData("AgentFlowWaits", "no", "Accounts:default:AgentFlowWaits is \"no\"; expected true or false.")]
    [InlineData("PeopleLookupsPerMinute", "abc", "Accounts:default:PeopleLookupsPerMinute is \"abc\"; expected a whole number above zero.")]
    [InlineData("RenewBefore", "1m", "Accounts:default:RenewBefore is \"1m\"; expected a duration such as 00:00:30")]
    [InlineData("RequestTimeout", "01:00:00", "RequestTimeout")]
    public async Task A_wrong_setting_stops_the_start_and_is_named(string setting, string? value, string expected)
    {
        using var host = FakeExotel.Client("http://127.0.0.1:1/", ($"Accounts:default:{setting}", value));

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Contains(expected, error.Message);
        Assert.DoesNotContain("token\"", error.Message);
    }

    [Fact]
    public void All_that_an_account_may_say_is_known_to_all_services()
    {
        var said = typeof(ExotelAccount).GetProperties().Concat(typeof(global::Outdial.Providers.PortaSwitch.PortaSwitchAccount).GetProperties())
            .Where(property => property.CanWrite).Select(property => property.Name);

        Assert.Empty(said.Except(AccountSection.Names));
    }

    [Theory]
    [InlineData("BaseAddress", "http://169.254.169.254/")]
    [InlineData("CallbackBaseAddress", "http://user:word@10.0.0.5/")]
    [InlineData("CallbackBaseAddress", "http://gateway:8080/")]
    [InlineData("Flow", "http://localhost/start_voice/926")]
    public async Task An_address_that_only_our_own_network_knows_stops_the_start_unless_it_is_allowed(string setting, string value)
    {
        using var strict = FakeExotel.Client("https://api.example.org/", ("Accounts:default:AllowPrivateAddresses", "false"), ($"Accounts:default:{setting}", value));
        using var lenient = FakeExotel.Client("https://api.example.org/", ("Accounts:default:AllowPrivateAddresses", "true"), ($"Accounts:default:{setting}", value));

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => strict.StartAsync());
        await lenient.StartAsync();

        Assert.Contains($"Accounts:default:{setting}", error.Message);
        Assert.DoesNotContain("word", error.Message);
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
