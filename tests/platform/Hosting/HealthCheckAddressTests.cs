using Microsoft.Extensions.Configuration;
using Outdial.Platform.Hosting;

namespace Outdial.Platform.Tests.Hosting;

public sealed class HealthCheckAddressTests
{
    [Theory]
    [InlineData("urls", "http://+:8080", "http://127.0.0.1:8080/")]
    [InlineData("urls", "https://*:8443;http://0.0.0.0:8081/", "http://127.0.0.1:8081/")]
    [InlineData("urls", "http://[::]:8082", "http://127.0.0.1:8082/")]
    [InlineData("urls", "http://10.1.2.3:8083", "http://10.1.2.3:8083/")]
    [InlineData("urls", "https://localhost:8443", "https://127.0.0.1:8443/")]
    [InlineData("http_ports", "8084;8085", "http://127.0.0.1:8084/")]
    [InlineData("Kestrel:Endpoints:Public:Url", "http://*:8086", "http://127.0.0.1:8086/")]
    [InlineData("something", "else", "http://127.0.0.1:5000/")]
    public void A_process_is_asked_where_it_listens(string key, string value, string expected)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { [key] = value }).Build();

        Assert.Equal(new Uri(expected), HealthCheckVerb.AddressOf(configuration));
    }
}
