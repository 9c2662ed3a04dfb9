using System.Text.Json;

namespace Outdial.Platform.Tests.Http;

public sealed class ProblemTests
{
    private const string Good = """{"name":"a","maxAttempts":3,"ringTimeout":"00:00:30","window":{"from":"09:00","days":["Monday"]}}""";

    [Theory]
    [InlineData("""{"name":"a","maxAttempts":"three","ringTimeout":"00:00:30","window":{"from":"09:00","days":[]}}""", "maxAttempts", "three", "a whole number")]
    [InlineData("""{"name":"a","maxAttempts":3,"ringTimeout":"soon","window":{"from":"09:00","days":[]}}""", "ringTimeout", "soon", "a duration such as \"00:05:00\"")]
    [InlineData("""{"name":"a","maxAttempts":3,"ringTimeout":"00:00:30","window":{"from":7,"days":[]}}""", "window.from", "7", "a text")]
    [InlineData("""{"name":"a","maxAttempts":3,"ringTimeout":"00:00:30","window":{"from":"9","days":["Monday","Funday"]}}""", "window.days[1]", "Funday", "one of Sunday, Monday, Tuesday, Wednesday, Thursday, Friday, Saturday")]
    [InlineData("""{"name":null,"maxAttempts":3,"ringTimeout":"00:00:30","window":{"from":"9","days":[]}}""", "name", "null", "a value")]
    [InlineData("""{"maxAttempts":3,"ringTimeout":"00:00:30","window":{"from":"9","days":[]}}""", "name", null, "a value")]
    [InlineData("""{"name":"a" "b"}""", "body", "line 1, byte 13", "valid JSON ('\"' is invalid after a value)")]
    [InlineData("[]", "body", "[]", "an object of another shape; the OpenAPI document describes it")]
    public async Task A_wrong_document_is_answered_with_field_value_and_what_was_expected(string json, string field, string? value, string expected)
    {
        await using var service = await ServiceUnderTest.Start();

        var (status, problem, _) = await service.Problem(HttpMethod.Post, "/api/v1/orders", json);

        Assert.Equal(400, status);
        var error = problem.GetProperty("errors")[0];
        Assert.Equal((field, value, expected), (error.GetProperty("field").GetString(), error.GetProperty("value").GetString(), error.GetProperty("expected").GetString()));
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
}
