using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Outdial.Platform.Tests.Security;

public sealed class ProviderAccessTests
{
    [Theory]
    [InlineData("203.0.113.9", null)]
    [InlineData("::ffff:203.0.113.9", null)]     // the same, on a socket for both versions
    [InlineData("2001:db8::7", null)]
    [InlineData("198.51.100.1", 403)]
    public void A_range_admits_its_addresses_only(string from, int? refused)
    {
        var access = Access(("SourceRanges:0", "203.0.113.0/24"), ("SourceRanges:1", "2001:db8::/32"));

        Assert.Equal(refused, access.Refuse(From(from), "default")?.StatusCode);
        Assert.Null(access.Refuse(From(from), "another")?.StatusCode);
    }

    [Fact]
    public void What_came_through_a_gateway_was_looked_at_there()
    {
        var access = Access(("BasicUser", "exotel"), ("BasicPassword", "secret"), ("SourceRanges:0", "203.0.113.0/24"));
        var http = From("10.0.0.1");
        Assert.Equal(403, access.Refuse(http, "default")?.StatusCode);

        http.User = new(new ClaimsIdentity([new(ClaimTypes.Role, ApiRoles.Provider)], "ApiKey"));

        Assert.Null(access.Refuse(http, "default"));
    }

    [Theory]
    [InlineData("SourceRanges:0", "near", "Accounts:default:Webhooks:SourceRanges:0 is 'near'; expected a range such as 203.0.113.0/24 or 2001:db8::/32.")]
    [InlineData("BasicUser", "exotel", "Accounts:default:Webhooks: BasicUser and BasicPassword belong together; one of them is missing.")]
    public void A_wrong_rule_is_said_in_a_sentence(string setting, string value, string sentence)
    {
        var failure = Assert.Throws<OptionsValidationException>(() => Access((setting, value)));

        Assert.Equal(sentence, failure.Failures.Single());
    }

    private static DefaultHttpContext From(string address) => new() { Connection = { RemoteIpAddress = IPAddress.Parse(address) } };

    private static ProviderAccess Access(params (string Key, string Value)[] rule)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(rule.Select(setting => KeyValuePair.Create("Accounts:default:Webhooks:" + setting.Key, (string?)setting.Value)));
        builder.AddProviderAccess();
        return builder.Services.BuildServiceProvider().GetRequiredService<ProviderAccess>();
    }
}
