using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Outdial.Platform.Tests.Http;

public sealed class AnswerHeaderTests
{
    [Theory]
    [InlineData("/health/live", HttpStatusCode.OK)]
    [InlineData("/health/ready", HttpStatusCode.OK)]
    [InlineData("/metrics", HttpStatusCode.OK)]
    [InlineData("/openapi/v1.json", HttpStatusCode.OK)]
    [InlineData("/api/v1/orders/0198c1a2-7b3c-7d4e-8f5a-6b7c8d9e0f1a?limit=1", HttpStatusCode.OK)]
    [InlineData("/api/v1/orders/0198c1a2-7b3c-7d4e-8f5a-6b7c8d9e0f1a?limit=one", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/broken", HttpStatusCode.InternalServerError)]
    [InlineData("/nowhere", HttpStatusCode.NotFound)]
    [InlineData("/boasting", HttpStatusCode.OK)]
    public async Task No_answer_lets_its_type_be_guessed_or_tells_which_server_it_is(string path, HttpStatusCode status)
    {
        await using var service = await ServiceUnderTest.Start(map: app => app.MapGet("/boasting", (HttpResponse response) =>
        {
            response.Headers.Server = "acme/1.0";
            response.Headers.XPoweredBy = "steam";
            response.Headers.StrictTransportSecurity = "max-age=1";
        }));

        using var answer = await service.Client.GetAsync(path);

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.False(answer.Headers.Contains("Server"));
        Assert.False(answer.Headers.Contains("X-Powered-By"));
        Assert.False(answer.Headers.Contains("Strict-Transport-Security"));   // it came over plain HTTP
    }
}
