using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Outdial.Platform.Tests.Http;

namespace Outdial.Platform.Tests.Security;

public sealed class IdentityTests
{
    private const string Key = "an-identity-signing-key-for-tests-01", OlderKey = "an-older-identity-signing-key-for-it";
    private const string Path = "/api/v1/orders/0198c1a2-7b3c-7d4e-8f5a-6b7c8d9e0f1a";
    private static readonly StatedIdentity Asha = new(new("asha", "agent", Guid.Parse("0198c1a2-7b3c-7d4e-8f5a-6b7c8d9e0f1a")), "203.0.113.9");
    private static readonly StatedIdentity Crm = new(new("mirror", "crm"), null);
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void A_statement_is_read_as_it_was_issued()
    {
        Assert.True(With(Key).TryRead(With(Key).Issue(Asha, "GET", Path), "GET", Path, out var read));
        Assert.Equal(Asha, read);
    }

    [Fact]
    public void A_statement_is_about_one_request_for_one_minute()
    {
        var statement = With(Key).Issue(Asha, "GET", Path);

        Assert.False(With(Key).TryRead(statement, "POST", Path, out _));
        Assert.False(With(Key).TryRead(statement, "GET", Path + "/trail", out _));
        _clock.Advance(IdentityStatements.Life - TimeSpan.FromSeconds(1));
        Assert.True(With(Key).TryRead(statement, "GET", Path, out _));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(With(Key).TryRead(statement, "GET", Path, out _));
    }

    [Fact]
    public void A_key_is_rotated_without_a_refused_request()
    {
        var old = With(OlderKey).Issue(Asha, "GET", Path);
        var fresh = With(Key).Issue(Asha, "GET", Path);

        Assert.True(With(Key, OlderKey).TryRead(old, "GET", Path, out _));
        Assert.True(With(Key, OlderKey).TryRead(fresh, "GET", Path, out _));
        Assert.False(With(Key).TryRead(old, "GET", Path, out _));
    }

    [Fact]
    public void Whatever_is_changed_in_a_statement_makes_it_worthless()
    {
        var statement = With(Key).Issue(Asha, "GET", Path);

        for (var i = 0; i < statement.Length; i++)
        {
            var changed = statement[..i] + (statement[i] == 'A' ? 'B' : 'A') + statement[(i + 1)..];
            // The last character of Base64 has bits that do not count; the text may differ there and mean the same.
            if (With(Key).TryRead(changed, "GET", Path, out var read))
                Assert.Equal(Asha, read);
        }
        foreach (var rubbish in new[] { null, "", ".", "a.b", "a.b.c", statement + statement, new string('x', 5_000), "%%%.%%%" })
            Assert.False(With(Key).TryRead(rubbish, "GET", Path, out _));
    }

    [Theory]
    [InlineData(Key, "GET", 200)]
    [InlineData(Key, "POST", 403)]
    [InlineData(OlderKey, "GET", 401)]
    public async Task A_service_believes_a_signed_statement_and_checks_the_role_itself(string signedWith, string method, int expected)
    {
        await using var service = await Service();
        var path = method == "GET" ? Path : "/api/v1/orders";
        // Real time, as in the service.
        var statement = new IdentityStatements(Options.Create(new IdentityOptions { SigningKey = signedWith }), TimeProvider.System)
            .Issue(Crm, method, path);
        service.Client.DefaultRequestHeaders.Clear();
        service.Client.DefaultRequestHeaders.Add(IdentityStatements.HeaderName, statement);

        using var answer = await service.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path + "?limit=1"));

        Assert.Equal(expected, (int)answer.StatusCode);
    }

    [Fact]
    public async Task A_service_without_the_signing_key_believes_no_statement()
    {
        await using var service = await ServiceUnderTest.Start();
        service.Client.DefaultRequestHeaders.Clear();
        service.Client.DefaultRequestHeaders.Add(IdentityStatements.HeaderName,
            new IdentityStatements(Options.Create(new IdentityOptions { SigningKey = Key }), TimeProvider.System).Issue(Crm, "GET", Path));

        using var answer = await service.Client.GetAsync(Path + "?limit=1");

        Assert.Equal(401, (int)answer.StatusCode);
    }

    [Fact]
    public async Task A_short_signing_key_stops_the_process_with_a_sentence()
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => Service("short"));

        Assert.Contains("Identity:SigningKey has 5 characters; at least 32 are needed.", failure.Failures);
    }

    private IdentityStatements With(string key, string? previous = null) =>
        new(Options.Create(new IdentityOptions { SigningKey = key, SigningKeyPrevious = previous }), _clock);

    private static Task<ServiceUnderTest> Service(string key = Key) => ServiceUnderTest.Start(builder =>
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Identity:SigningKey"] = key }));
}
