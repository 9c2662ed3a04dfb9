using System.Net;

namespace Outdial.Providers.Tests.Addresses;

public sealed class HttpAddressTests
{
    [Theory]
    [InlineData("https://api.example.org/", null)]
    [InlineData("http://203.0.113.9:8080/outdial/", null)]
    [InlineData("https://[2001:db8::1]:8443/", null)]
    [InlineData(null, "absolute")]
    [InlineData("api.example.org", "absolute")]
    [InlineData("ftp://api.example.org/", "absolute")]
    [InlineData("file:///etc/passwd", "absolute")]
    [InlineData("javascript:alert(1)", "absolute")]
    [InlineData("http:api.example.org", "absolute")]
    [InlineData("http:///path", "absolute")]
    [InlineData("https://api.example.org:0/", "port")]
    [InlineData("https://api.example.org:70000/", "absolute")]
    [InlineData("https://api.example.org/\r\nX-Header: 1", "control characters")]
    [InlineData("https://api.example.org/a\\b", "backslashes")]
    [InlineData("https://аpi.example.org/", "outside of ASCII")]   // the first letter is Cyrillic
    [InlineData("https://user@api.example.org/", "user name")]
    [InlineData("https://api.example.org/?key=1", "query")]
    [InlineData("https://api.example.org/#top", "fragment")]
    [InlineData("https://10.0.0.1/", "public network")]
    public void An_address_is_good_or_told_what_is_wrong_with_it(string? address, string? fault)
    {
        var said = HttpAddress.Fault(address, allowPrivate: false);

        if (fault is null)
            Assert.Null(said);
        else
            Assert.Contains(fault, said);
    }

    [Theory]
    [InlineData("http://localhost/")]
    [InlineData("http://LOCALHOST./")]
    [InlineData("http://me.localhost/")]
    [InlineData("http://simulator:8080/")]
    [InlineData("http://switch.local/")]
    [InlineData("http://metadata.google.internal/")]
    [InlineData("http://gateway.outdial.svc/")]
    [InlineData("http://127.0.0.1/")]
    [InlineData("http://127.1/")]
    [InlineData("http://2130706433/")]
    [InlineData("http://0x7f000001/")]
    [InlineData("http://0177.0.0.1/")]
    [InlineData("http://0/")]
    [InlineData("http://10.255.255.255/")]
    [InlineData("http://100.127.0.1/")]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://172.31.0.1/")]
    [InlineData("http://192.168.0.1/")]
    [InlineData("http://224.0.0.1/")]
    [InlineData("http://255.255.255.255/")]
    [InlineData("http://[::]/")]
    [InlineData("http://[::1]/")]
    [InlineData("http://[::ffff:10.0.0.1]/")]
    [InlineData("http://[::127.0.0.1]/")]
    [InlineData("http://[64:ff9b::a9fe:a9fe]/")]
    [InlineData("http://[2002:7f00:1::]/")]
    [InlineData("http://[fd00::1]/")]
    [InlineData("http://[fe80::1]/")]
    [InlineData("http://[ff02::1]/")]
    public void A_private_host_is_known_in_every_way_to_write_it(string address)
    {
        Assert.Contains("public network", HttpAddress.Fault(address, allowPrivate: false));
        Assert.Null(HttpAddress.Fault(address, allowPrivate: true));
    }

    [Theory]
    [InlineData("172.15.255.255", false)]
    [InlineData("172.32.0.0", false)]
    [InlineData("100.63.255.255", false)]
    [InlineData("100.128.0.0", false)]
    [InlineData("223.255.255.255", false)]
    [InlineData("2606:4700::1111", false)]
    [InlineData("64:ff9b::808:808", false)]
    [InlineData("fe80::1%1", true)]
    [InlineData("localhost.example.org", false)]
    [InlineData("internal.example.org", false)]
    public void The_neighbours_of_private_networks_are_public(string host, bool isPrivate) => Assert.Equal(isPrivate, NetworkHost.IsPrivate(host));

    [Theory]
    [InlineData("203.0.113.0/24", false)]
    [InlineData("10.0.0.0/30", true)]
    [InlineData("192.0.0.0/8", true)]
    [InlineData("8.0.0.0/8", false)]
    public void A_network_is_private_when_any_address_in_it_is(string network, bool isPrivate) =>
        Assert.Equal(isPrivate, NetworkHost.IsPrivate(IPNetwork.Parse(network)));

    [Theory]
    [InlineData("926", true)]
    [InlineData("aa-7", true)]
    [InlineData("http://my.exotel.com/acme1/exoml/start_voice/926", true)]
    [InlineData("https://flows.example.org/run?id=1", true)]
    [InlineData("926\n", false)]
    [InlineData("9 26", false)]
    [InlineData("//flows.example.org/1", false)]
    [InlineData("data:text/xml,<x/>", false)]
    [InlineData("http://user:word@flows.example.org/1", false)]
    [InlineData("http://169.254.169.254/1", false)]
    public void A_flow_is_an_id_or_a_public_address(string flow, bool isGood) => Assert.Equal(isGood, FlowAddress.IsGood(flow, allowPrivate: false));

    [Fact]
    public void What_is_shown_of_an_address_has_neither_password_nor_control_characters() =>
        Assert.Equal("https://…@calls.example.org/\\u000a", HttpAddress.Shown("https://exotel:word@calls.example.org/\n"));
}
