using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Outdial.AgentRouter.Tests.Nodes;
using Outdial.Providers;

namespace Outdial.AgentRouter.Tests;

public sealed class AccountSettingTests
{
    [Theory]
    [InlineData("TimeZone", "Asia/Kolkatta", "Accounts:default:TimeZone is \"Asia/Kolkatta\", which is no IANA zone known here; expected one such as Asia/Kolkata.")]
    [InlineData("TimeZone", "IST+5:30", "Accounts:default:TimeZone is \"IST+5:30\", which is no IANA zone")]
    [InlineData("TimeZone", "", "Accounts:default:TimeZone is \"\", which is no IANA zone")]
    [InlineData("AgentFlowWaits", "no", "Accounts:default:AgentFlowWaits is \"no\"; expected true or false.")]
    [InlineData("AllowPrivateAddresses", "yes", "Accounts:default:AllowPrivateAddresses is \"yes\"; expected true or false.")]
    [InlineData("CallsPerMinute", "abc", "Accounts:default:CallsPerMinute is \"abc\"; expected a whole number above zero.")]
    [InlineData("RequestTimeout", "30s", "Accounts:default:RequestTimeout is \"30s\"; expected a duration")]
    [InlineData("AgentCallerId", "12345", "Accounts:default:AgentCallerId is no number that can be shown; expected a telephone number of IN")]
    [InlineData("AgentFlowWait", "true", "Accounts:default:AgentFlowWait is no setting of an account; AgentFlowWaits is.")]
    public async Task A_setting_of_an_account_that_cannot_be_meant_stops_the_router(string setting, string value, string sentence)
    {
        var wrong = await Assert.ThrowsAsync<OptionsValidationException>(
            () => RouterNode.Start(settings: new Dictionary<string, string?> { [$"Accounts:default:{setting}"] = value }));

        Assert.Contains(wrong.Failures, said => said.StartsWith(sentence, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("080 4000 0009", "+918040000009"), InlineData("+44 20 7183 8750", "+442071838750"), InlineData("", null), InlineData(null, null)]
    public void The_number_that_agents_see_is_read_as_every_number_is(string? written, string? read)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Accounts:one:Provider"] = "exotel",
            ["Accounts:one:AgentCallerId"] = written,
        }).Build();

        Assert.Equal(read, new AccountSettings(configuration).Find("one")!.AgentCallerId);
    }

    [Theory]
    [InlineData(null, null, "Asia/Kolkata"), InlineData("exotel", null, "Asia/Kolkata"), InlineData("portaswitch", null, "UTC"), InlineData(
        "portaswitch", "Europe/Kyiv", "Europe/Kyiv")]
    public void An_account_that_names_no_zone_has_its_providers(string? provider, string? zone, string expected)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Accounts:one:CallbackBaseAddress"] = "https://calls.example.org/",
            ["Accounts:one:Provider"] = provider,
            ["Accounts:one:TimeZone"] = zone,
        }).Build();

        Assert.Equal(expected, new AccountSettings(configuration).Find("one")!.Zone.Id);
    }
}
