namespace Outdial.Providers.Tests;

public class WebAddressTests
{
    [Theory]
    [InlineData("https://s3-ap-southeast-1.amazonaws.com/exotelrecordings/acme/3edd.mp3")]
    [InlineData("http://recordings.example/a.mp3?X-Amz-Signature=ab%2Fcd&X-Amz-Expires=300#t=5")]
    [InlineData("https://recordings.example:8443/a@b.mp3")]
    [InlineData("https://[2001:db8::1]/a.mp3")]
    public void An_address_of_the_web_is_kept_as_it_was_given(string address) => Assert.Equal(address, WebAddress.Kept(address));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("javascript:alert(1)")]
    [InlineData("JaVaScRiPt://recordings.example/%0aalert(1)")]
    [InlineData("data:text/html,<script>alert(1)</script>")]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://recordings.example/a.mp3")]
    [InlineData("vbscript:msgbox")]
    [InlineData("/recordings/a.mp3")]
    [InlineData("//evil.example/a.mp3")]
    [InlineData("recordings.example/a.mp3")]
    [InlineData("https:evil.example")]
    [InlineData("https:/evil.example")]
    [InlineData("https:///evil.example/a.mp3")]
    [InlineData("https://")]
    [InlineData("https://recordings.example@evil.example/a.mp3")]
    [InlineData("https://user:secret@recordings.example/a.mp3")]
    [InlineData("https://@evil.example/a.mp3")]
    [InlineData("https://evil.example\\@recordings.example/a.mp3")]
    [InlineData("https://recordings.example/a\n.mp3")]
    [InlineData("https://recordings.example/a b.mp3")]
    [InlineData("https://recordings.example/\u202Egpm.exe")]
    [InlineData("https://rеcordings.example/a.mp3")]   // with a Cyrillic letter
    [InlineData("https://recordings.example/\"onclick=alert(1)")]
    [InlineData("https://recordings.example/<script>")]
    [InlineData(" https://recordings.example/a.mp3")]
    public void Nothing_else_becomes_an_address_that_somebody_could_open(string? text) => Assert.Null(WebAddress.Kept(text));

    [Fact]
    public void An_address_that_may_have_been_cut_is_none()
    {
        const string start = "https://recordings.example/";

        Assert.NotNull(WebAddress.Kept(start + new string('a', WebAddress.Longest - start.Length)));
        Assert.Null(WebAddress.Kept(start + new string('a', WebAddress.Longest + 1 - start.Length)));
    }

    [Fact]
    public void A_providers_record_cannot_hold_another_whoever_makes_it()
    {
        var record = new CallRecord("a", "completed", null, null, null, null, null, null, null, null, null, null, "javascript:alert(1)");

        Assert.Null(record.RecordingUrl);
        Assert.Null((record with { RecordingUrl = "file:///etc/passwd" }).RecordingUrl);
        Assert.Equal("https://a.example/", (record with { RecordingUrl = "https://a.example/" }).RecordingUrl);
    }
}
