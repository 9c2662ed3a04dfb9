using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Outdial.Testing;

/// <summary>
/// What the tests of all services start them with: a database of their own, messages in memory, one key, a clock that the test turns.
/// </summary>
public static class TestApp
{
    /// <param name="service">Name of the service's connection string.</param>
    /// <param name="key">A key for the API, and its role.</param>
    /// <param name="settings">Beyond these, or instead; the last one counts.</param>
    public static WebApplicationBuilder Builder(
        string service, string database, TimeProvider clock, (string Key, string Role) key,
        params IEnumerable<KeyValuePair<string, string?>>[] settings)
    {
        var builder = WebApplication.CreateBuilder(Unwatched.Options);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["urls"] = "http://127.0.0.1:0",
            [$"ConnectionStrings:{service}"] = database,
            ["Messaging:Transport"] = "memory",
            ["Webhooks:SigningKey"] = "a-signing-key-for-tests-of-at-least-32-characters",
            ["ApiKeys:0:Name"] = "tests",
            ["ApiKeys:0:Key"] = key.Key,
            ["ApiKeys:0:Role"] = key.Role,
            ["Logging:LogLevel:Default"] = "Warning",
        });
        foreach (var some in settings)
            builder.Configuration.AddInMemoryCollection(some);
        builder.Services.AddSingleton(clock);
        return builder;
    }

    /// <summary>A client of the started service.</summary>
    /// <param name="key">Null: none is sent.</param>
    public static HttpClient Client(this WebApplication app, string? key = null)
    {
        var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        if (key is not null)
            client.DefaultRequestHeaders.Add("X-Api-Key", key);
        return client;
    }
}
