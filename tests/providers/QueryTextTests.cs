namespace Outdial.Providers.Tests;

public sealed class QueryTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("?", "")]
    [InlineData("?a=b&c=d", "a=b&c=d")]
    [InlineData("?token=x?CallSid=c&Status=busy", "token=x&CallSid=c&Status=busy")]
    [InlineData("?x?CallSid=c", "x&CallSid=c")]
    [InlineData("??CallSid=c", "CallSid=c")]
    [InlineData("?a=1?b=2?c=3", "a=1&b=2&c=3")]
    [InlineData("?flow=main&amp;CallSid=c&AMP;d=e", "flow=main&CallSid=c&d=e")]
    [InlineData("?RecordingUrl=https://r.example/x.mp3?sig=a&Status=busy", "RecordingUrl=https://r.example/x.mp3?sig=a&Status=busy")]
    [InlineData("?RecordingUrl=https%3A%2F%2Fr.example/x.mp3?sig=a", "RecordingUrl=https%3A%2F%2Fr.example/x.mp3?sig=a")]
    [InlineData("?next=https://a.example/?CallSid=c", "next=https://a.example/&CallSid=c")]
    [InlineData("?q=why?&a=b", "q=why?&a=b")]
    [InlineData("?q=why?", "q=why?")]
    [InlineData("?a=b%3Fc=d", "a=b%3Fc=d")]
    public void A_query_is_read_as_the_provider_means_it(string sent, string meant) => Assert.Equal(meant, QueryText.Plain(sent));
}
