using Outdial.Cli.Demo;
using Outdial.Cli.Processes;

namespace Outdial.Cli.Tests.Demo;

public class ExotelEnvironmentTests
{
    private static readonly Dictionary<string, string> Complete = new()
    {
        ["OUTDIAL_EXOTEL_BASE_ADDRESS"] = "https://api.in.exotel.com",
        ["OUTDIAL_EXOTEL_ACCOUNT_SID"] = "acme1",
        ["OUTDIAL_EXOTEL_API_KEY"] = "key",
        ["OUTDIAL_EXOTEL_API_TOKEN"] = "token",
        ["OUTDIAL_EXOTEL_FLOW"] = "926",
        ["OUTDIAL_EXOTEL_CALLBACK_ADDRESS"] = "https://calls.example.com/outdial",
    };

    [Fact]
    public void A_complete_environment_is_an_account()
    {
        var account = ExotelEnvironment.Read(Complete.GetValueOrDefault).Account();

        Assert.Equal("https://api.in.exotel.com/", account["Accounts__default__BaseAddress"]);
        Assert.Equal("https://calls.example.com/outdial/", account["Accounts__default__CallbackBaseAddress"]);
        Assert.Equal(ExotelEnvironment.DefaultListen, ExotelEnvironment.Read(Complete.GetValueOrDefault).Listen.ToString());
        Assert.Equal("acme1", account["Accounts__default__AccountSid"]);
    }

    [Theory]
    [InlineData("https://api.in.exotel.com", "false")]
    [InlineData("http://127.0.0.1:9999", "true")]
    public void Private_addresses_are_for_a_provider_on_this_machine(string provider, string allowed)
    {
        var account = ExotelEnvironment.Read(name => name == "OUTDIAL_EXOTEL_BASE_ADDRESS" ? provider : Complete.GetValueOrDefault(name)).Account();

        Assert.Equal(allowed, account["Accounts__default__AllowPrivateAddresses"]);
    }

    [Fact]
    public void Every_missing_variable_is_named_with_its_meaning()
    {
        var failure = Assert.Throws<CommandFailure>(() => ExotelEnvironment.Read(_ => null));

        Assert.All(Complete.Keys, name => Assert.Contains($"{name} is not set", failure.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void An_address_that_is_none_is_refused_with_what_was_expected()
    {
        var failure = Assert.Throws<CommandFailure>(() =>
            ExotelEnvironment.Read(name => name.EndsWith("BASE_ADDRESS", StringComparison.Ordinal) ? "api.exotel.com" : Complete.GetValueOrDefault(name)));

        Assert.Contains("OUTDIAL_EXOTEL_BASE_ADDRESS is 'api.exotel.com': expected an http or https address", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FLOW", "my flow", "expected the flow's number such as 926, or its address")]
    [InlineData("ACCOUNT_SID", "acme/1", "expected letters, digits, hyphens and underscores")]
    [InlineData("LISTEN", "https://0.0.0.0:5443", "expected an http address without a path")]
    [InlineData("LISTEN", "5080", "expected an http or https address")]
    [InlineData("CALLBACK_ADDRESS", "calls.example.com", "expected an http or https address")]
    public void A_variable_that_cannot_be_meant_is_refused_with_its_value_and_what_was_expected(string name, string value, string expected)
    {
        var failure = Assert.Throws<CommandFailure>(() =>
            ExotelEnvironment.Read(asked => asked == "OUTDIAL_EXOTEL_" + name ? value : Complete.GetValueOrDefault(asked)));

        Assert.Contains($"OUTDIAL_EXOTEL_{name} is '{value}", failure.Message, StringComparison.Ordinal);
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Real_phones_are_not_rung_without_a_list_of_whom_to_call()
    {
        var failure = Assert.Throws<CommandFailure>(() => DemoLeads.Find(new DemoOptions { Provider = "exotel" }));

        Assert.Contains("leads.csv", failure.Message, StringComparison.Ordinal);
    }
}
