using Microsoft.Extensions.Options;
using Outdial.Gateway.Tests.Nodes;

namespace Outdial.Gateway.Tests;

public sealed class SettingsTests
{
    [Theory]
    [InlineData("Identity:SigningKey", "", "Identity:SigningKey is missing")]
    [InlineData("Gateway:Services:pacer", "pacer:8080", "'pacer:8080' is not an absolute http or https address.")]
    [InlineData("Gateway:Services:pager", "http://pager", "Gateway:Services:pager is no service; expected one of ingress, pacer,")]
    [InlineData("Gateway:TrustedProxies:0", "the-balancer", "expected a range such as 10.0.0.0/8.")]
    [InlineData("Gateway:Limits:Burst", "0", "Gateway:Limits:")]
    [InlineData("Webhooks:SigningKey", "short", "Webhooks:SigningKey has 5 characters")]
    public async Task A_wrong_setting_stops_the_start_with_a_sentence(string setting, string value, string sentence)
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => GatewayNode.Start([(setting, value)]));

        Assert.Contains(failure.Failures, said => said.Contains(sentence, StringComparison.Ordinal));
    }
}
