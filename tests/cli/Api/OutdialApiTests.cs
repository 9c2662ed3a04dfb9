using System.Net;
using System.Text;
using Outdial.Cli.Api;
using Outdial.Cli.Processes;

namespace Outdial.Cli.Tests.Api;

public sealed class OutdialApiTests
{
    private static readonly Uri Address = new("http://outdial.example/");
    private static readonly Guid Campaign = Guid.Parse("0199aaaa-0000-7000-8000-000000000001");

    [Fact]
    public async Task A_question_is_asked_again_while_nobody_answers_it_and_a_change_is_sent_once()
    {
        var scripted = new Scripted(count => count switch
        {
            1 => Scripted.Answer(HttpStatusCode.ServiceUnavailable, "{}"),
            2 => throw new HttpRequestException("away"),
            _ => Scripted.Answer(HttpStatusCode.OK, """{"ok":true,"unanswered":[],"invariants":[]}"""),
        });
        using var questions = OutdialApi.Patient(Address, "key", scripted);

        Assert.True((await questions.GetInvariantsAsync(default)).Ok);
        Assert.Equal(3, scripted.Asked.Count);

        var away = new Scripted(_ => Scripted.Answer(HttpStatusCode.ServiceUnavailable, "{}"));
        using var changes = OutdialApi.Patient(Address, "key", away);
        await Assert.ThrowsAsync<CommandFailure>(() => changes.StartAsync(Campaign, default));
        Assert.Equal([$"POST /api/v1/campaigns/{Campaign}/start application/json null"], away.Asked);
    }

    [Theory]
    [InlineData("""{"title":"Bad","detail":"'name' is missing: expected a text."}""", "'name' is missing: expected a text.")]
    [InlineData("<html>bad gateway</html>", "<html>bad gateway</html>")]
    [InlineData("""{"detail":7}""", """{"detail":7}""")]
    public async Task A_refusal_is_told_in_the_words_of_the_problem_or_whatever_came(string body, string told)
    {
        using var api = OutdialApi.Over(new Scripted(_ => Scripted.Answer(HttpStatusCode.BadRequest, body)), Address, "key");

        var failure = await Assert.ThrowsAsync<CommandFailure>(() => api.CreateCampaignAsync(new { name = "" }, default));

        Assert.Equal($"POST /api/v1/campaigns was answered 400: {told}", failure.Message);
        Assert.Equal(HttpStatusCode.BadRequest, failure.Status);
    }

    [Fact]
    public async Task What_is_not_there_is_empty_and_what_is_refused_is_not()
    {
        using var none = OutdialApi.Over(new Scripted(_ => Scripted.Answer(HttpStatusCode.NotFound, "{}")), Address, "key");
        using var refused = OutdialApi.Over(new Scripted(_ => Scripted.Answer(HttpStatusCode.Forbidden, "{}")), Address, "key");

        Assert.Equal("", (await none.GetReportAsync(Campaign, default)).Definition);
        Assert.Null(await none.GetHopperAsync(Campaign, default));
        await Assert.ThrowsAsync<CommandFailure>(() => refused.GetReportAsync(Campaign, default));
        await Assert.ThrowsAsync<CommandFailure>(() => refused.GetCallerIdsAsync(default));
    }

    [Fact]
    public async Task A_list_is_read_page_by_page_to_its_end()
    {
        var scripted = new Scripted(count => Scripted.Answer(HttpStatusCode.OK, $$"""[{"number":"+91804785100{{count}}","account":"default","circle":null,"isDefault":false,"purposes":null}]""",
            count < 3 ? $"</api/v1/caller-ids?limit=1000&after=%2B91%20{count}%26x>; rel=\"next\"" : null));
        using var api = OutdialApi.Over(scripted, Address, "key");

        var all = await api.GetCallerIdsAsync(default);

        Assert.Equal(["+918047851001", "+918047851002", "+918047851003"], all.Select(one => one.Number));
        Assert.Equal(
            ["GET /api/v1/caller-ids?limit=1000", "GET /api/v1/caller-ids?after=%2B91%201%26x&limit=1000", "GET /api/v1/caller-ids?after=%2B91%202%26x&limit=1000"], scripted.Asked);
    }

    [Fact]
    public async Task A_list_of_leads_is_uploaded_as_it_is()
    {
        var scripted = new Scripted(_ => Scripted.Answer(HttpStatusCode.OK, $$"""{"importId":"{{Campaign}}","accepted":1,"rejected":0,"duplicates":0,"errors":[],"errorsUrl":null}"""));
        using var api = OutdialApi.Over(scripted, Address, "key");

        await api.AddLeadsAsync(Campaign, new MemoryStream(Encoding.UTF8.GetBytes("number\n+919876530240\n")), "my leads & more.csv", default);

        Assert.Equal([$"POST /api/v1/campaigns/{Campaign}/leads?fileName=my%20leads%20%26%20more.csv text/csv number\n+919876530240\n"], scripted.Asked);
    }

    /// <summary>Answers in order, and remembers what was asked.</summary>
    private sealed class Scripted(Func<int, HttpResponseMessage> answer) : HttpMessageHandler
    {
        public List<string> Asked { get; } = [];

        public static HttpResponseMessage Answer(HttpStatusCode status, string body, string? link = null)
        {
            var answer = new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            if (link is not null)
                answer.Headers.Add("Link", link);
            return answer;
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Assert.Equal(["key"], request.Headers.GetValues("X-Api-Key"));
            var body = request.Content is { Headers.ContentType.MediaType: { } type } ? $" {type} {await request.Content.ReadAsStringAsync(cancellationToken)}" : "";
            Asked.Add($"{request.Method} {request.RequestUri!.PathAndQuery}{body}");
            var answered = answer(Asked.Count);
            answered.RequestMessage = request;
            return answered;
        }
    }
}
