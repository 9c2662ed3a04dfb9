using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Outdial.Platform.Tests.Http;

namespace Outdial.Platform.Tests.Security;

public sealed class ApiKeyTests
{
    private const string Order = "/api/v1/orders/0198c1a2-7b3c-7d4e-8f5a-6b7c8d9e0f1a?limit=1";

    [Theory]
    [InlineData(null, null, 401, "needs an API key")]
    [InlineData("X-Api-Key", "a-guess", 401, "not known")]
    [InlineData("Authorization", "Bearer a-guess", 401, "not known")]
    public async Task A_caller_without_a_good_key_is_refused(string? header, string? value, int expected, string reason)
    {
        await using var service = await ServiceUnderTest.Start();
        service.Client.DefaultRequestHeaders.Clear();
        if (header is not null)
            service.Client.DefaultRequestHeaders.Add(header, value);

        var (status, problem, _) = await service.Problem(HttpMethod.Get, Order);

        Assert.Equal(expected, status);
        Assert.Contains(reason, problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task A_reader_may_read_and_not_operate()
    {
        await using var service = await ServiceUnderTest.Start();
        service.Client.DefaultRequestHeaders.Clear();
        service.Client.DefaultRequestHeaders.Add("Authorization", "Bearer " + ServiceUnderTest.CrmKey);

        var read = await service.Client.GetAsync(Order);
        var (status, problem, _) = await service.Problem(HttpMethod.Post, "/api/v1/orders", "{}");

        Assert.True(read.IsSuccessStatusCode);
        Assert.Equal(403, status);
        Assert.Equal("The API key 'mirror' has the role 'crm', which may not do this.", problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task A_key_may_be_configured_by_its_hash_alone()
    {
        const string key = "a-key-that-stands-nowhere";
        await using var service = await ServiceUnderTest.Start(builder => builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ApiKeys:2:Name"] = "hashed",
            ["ApiKeys:2:Hash"] = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(key))),
            ["ApiKeys:2:Role"] = "crm",
        }));
        service.Client.DefaultRequestHeaders.Clear();
        service.Client.DefaultRequestHeaders.Add("X-Api-Key", key);

        Assert.True((await service.Client.GetAsync(Order)).IsSuccessStatusCode);
    }

    [Theory]
    [InlineData("Hash", "abc", "ApiKeys:0 has both Key and Hash; give one of them.")]
    [InlineData("AgentId", "0198c1a2-7b3c-7d4e-8f5a-6b7c8d9e0f1a", "ApiKeys:0:AgentId is for the role agent only.")]
    [InlineData("Role", "emperor", "ApiKeys:0:Role is 'emperor'; expected one of admin, supervisor, agent, crm.")]
    [InlineData("Key", "short", "ApiKeys:0:Key has 5 characters; at least 16 are needed.")]
    [InlineData("Name", "mirror", "ApiKeys:1:Name 'mirror' is used twice.")]
    public async Task A_wrong_key_list_stops_the_process_with_a_sentence(string setting, string value, string sentence)
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => ServiceUnderTest.Start(builder =>
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["ApiKeys:0:" + setting] = value })));

        Assert.Contains(sentence, failure.Failures);
    }
}
