using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Outdial.Testing;

namespace Outdial.Platform.Tests.Http;

public sealed class StrictApiTests
{
    private const string Good = """{"name":"a","limit":3,"agents":{"ratio":2,"breaks":[{"after":"00:10:00"}]},"redial":{"Busy":{"times":1}}}""";

    public sealed record Plan
    {
        public string Name { get; init; } = "";
        public int? Limit { get; init; }
        [Range(1, 10)]
        public int? Count { get; init; }
        [OneOf(typeof(Colors))]
        public string? Color { get; init; }
        [StringLength(5, MinimumLength = 1)]
        public string? Kind { get; init; }
        public PlanAgents? Agents { get; init; }
        public Dictionary<string, PlanRule>? Redial { get; init; }
        public List<string>? Tags { get; init; }
        public JsonElement? Extra { get; init; }
    }

    public sealed record PlanAgents
    {
        public double? Ratio { get; init; }
        public List<PlanRule>? Breaks { get; init; }
    }

    public sealed record PlanRule
    {
        public TimeSpan? After { get; init; }
        public int? Times { get; init; }
    }

    public static class Colors
    {
        public const string Red = "red";
        public const string LightBlue = "lightBlue";
    }

    [Fact]
    public async Task Every_field_that_nobody_reads_is_named_with_its_place_and_the_nearest_that_there_is()
    {
        await using var service = await Serve();

        var (status, errors) = await Refused(service, """
            {"name":"a","limt":3,"when":"2026-12-24T18:00:00Z","agents":{"ratioo":2,"breaks":[{"after":"00:10:00"},{"affter":1}]},"redial":{"Busy":{"tims":2}}}
            """);

        Assert.Equal(400, status);
        Assert.Equal(["limt", "when", "agents.ratioo", "agents.breaks[1].affter", "redial.Busy.tims"], errors.Select(error => error.Field));
        Assert.Equal("one of the fields name, limit, count, color, kind, agents, redial, tags, extra; nearest: limit", errors[0].Expected);
        Assert.Equal("one of the fields ratio, breaks; nearest: ratio", errors[2].Expected);
        Assert.Equal("one of the fields after, times; nearest: times", errors[4].Expected);
        Assert.Equal(["3", "2026-12-24T18:00:00Z", "2", "1", "2"], errors.Select(error => error.Value));
    }

    [Fact]
    public async Task Names_types_and_as_far_as_they_are_described_values_are_wrong_all_at_once()
    {
        await using var service = await Serve();

        var (_, errors) = await Refused(service, """
            {"limit":"many","nam":"a","agents":{"ratio":"x","breaks":[{"after":15},{"times":4000000000}]},
             "redial":[],"count":11,"color":"green","kind":"","tags":[1]}
            """);

        Assert.Equal(
            [
                ("limit", "many", "a whole number"),
                ("nam", "a", "one of the fields name, limit, count, color, kind, agents, redial, tags, extra; nearest: name"),
                ("agents.ratio", "x", "a number"),
                ("agents.breaks[0].after", "15", DurationJson.Expected),
                ("agents.breaks[1].times", "4000000000", "a whole number from -2147483648 to 2147483647"),
                ("redial", "[]", "an object that names values"),
                ("tags[0]", "1", "a text"),
                ("count", "11", "a whole number from 1 to 10"),
                ("color", "green", "one of red, lightBlue"),
                ("kind", "", "a text of 1 to 5 characters"),
            ],
            errors.Select(error => (error.Field, error.Value!, error.Expected)));
    }

    [Theory]
    [InlineData("from=2026-01-01", "from"), InlineData("Hand=1&FROM=soon", "from"), InlineData("many=x", "many")]
    public async Task A_parameter_is_named_as_it_is_sent(string query, string field)
    {
        await using var service = await Serve();

        using var answer = await service.Client.GetAsync($"/api/v1/plans/found?{query}");

        Assert.Equal(field, Assert.Single((await Problem(answer)).Errors).Field);
    }

    [Fact]
    public async Task A_field_that_nobody_reads_is_named_beside_the_value_that_cannot_be_read()
    {
        await using var service = await Serve();

        var (_, errors) = await Refused(service, """{"limit":"many","nam":"a"}""");

        Assert.Equal(["limit", "nam"], errors.Select(error => error.Field));
    }

    [Theory]
    [InlineData("""{"name":"a","name":"b"}""", "name")]
    [InlineData("""{"name":"a","Name":"b"}""", "Name")]
    [InlineData("""{"name":"a","agents":{"ratio":1,"ratio":2}}""", "agents.ratio")]
    [InlineData("""{"name":"a","redial":{"Busy":{"times":1},"Busy":{"times":2}}}""", "redial.Busy")]
    [InlineData("""{"name":"a","redial":{"Busy":{"times":1,"times":2}}}""", "redial.Busy.times")]
    [InlineData("""{"name":"a","extra":{"b":1,"b":2}}""", "extra.b")]
    [InlineData("""{"name":"a","extra":[{"c":{"b":1,"b":2}}]}""", "extra[0].c.b")]
    public async Task A_field_that_stands_there_twice_is_refused(string json, string field)
    {
        await using var service = await Serve();

        var (status, errors) = await Refused(service, json);

        Assert.Equal((400, field, "each field once"), (status, Assert.Single(errors).Field, errors[0].Expected));
    }

    [Theory]
    [InlineData("""{"limit":3}""", 400, "limit"), InlineData("[1]", 400, "body"), InlineData("{}", 200, null)]
    public async Task A_question_with_a_body_is_refused_as_every_other_request_whose_body_nobody_reads(string json, int expected, string? field)
    {
        await using var service = await Serve();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/plans") { Content = Json(Encoding.UTF8.GetBytes(json)) };

        using var answer = await service.Client.SendAsync(request);

        Assert.Equal(expected, (int)answer.StatusCode);
        if (field is not null)
            Assert.Equal(field, Assert.Single((await Problem(answer)).Errors).Field);
    }

    [Fact]
    public async Task A_document_without_a_stated_length_is_explained_as_well()
    {
        await using var service = await Serve();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/plans") { Content = Json("""{"name":"a","limt":3}"""u8.ToArray()) };
        request.Headers.TransferEncodingChunked = true;

        using var answer = await service.Client.SendAsync(request);

        Assert.Equal("limt", Assert.Single((await Problem(answer)).Errors).Field);
    }

    [Theory]
    [InlineData("""{"when":"2026-12-24T18:00:00Z"}""", 400), InlineData("""{"at":"2026-12-24T18:00:00Z"}""", 200)]
    [InlineData("{}", 200), InlineData("", 200)]
    public async Task A_body_that_may_be_left_out_is_read_as_strictly(string json, int expected)
    {
        await using var service = await Serve();

        using var answer = await service.Client.PostAsync("/api/v1/plans/start", Json(Encoding.UTF8.GetBytes(json)));

        Assert.Equal(expected, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData("""{"explanation":"lunch"}""", 400), InlineData("[1]", 400), InlineData("{}", 200), InlineData("", 200), InlineData("null", 200)]
    public async Task Where_no_body_is_read_one_that_says_something_is_refused(string json, int expected)
    {
        await using var service = await Serve();

        using var answer = await service.Client.PostAsync("/api/v1/plans/stop", Json(Encoding.UTF8.GetBytes(json)));

        Assert.Equal(expected, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData("stat=red", "stat", "one of the query parameters color, from, hand; nearest: color")]
    [InlineData("colour=red&x=1", "colour", "one of the query parameters color, from, hand; nearest: color")]
    [InlineData("color=green", "color", "one of red, lightBlue")]
    [InlineData("color=", "color", "one of red, lightBlue")]
    [InlineData("color=red&color=red", "color", "one of red, lightBlue")]
    public async Task A_query_that_nobody_reads_is_refused(string query, string field, string expected)
    {
        await using var service = await Serve();

        using var answer = await service.Client.GetAsync($"/api/v1/plans?{query}");

        var (status, errors) = await Problem(answer);
        Assert.Equal((400, field), (status, errors[0].Field));
        Assert.StartsWith(expected.Split("; nearest")[0], errors[0].Expected, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("color=RED", "red"), InlineData("Color=lightblue&hand=x&from=2026-12-24T18:00:00Z", "lightBlue"), InlineData("", "")]
    public async Task A_value_of_a_closed_set_is_taken_in_any_case(string query, string expected)
    {
        await using var service = await Serve();

        Assert.Equal(expected, await service.Client.GetStringAsync($"/api/v1/plans?{query}"));
    }

    [Fact]
    public async Task Who_may_not_ask_learns_nothing_of_parameters()
    {
        await using var service = await Serve();

        using var answer = await service.Plain.GetAsync("/api/v1/plans?stat=red");

        Assert.Equal(401, (int)answer.StatusCode);
    }

    public static TheoryData<string, string, string> OddBytes => new()
    {
        { "a byte that begins nothing", Convert.ToBase64String([.. "{\"name\":\"As"u8, 0xE9, .. "ha\"}"u8]), "line 1, byte 12: 0xE9" },
        { "in the name of a field", Convert.ToBase64String([.. "{\n\"na"u8, 0xFF, .. "me\":1}"u8]), "line 2, byte 4: 0xFF" },
        { "UTF-16", Convert.ToBase64String([.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(Good)]), "UTF-16, as it seems" },
        { "UTF-16 without a mark", Convert.ToBase64String(Encoding.BigEndianUnicode.GetBytes(Good)), "UTF-16, as it seems" },
        { "a surrogate in UTF-8", Convert.ToBase64String([.. "{\"name\":\""u8, 0xED, 0xA0, 0x80, .. "\"}"u8]), "line 1, byte 10: 0xED" },
        { "half a pair of surrogates", Convert.ToBase64String("""{"name":"\ud800"}"""u8), @"line 1, byte 9: \ud800" },
        { "the same in the name of a field", Convert.ToBase64String("""{"\udc00x":1}"""u8), @"line 1, byte 2: \udc00x" },
        { "deep nesting", Convert.ToBase64String(Encoding.UTF8.GetBytes("{\"tags\":" + new string('[', 500) + new string(']', 500) + "}")), "line 1, byte 72" },
        { "a huge number", Convert.ToBase64String("""{"name":"a","limit":1e999}"""u8), "1e999" },
        { "a long one", Convert.ToBase64String(Encoding.UTF8.GetBytes($$"""{"name":"a","limit":{{new string('9', 30)}}}""")), "" },
        { "half a document", Convert.ToBase64String("""{"name":"a","""u8), "line 1, byte 12" },
    };

    [Theory, MemberData(nameof(OddBytes))]
    public async Task What_is_no_text_or_no_JSON_is_said_to_be_none_and_the_log_is_silent(string what, string base64, string value)
    {
        var log = new WrittenLog();
        await using var service = await Serve(log);

        using var answer = await service.Client.PostAsync("/api/v1/plans", Json(Convert.FromBase64String(base64)));

        var (status, errors) = await Problem(answer);
        Assert.Equal(400, status);
        Assert.True(value.Length == 0 || Assert.Single(errors).Value == value, $"{what}: {errors[0]}");
        Assert.Empty(log.AlarmsOfRequests);
    }

    [Theory]
    [InlineData("utf-16", 415), InlineData("klingon", 415), InlineData("UTF-8", 200), InlineData("\"utf-8\"", 200)]
    public async Task Another_charset_than_that_of_JSON_is_refused(string charset, int expected)
    {
        var log = new WrittenLog();
        await using var service = await Serve(log);
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Good));
        content.Headers.TryAddWithoutValidation("Content-Type", $"application/json; charset={charset}");

        using var answer = await service.Client.PostAsync("/api/v1/plans", content);

        Assert.Equal(expected, (int)answer.StatusCode);
        Assert.Empty(log.AlarmsOfRequests);
    }

    [Fact]
    public async Task A_mark_before_the_text_is_taken()
    {
        await using var service = await Serve();

        using var answer = await service.Client.PostAsync("/api/v1/plans", Json([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Good)]));

        Assert.Equal(200, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData("/api/v1/plans"), InlineData("/api/v1/plans/list")]
    public async Task A_request_that_is_cut_is_no_failure_of_the_service(string path)
    {
        var log = new WrittenLog();
        await using var service = await Serve(log);
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(service.Client.BaseAddress!.Host, service.Client.BaseAddress.Port);
            await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
                $"POST {path} HTTP/1.1\r\nHost: x\r\nX-Api-Key: {ServiceUnderTest.AdminKey}\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{{\"name\":")));
            await Eventually.Async(() => Task.FromResult(log.Lines.Any(line => line.Text.Contains("Executing endpoint", StringComparison.Ordinal))));
            socket.Client.LingerState = new LingerOption(enable: true, seconds: 0);   // a reset, not a farewell
        }

        await Eventually.Async(() => Task.FromResult(log.Lines.Any(line => line.Text.Contains("Request finished", StringComparison.Ordinal))));
        Assert.Empty(log.AlarmsOfRequests);
    }

    private static async Task<ServiceUnderTest> Serve(WrittenLog? log = null)
    {
        var service = await ServiceUnderTest.Start(builder => builder.Logging.AddFilter<WrittenLog>(null, LogLevel.Debug), Map);
        if (log is not null)
            service.Services.GetRequiredService<ILoggerFactory>().AddProvider(log);
        return service;
    }

    private static void Map(WebApplication app)
    {
        var api = app.MapApi("/plans").RequireAuthorization(ApiPolicies.Operate);
        api.MapPost("/", (Plan plan) => TypedResults.Ok(plan));
        api.MapPost("/start", (Start? start) => TypedResults.Ok(start?.At));
        api.MapPost("/stop", () => TypedResults.Ok());
        api.MapGet("/", ([OneOf(typeof(Colors))] string? color, QueryInstant? from) => color ?? "").WithQuery("hand", "Read by hand.");
        api.MapGet("/found", ([AsParameters] Filter filter) => $"{filter.Since}").WithQuery("hand", "Read by hand.");
        api.MapPost("/list", async (HttpRequest request) => $"{(await new StreamReader(request.Body).ReadToEndAsync()).Length}")
            .TakesUpload("Lines.", "text/csv");
    }

    private sealed record Filter
    {
        [FromQuery(Name = "from")]
        public QueryInstant? Since { get; init; }

        [FromQuery(Name = "many")]
        public bool? Many { get; init; }
    }

    private sealed record Start
    {
        public DateTimeOffset? At { get; init; }
    }

    private static ByteArrayContent Json(byte[] bytes) =>
        new(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

    private static async Task<(int Status, List<Error> Errors)> Refused(ServiceUnderTest service, string json)
    {
        using var answer = await service.Client.PostAsync("/api/v1/plans", Json(Encoding.UTF8.GetBytes(json)));
        return await Problem(answer);
    }

    private static async Task<(int Status, List<Error> Errors)> Problem(HttpResponseMessage answer)
    {
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonElement.Parse(await answer.Content.ReadAsStringAsync());
        return ((int)answer.StatusCode, problem.GetProperty("errors").Deserialize<List<Error>>(JsonSerializerOptions.Web)!);
    }

    private sealed record Error(string Field, string? Value, string Expected);
}
