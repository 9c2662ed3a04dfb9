using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Outdial.Ingress.Api;
using Outdial.Ingress.Webhooks;
using Outdial.Testing;

namespace Outdial.Ingress.Tests.Webhooks;

/// <summary>Whatever the wire can carry: what is answered 200 has a row with the very bytes that came.</summary>
[Collection("ingress")]
public sealed class NothingVanishesTests(SharedIngress shared)
{
    private readonly IngressService _ingress = shared.Service;

    [Theory]
    [InlineData("application/x-www-form-urlencoded; charset=utf-7")]
    [InlineData("application/x-www-form-urlencoded;charset=\"UTF-7\"")]
    [InlineData("application/json; Charset=unicode-1-1-utf-7; q=1")]
    public async Task A_webhook_in_a_character_set_that_NET_refuses_does_not_vanish_and_is_not_guessed_at(string contentType)
    {
        var attempt = Guid.CreateVersion7();
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes("CallSid=c&Status=busy"));
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);

        using var answer = await _ingress.PostAsync("status", attempt, content);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var row = await RowAsync(attempt);
        Assert.Equal((Dispositions.Quarantined, "The body names a character set that is not read."), (row.Disposition, row.Reason));
        Assert.Equal(("CallSid=c&Status=busy", contentType), (Encoding.UTF8.GetString(row.Body), row.ContentType));
        Assert.Empty(_ingress.Heard.Of(attempt));
    }

    [Fact]
    public async Task A_translator_that_throws_makes_no_webhook_vanish_and_its_reason_tells_nobodys_name_or_number()
    {
        var attempt = Guid.CreateVersion7();

        using var answer = await _ingress.Http.PostAsync(_ingress.Address("status", attempt, provider: "broken"), new StringContent("anything"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var row = await RowAsync(attempt);
        Assert.Equal(Dispositions.Quarantined, row.Disposition);
        Assert.Equal("The translator failed: FormatException: The field of Asha, '…', has ••••••2345 in it, +91••••••2345 too.", row.Reason);
        var replayed = await _ingress.Api<ReplayResult>(HttpMethod.Post, $"/{row.Id}/replay", IngressService.AdminKey);
        Assert.Equal((Dispositions.Quarantined, row.Reason), (replayed.Disposition, replayed.Reason));
    }

    [Theory]
    [InlineData("nul"), InlineData("nul-parked")]
    public async Task What_was_made_of_a_webhook_and_cannot_be_stored_leaves_its_row_with_the_reason_and_no_event(string how)
    {
        var attempt = Guid.CreateVersion7();

        using var answer = await _ingress.Http.PostAsync(_ingress.Address("status", attempt, provider: "unstorable") + "?" + how, new StringContent("a=b"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var row = await RowAsync(attempt);
        Assert.Equal((Dispositions.Quarantined, "a=b", 0), (row.Disposition, Encoding.UTF8.GetString(row.Body), row.Events));
        Assert.StartsWith("What it says cannot be stored: PostgresException: 22", row.Reason, StringComparison.Ordinal);
        Assert.Null(row.CallId);
        Assert.Empty(_ingress.Heard.Of(attempt));
        var replayed = await _ingress.Api<ReplayResult>(HttpMethod.Post, $"/{row.Id}/replay", IngressService.AdminKey);
        Assert.Equal((Dispositions.Quarantined, row.Reason), (replayed.Disposition, replayed.Reason));
    }

    [Fact]
    public async Task A_webhook_that_can_be_stored_is_not_taken_for_one_that_cannot()
    {
        var attempt = Guid.CreateVersion7();

        using var answer = await _ingress.Http.PostAsync(_ingress.Address("status", attempt, provider: "unstorable"), new StringContent("a=b"));

        var row = await RowAsync(attempt);
        Assert.Equal((Dispositions.Translated, 1), (row.Disposition, row.Events));
        await Eventually.Async(() => _ingress.Heard.Of(attempt).Count == 1);
    }

    [Fact]
    public async Task What_is_stored_is_shown_with_its_path_and_headers_and_without_what_opens_doors()
    {
        var attempt = Guid.CreateVersion7();
        var address = _ingress.Address("status", attempt);
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new StringContent("CallSid=\0\uFFFF&Status=busy") };
        request.Headers.Add("X-Note", "call +919825012345");
        request.Headers.Add("Authorization", "Basic c2VjcmV0");
        request.Headers.Add("Cookie", "session=secret");

        using var answer = await _ingress.Http.SendAsync(request);

        var shown = await _ingress.Api<WebhookDetail>(HttpMethod.Get, $"/{(await RowAsync(attempt)).Id}", IngressService.AdminKey);
        Assert.Equal("/webhooks/exotel/…/status", shown.Path);
        Assert.Contains("X-Note: call +919825012345", shown.Headers!);
        Assert.DoesNotContain(shown.Headers!, line => line.Contains("secret", StringComparison.Ordinal) || line.Contains("c2VjcmV0", StringComparison.Ordinal));
        Assert.Equal("CallSid=\0\uFFFF&Status=busy", shown.Body);
        var masked = await _ingress.Api<WebhookDetail>(HttpMethod.Get, $"/{shown.Webhook.Id}", IngressService.AgentKey);
        Assert.DoesNotContain(masked.Headers!, line => line.Contains("9825012345", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("exotel", "popup", """{"CallSid":"\u0000\ud800x","\udfff":"a","Status":"busy"}""")]
    [InlineData("exotel", "status", """{"CallSid":"c","Status":"busy\u0000","\ud800":{"\ud800":1}}""")]
    [InlineData("portaswitch", "events", """{"variables":"\ud800","state":"ringing"}""")]
    [InlineData("portaswitch", "events", """{"variables":{"state":"ringing\u0000","call_id":"a\u0000b\ud800"}}""")]
    [InlineData("portaswitch", "events", """{"\ud800":"\ud800","variables":"{\"state\":\"\\ud800\"}"}""")]
    public async Task Characters_that_no_column_of_text_holds_make_no_webhook_vanish(string provider, string kind, string body)
    {
        var attempt = Guid.CreateVersion7();

        using var answer = await _ingress.Http.PostAsync(
            _ingress.Address(kind, attempt, provider: provider, account: provider == "exotel" ? "default" : "porta"),
            new StringContent(body, Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(body, Encoding.UTF8.GetString((await RowAsync(attempt)).Body));
    }

    [Fact]
    public async Task A_call_id_that_is_too_long_for_an_index_makes_no_webhook_vanish()
    {
        var random = new Random(11);
        var id = string.Concat(Enumerable.Range(0, 2_000).Select(_ => (char)random.Next(0x4E00, 0x9FFF)));

        using var answer = await _ingress.PostAsync("popup", null, new StringContent($"CallSid={id}&EventType=Dial&Status=busy"));
        using var other = await _ingress.PostAsync("status", null, new StringContent($"CallSid={id}&Status=busy"));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (answer.StatusCode, other.StatusCode));
        await Eventually.Async(async () =>
            await _ingress.WithDb(db => Task.FromResult(db.Webhooks.Count(row => row.CallId == id.Substring(0, 128)))) == 2);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public async Task What_is_answered_200_has_its_row_byte_for_byte_whatever_content_types_bodies_and_queries_come(int seed)
    {
        var sent = Requests.Generator.Sample(50, size: 40, seed: new Rnd((ulong)seed, 1))
            .Select(request => request with { Attempt = Guid.CreateVersion7() }).ToList();

        foreach (var odd in sent)
            Assert.Equal((200, odd.ToString()), (await odd.SendAsync(_ingress), odd.ToString()));

        foreach (var odd in sent)
            odd.IsIn(await RowAsync(odd.Attempt));
    }

    [Fact]
    public async Task A_request_line_that_is_no_HTTP_is_refused_and_not_taken_for_something_else()
    {
        var odd = new Odd("exotel", "status", "text/plain"u8.ToArray(), [(byte)'a', 0xFF], []) { Attempt = Guid.CreateVersion7() };

        Assert.Equal(400, await odd.SendAsync(_ingress));
    }

    [Fact]
    public async Task What_is_answered_200_while_the_broker_is_away_has_its_row_byte_for_byte_when_it_is_back()
    {
        var folder = TemporaryFolder.Make("spool");
        await using var rabbit = await RabbitServer.StartOwnAsync();
        await using var ingress = await IngressService.StartAsync(await PostgresServer.CreateDatabaseAsync("ingress_odd"), rabbit.Node.Address.ToString(), folder);
        await ingress.ListeningAsync();
        var sent = Requests.Generator.Sample(40, size: 40, seed: new Rnd(4, 1)).Select(request => request with { Attempt = Guid.CreateVersion7() })
            .ToList();

        await rabbit.Node.StopNodeAsync();
        foreach (var odd in sent)
            Assert.Equal((200, odd.ToString()), (await odd.SendAsync(ingress), odd.ToString()));
        await rabbit.Node.StartNodeAsync();

        foreach (var odd in sent)
        {
            await Eventually.Async(async () => (await ingress.Rows(odd.Attempt)).Count > 0, TimeSpan.FromMinutes(2), odd.ToString());
            odd.IsIn(Assert.Single(await ingress.Rows(odd.Attempt)));
        }
        TemporaryFolder.Remove(folder);
    }

    private async Task<Webhook> RowAsync(Guid attempt)
    {
        await Eventually.Async(async () => (await _ingress.Rows(attempt)).Count > 0, what: $"the webhook of {attempt} has its row");
        return Assert.Single(await _ingress.Rows(attempt));
    }

    /// <summary>A request as bytes: what a client of ours would correct on the way.</summary>
    internal sealed record Odd(string Provider, string Kind, byte[] ContentType, byte[] Query, byte[] Body)
    {
        public Guid Attempt { get; init; }

        public async Task<int> SendAsync(IngressService ingress)
        {
            var address = ingress.Address(Kind, Attempt, provider: Provider, account: Provider == "exotel" ? "default" : "porta");
            using var client = new TcpClient();
            await client.ConnectAsync(ingress.Http.BaseAddress!.Host, ingress.Http.BaseAddress.Port);
            await using var stream = client.GetStream();
            await stream.WriteAsync((byte[])
            [
                .. Encoding.ASCII.GetBytes($"POST {address}?"), .. Query, .. Encoding.ASCII.GetBytes(" HTTP/1.1\r\nHost: ingress\r\nConnection: close\r\nContent-Type: "),
                .. ContentType, .. Encoding.ASCII.GetBytes($"\r\nContent-Length: {Body.Length.ToString(CultureInfo.InvariantCulture)}\r\n\r\n"), .. Body,
            ]);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            var first = await reader.ReadLineAsync() ?? "";
            return first.Split(' ') is [_, var status, ..] ? int.Parse(status, CultureInfo.InvariantCulture) : 0;
        }

        public void IsIn(Webhook row)
        {
            Assert.Equal(Convert.ToHexString(Body), Convert.ToHexString(row.Body));
            Assert.Equal((Provider, Kind), (row.Provider, row.Kind));
            Assert.DoesNotContain('\0', row.Query);
            Assert.Equal("?" + Encoding.ASCII.GetString(Query), row.Query);
            Assert.Equal(Encoding.Latin1.GetString(ContentType), row.ContentType ?? "");
        }

        public override string ToString() =>
            $"{Provider}/{Kind} {JsonSerializer.Serialize(Encoding.Latin1.GetString(ContentType))} ?{JsonSerializer.Serialize(Encoding.Latin1.GetString(Query))} {JsonSerializer.Serialize(Encoding.Latin1.GetString(Body))}";
    }

    private static class Requests
    {
        private static readonly string[] Charsets =
            [.. Encoding.GetEncodings().Select(known =>
                known.Name), "utf-7", "unicode-1-1-utf-7", "utf-32BE", "us-ascii", "windows-1252", "x-user-defined", "", "\"", "'utf-7'", "utf-8utf-7", "%00"];

        private static readonly Gen<byte> Byte = Gen.Choose(0, 255).Select(b => (byte)b);

        /// <summary>What a header can carry on the wire, and what a request line can.</summary>
        private static readonly Gen<byte[]> Visible = Gen.Choose(0x21, 255).Select(b => (byte)b).Where(b => b is not 0x7F).ArrayOf(),
        InLine = Visible.Select(Fit);

        private static readonly Gen<byte[]> Charset =
            from name in Gen.Elements(Charsets)
            from quote in Gen.Elements("", "\"", "'")
            from type in Gen.Elements("application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "text/plain", "a")
            from blank in Gen.Elements("", " ", "; ; ")
            select Encoding.Latin1.GetBytes($"{type};{blank}charset={quote}{name}{quote}");

        private static readonly Gen<string> Text = Gen.OneOf(
            Gen.Elements(
                "\\u0000", "\\ud800", "\\udfff\\ud800", "é", "😀", "CallSid", "Status", "busy", "state", "null", "[0][a]", "Legs", "[{}]", "1e999", "-", "\\"),
            Gen.Choose(0x20, 0xD7FF).Select(c => ((char)c).ToString()));

        private static readonly Gen<byte[]> Json =
            from names in Text.ArrayOf(3)
            from values in Text.ArrayOf(3)
            from open in Gen.Elements("{", "[{", "{\"Call\":{", "{\"variables\":{", "{\"variables\":\"{")
            from close in Gen.Elements("}", "}]", "}}", "")
            select Encoding.UTF8.GetBytes(open + string.Join(',', names.Zip(values, (name, value) => $"\"{name}\":\"{value}\"")) + close);

        private static readonly Gen<byte[]> Form =
            from names in Gen.OneOf(Text, Gen.Elements("%00", "%", "%E", "%ED%A0%80", "%FF%FE", "+")).ArrayOf()
            from status in Gen.Elements("", "&Status=busy", "&CallSid=c&Status=completed&EventType=terminal", "&CallSid=%00")
            select Encoding.UTF8.GetBytes(string.Join('&', names.Select(name => name + "=" + name)) + status);

        private static readonly Gen<byte[]> Percents = Byte.ArrayOf().Select(raw => Encoding.ASCII.GetBytes(string.Concat(raw.Select(b => $"%{b:X2}"))));

        public static Gen<Odd> Generator { get; } =
            from address in Gen.Elements(
                ("exotel", "status"), ("exotel", "passthru"), ("exotel", "popup"), ("exotel", "dialed"), ("exotel", "line"), ("exotel", "heartbeat"),
                ("portaswitch", "events"), ("portaswitch", "status"))
            from type in Gen.Frequency((5, Charset), (1, Visible))
            from query in Gen.OneOf(Percents, Form.Select(Fit), InLine, Gen.Constant(Array.Empty<byte>()))
            from body in Gen.OneOf(Byte.ArrayOf(), Json, Form)
            select new Odd(address.Item1, address.Item2, type, query, body);

        private static byte[] Fit(byte[] text) => [.. text.Where(b => b is > 0x20 and < 0x7F and not (byte)'#')];
    }
}
