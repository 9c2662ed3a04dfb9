using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Outdial.Providers.Exotel;
using Outdial.Providers.PortaSwitch;

namespace Outdial.Providers.Tests.PortaSwitch;

public sealed class AccountTests
{
    private static IHost Both(params (string Key, string? Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create("Accounts:" + setting.Key, setting.Value)));
        builder.AddExotel();
        builder.AddPortaSwitch();
        builder.AddExotel();
        return builder.Build();
    }

    private static readonly (string, string?)[] Porta =
    [
        ("porta:Provider", "portaswitch"), ("porta:BaseAddress", "https://switch.example.org:8444"), ("porta:Login", "l"), ("porta:Token", "t"),
        ("porta:AutoAttendantId", "7"), ("porta:CustomerId", "42"), ("porta:CallbackBaseAddress", "https://calls.example.org"),
    ];

    private static readonly (string, string?)[] Exotel =
        [("default:AccountSid", "acme1"), ("default:ApiKey", "key"), ("default:ApiToken", "token"), ("default:CallbackBaseAddress", "https://calls.example.org")];

    [Fact]
    public async Task A_process_with_PortaSwitch_accounts_alone_starts()
    {
        using var host = Both(Porta);
        await host.StartAsync();

        Assert.Equal("porta", Assert.Single(host.Services.GetRequiredService<ITelephonyProviders>().All).Account);
    }

    [Fact]
    public async Task Accounts_of_both_are_found_by_name_and_an_unknown_one_is_told_all_names()
    {
        using var host = Both([.. Porta, .. Exotel]);
        await host.StartAsync();
        var providers = host.Services.GetRequiredService<ITelephonyProviders>();

        Assert.Equal(["default", "porta"], providers.All.Select(provider => provider.Account).Order());
        Assert.True(providers.Get("default").HasNumberMetadata && !providers.Get("porta").HasNumberMetadata);
        Assert.Contains("default, porta", Assert.Throws<KeyNotFoundException>(() => providers.Get("other")).Message);
        Assert.Equal(["exotel", "portaswitch"], host.Services.GetServices<IWebhookTranslator>().Select(translator => translator.Provider).Order());
    }

    [Fact]
    public async Task An_account_of_a_provider_that_nobody_serves_stops_the_start()
    {
        using var host = Both([.. Exotel, ("other:Provider", "carrierpigeon")]);

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Contains("Accounts:other:Provider is \"carrierpigeon\"; expected one of exotel, portaswitch.", error.Message);
    }

    [Theory]
    [InlineData("BaseAddress", "switch.example.org", "is not an absolute http or https address")]
    [InlineData("CallbackBaseAddress", null, "CallbackBaseAddress")]
    [InlineData("BaseAddress", "https://192.168.1.20:8444/", "(Accounts:porta:AllowPrivateAddresses = true allows it)")]
    [InlineData("Login", "", "Login is missing")]
    [InlineData("Password", "both", "either Password or Token")]
    [InlineData("Token", "", "either Password or Token")]
    [InlineData("AutoAttendantId", "", "AutoAttendantId is missing")]
    [InlineData("CustomerId", "", "CustomerId is missing")]
    [InlineData("NumberForm", "national", "expected digits or plus")]
    [InlineData("TimeZone", "Asia/Nowhere", "is no IANA zone")]
    [InlineData("Fields:State", "", "Fields:State is empty")]
    [InlineData("RequestTimeout", "01:00:00", "RequestTimeout")]
    public async Task A_wrong_setting_stops_the_start_and_is_named(string setting, string? value, string expected)
    {
        using var host = Both([.. Porta.Where(known => known.Item1 != "porta:" + setting), ("porta:" + setting, value)]);

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Contains(expected, error.Message);
        Assert.DoesNotContain("\"both\"", error.Message);
    }
}
