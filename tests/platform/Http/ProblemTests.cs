using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Outdial.Platform.Tests.Http;

public sealed class ProblemTests
{
    private const string Good = """{"name":"a","maxAttempts":3,"ringTimeout":"00:00:30","window":{"from":"09:00","days":["Monday"]}}""";

    [Theory]
    [InlineData("""{"name":"a","maxAttempts":"three","ringTimeout":"00:00:30","window":{"from":"09:00","days":[]}}""", "maxAttempts", "three", "a whole number")]
    [InlineData("""{"name":"a","maxAttempts":3,"ringTimeout":"soon","window":{"from":"09:00","days":[]}}""", "ringTimeout", "soon", "a duration with its colons, such as \"00:05:00\" or \"1.12:00:00\"")]
    [InlineData("""{"name":"a","maxAttempts":3,"ringTimeout":"00:00:30","window":{"from":7,"days":[]}}""", "window.from", "7", "a text")]
    [InlineData("""{"name":"a","maxAttempts":3,"ringTimeout":"00:00:30","window":{"from":"9","days":["Monday","Funday"]}}""", "window.days[1]", "Funday", "one of Sunday, Monday, Tuesday, Wednesday, Thursday, Friday, Saturday")]
    [InlineData("""{"name":null,"maxAttempts":3,"ringTimeout":"00:00:30","window":{"from":"9","days":[]}}""", "name", "null", "a text")]
    [InlineData("""{"maxAttempts":3,"ringTimeout":"00:00:30","window":{"from":"9","days":[]}}""", "name", null, "a text")]
    [InlineData("""{"name":"a","maxAttempts":3000000000,"ringTimeout":"00:00:30","window":{"from":"9","days":[]}}""", "maxAttempts", "3000000000", "a whole number from -2147483648 to 2147483647")]
    [InlineData("""{"name":"a","maxAttempts":3,"ringTimeout":"00:00:30","window":[]}""", "window", "[]", "an object with from, days")]
    [InlineData("""{"name":"a" "b"}""", "body", "line 1, byte 13", "valid JSON ('\"' is invalid after a value)")]
    [InlineData("[]", "body", "[]", "an object with name, maxAttempts, ringTimeout, window")]
    public async Task A_wrong_document_is_answered_with_field_value_and_what_was_expected(string json, string field, string? value, string expected)
    {
        await using var service = await ServiceUnderTest.Start();

        var (status, problem, _) = await service.Problem(HttpMethod.Post, "/api/v1/orders", json);

        Assert.Equal(400, status);
        var error = problem.GetProperty("errors")[0];
        Assert.Equal((field, value, expected),
            (error.GetProperty("field").GetString(), error.GetProperty("value").GetString(), error.GetProperty("expected").GetString()));
        Assert.Contains(field, problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task A_wrong_number_in_a_request_is_not_repeated_whole()
    {
        await using var service = await ServiceUnderTest.Start();

        var (_, problem, _) = await service.Problem(HttpMethod.Post, "/api/v1/orders", Good.Replace("3,", "\"+919876540240\","));

        Assert.Equal("+91••••••0240", problem.GetProperty("errors")[0].GetProperty("value").GetString());
        Assert.DoesNotContain("9876540240", problem.GetRawText());
    }

    [Fact]
    public async Task What_is_no_JSON_is_told_what_is_taken()
    {
        await using var service = await ServiceUnderTest.Start();

        foreach (var (type, shown) in new[] { ("text/plain", "text/plain"), ("application/xml", "application/xml") })
        {
            using var answer = await service.Client.PostAsync("/api/v1/orders", new StringContent(Good, System.Text.Encoding.UTF8, type));

            Assert.Equal(415, (int)answer.StatusCode);
            Assert.Equal($"The content type '{shown}; charset=utf-8' is not understood here: expected application/json.",
                (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString());
        }
    }

    [Theory]
    [InlineData("/api/v1/orders/0198c1a2-7b3c-7d4e-8f5a-6b7c8d9e0f1a?limit=many", 400, "'limit' is 'many': expected a whole number.")]
    [InlineData("/api/v1/orders/0198c1a2-7b3c-7d4e-8f5a-6b7c8d9e0f1a", 400, "'limit' is missing: expected a whole number.")]
    [InlineData("/api/v1/orders/0198c1a2-7b3c-7d4e-8f5a-6b7c8d9e0f1a?limit=3&name=As%00ha", 400, @"'name' is 'As\u0000ha': expected a text without the character \u0000.")]
    [InlineData("/nowhere", 404, "There is nothing at /nowhere.")]
    [InlineData("/api/v1/orders", 405, "GET is not possible here; allowed: POST.")]
    public async Task Every_refusal_says_why(string path, int expected, string detail)
    {
        await using var service = await ServiceUnderTest.Start();

        var (status, problem, correlation) = await service.Problem(HttpMethod.Get, path);

        Assert.Equal((expected, detail), (status, problem.GetProperty("detail").GetString()));
        Assert.Equal(correlation, problem.GetProperty("correlationId").GetString());
    }

    [Theory]
    [InlineData("\"2026-12-24T18:00:00\"", "2026-12-24T18:00:00")]
    [InlineData("\"2026-12-24\"", "2026-12-24")]
    [InlineData("\"0001-01-01T00:00:00Z\"", "0001-01-01T00:00:00Z")]
    [InlineData("1798135200", "1798135200", "••••••5200")]   // it might be a telephone number
    [InlineData("true", "true")]
    public async Task An_instant_without_an_offset_is_refused_by_name_in_a_body_and_in_a_query(string json, string value, string? shown = null)
    {
        await using var service = await ServiceUnderTest.Start(map: Instants);

        var (status, problem, _) = await service.Problem(HttpMethod.Post, "/api/v1/shifts", $$"""{"name":"a","shift":{"endsAt":{{json}} } }""");
        var (queried, query, _) = await service.Problem(HttpMethod.Get, $"/api/v1/shifts?from={Uri.EscapeDataString(value)}");

        var expected = $"is '{shown ?? value}': expected {InstantText.Expected}.";
        Assert.Equal((400, $"'shift.endsAt' {expected}"), (status, problem.GetProperty("detail").GetString()));
        Assert.Equal((400, $"'from' {expected}"), (queried, query.GetProperty("detail").GetString()));
    }

    [Theory]
    [InlineData("2026-12-24T18:00:00+05:30")]
    [InlineData("2026-12-24T12:30z")]
    public async Task An_instant_is_what_it_says_whatever_its_offset(string text)
    {
        await using var service = await ServiceUnderTest.Start(map: Instants);

        var posted = await service.Client.PostAsJsonAsync("/api/v1/shifts", new { name = "a", shift = new { endsAt = text } });

        foreach (var query in new[] { Uri.EscapeDataString(text), text })   // the plus of the second becomes a blank
            Assert.Equal("\"2026-12-24T12:30:00+00:00\"", await service.Client.GetStringAsync($"/api/v1/shifts?from={query}"));
        Assert.Equal("""{"name":"a","shift":{"endsAt":"2026-12-24T12:30:00+00:00"}}""", await posted.Content.ReadAsStringAsync());
        Assert.Equal("", await service.Client.GetStringAsync("/api/v1/shifts"));
    }

    [Fact]
    public async Task The_description_says_that_a_query_takes_an_instant()
    {
        await using var service = await ServiceUnderTest.Start(map: Instants);

        var document = JsonElement.Parse(await service.Client.GetStringAsync("/openapi/v1.json"));

        var schema = document.GetProperty("paths").GetProperty("/api/v1/shifts").GetProperty("get").GetProperty("parameters")[0].GetProperty("schema");
        Assert.Equal(("string", "date-time"), (schema.GetProperty("type").GetString(), schema.GetProperty("format").GetString()));
    }

    [Theory]
    [InlineData("\"15\""), InlineData("\"30\""), InlineData("\"-1\""), InlineData("\"1.5\""), InlineData("15"), InlineData("\"soon\""), InlineData("true")]
    [InlineData("\"\""), InlineData("\"00:60:00\"")]
    public async Task A_duration_without_a_colon_which_would_be_one_of_days_is_refused_by_name(string json)
    {
        await using var service = await ServiceUnderTest.Start(map: Durations);

        var (status, problem, _) = await service.Problem(HttpMethod.Post, "/api/v1/pauses", $$"""{"least":"00:01:00","most":null,"rules":{"Busy":{{json}} } }""");

        Assert.Equal((400, $"'rules.Busy' is '{json.Trim('"')}': expected a duration with its colons, such as \"00:05:00\" or \"1.12:00:00\"."),
            (status, problem.GetProperty("detail").GetString()));
    }

    [Theory]
    [InlineData("00:15:00"), InlineData("1.12:00:00"), InlineData("-00:00:01"), InlineData("00:00:01.5000000")]
    public async Task A_duration_is_answered_as_it_was_asked_for(string text)
    {
        await using var service = await ServiceUnderTest.Start(map: Durations);

        var posted = await service.Client.PostAsJsonAsync(
            "/api/v1/pauses", new { least = text, most = (string?)null, rules = new Dictionary<string, string> { ["Busy"] = text } });

        Assert.Equal($$$"""{"least":"{{{text}}}","most":null,"rules":{"Busy":"{{{text}}}"}}""", await posted.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_description_says_what_a_duration_looks_like()
    {
        await using var service = await ServiceUnderTest.Start(map: Durations);

        var document = JsonElement.Parse(await service.Client.GetStringAsync("/openapi/v1.json"));

        var schema = document.GetProperty("components").GetProperty("schemas").GetProperty("Pauses").GetProperty("properties");
        foreach (var duration in new[] { schema.GetProperty("least"), schema.GetProperty("most") })
            Assert.Equal(@"^-?(\d+\.)?\d{2}:\d{2}:\d{2}(\.\d{1,7})?$", duration.GetProperty("pattern").GetString());
        Assert.Equal("string", schema.GetProperty("least").GetProperty("type").GetString());
        Assert.Equal(["null", "string"], schema.GetProperty("most").GetProperty("type").EnumerateArray().Select(type => type.GetString()));
    }

    private sealed record Pauses(TimeSpan Least, TimeSpan? Most, Dictionary<string, TimeSpan> Rules);

    private static void Durations(WebApplication app) =>
        app.MapPost("/api/v1/pauses", (Pauses asked) => TypedResults.Ok(asked)).RequireAuthorization(ApiPolicies.Operate);

    private sealed record Shift(DateTimeOffset? EndsAt);

    private sealed record Asked(string Name, Shift Shift);

    private static void Instants(WebApplication app)
    {
        app.MapPost("/api/v1/shifts", (Asked asked) => TypedResults.Ok(asked)).RequireAuthorization(ApiPolicies.Operate);
        app.MapGet("/api/v1/shifts", (QueryInstant? from) => TypedResults.Json(from?.Value)).RequireAuthorization(ApiPolicies.Read);
    }

    [Fact]
    public async Task A_document_that_is_too_large_is_refused_before_it_is_read()
    {
        await using var service = await ServiceUnderTest.Start();

        var (status, problem, _) = await service.Problem(HttpMethod.Post, "/api/v1/orders", $$"""{"name":"{{new string('a', 1 << 20)}}"}""");

        Assert.Equal(413, status);
        Assert.Contains("1048576 bytes", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_of_ours_keeps_its_inside_to_itself_and_names_the_log_entry()
    {
        await using var service = await ServiceUnderTest.Start();
        service.Client.DefaultRequestHeaders.Add("X-Correlation-Id", "ticket-17");

        var (status, problem, correlation) = await service.Problem(HttpMethod.Get, "/api/v1/broken");

        Assert.Equal((500, "ticket-17"), (status, correlation));
        Assert.Contains("ticket-17", problem.GetProperty("detail").GetString());
        Assert.DoesNotContain("secret", problem.GetRawText());
        Assert.DoesNotContain("InvalidOperation", problem.GetRawText());
    }

    [Fact]
    public async Task A_good_document_passes_through()
    {
        await using var service = await ServiceUnderTest.Start();

        using var answer = await service.Client.PostAsync("/api/v1/orders", new StringContent(Good, System.Text.Encoding.UTF8, "application/json"));

        Assert.Equal(JsonSerializer.Deserialize<JsonElement>(Good).GetRawText(), await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_open_addresses_answer_without_a_key()
    {
        await using var service = await ServiceUnderTest.Start();
        service.Client.DefaultRequestHeaders.Clear();

        foreach (var path in new[] { "/health/live", "/health/ready", "/metrics", "/openapi/v1.json" })
            Assert.True((await service.Client.GetAsync(path)).IsSuccessStatusCode, path);
    }

    [Fact]
    public void A_value_that_is_no_text_is_shown_whole_however_many_digits_it_has_and_a_text_is_masked()
    {
        var problem = ApiProblem.Invalid(
            FieldProblem.Of("maxAttempts", 123_456_789, "1 to 100"), FieldProblem.Of("to", "9876540240", "a number"),
            FieldProblem.Of("minimumGap", TimeSpan.FromDays(1_234_567), "less"), FieldProblem.Of("name", null, "a name"));

        Assert.Equal(
            "'maxAttempts' is '123456789': expected 1 to 100. 'to' is '••••••0240': expected a number. "
            + "'minimumGap' is '1234567.00:00:00': expected less. 'name' is missing: expected a name.",
            problem.ProblemDetails.Detail);
    }
}
