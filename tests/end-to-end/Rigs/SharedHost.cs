using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Outdial.Cli.Demo;
using Outdial.Client;

namespace Outdial.EndToEnd.Tests.Rigs;

/// <summary>
/// Everything in one process and a simulator without mischief, for the tests that ask for all of the API, one after the other. Each has a key,
/// agents' phones and people of its own, and stops what it started.
/// </summary>
[CollectionDefinition(Name)]
public sealed class SharedHost : IAsyncLifetime, ICollectionFixture<SharedHost>
{
    public const string Name = "host";

    /// <summary>Far ahead: the run's clock begins on the same day always.</summary>
    public static readonly DateTimeOffset NextYear = DemoClock.MondayMorning.AddYears(1);

    public Rig Rig { get; private set; } = null!;

    public HostPlatform Host { get; private set; } = null!;

    /// <summary>What the API says of itself.</summary>
    public DescribedApi Described { get; private set; } = null!;

    public Uri Address => Host.AddressOf("pacer");

    public async Task InitializeAsync()
    {
        Rig = await Rig.StartAsync(speed: 30, seed: 5, faults: "none", DemoModes.Progressive, agents: 1);
        Host = await HostPlatform.StartAsync(Rig);
        await ConnectAsync();
        await Host.Api.SyncCallerIdsAsync(default);
        using var http = Host.Client("pacer");
        Described = new((await http.GetFromJsonAsync<JsonObject>("openapi/v1.json"))!);
    }

    /// <summary>Tells the simulated provider the addresses that its flows ask and report to.</summary>
    public Task ConnectAsync() => Rig.Scenario.ConnectAsync(Host.Api, Rig.Simulator, default);

    /// <summary>A new admin's key: what belongs to the holder of a key is nobody else's.</summary>
    public async Task<string> KeyAsync(string name)
    {
        using var admin = new OutdialClient(Address, Platform.ApiKey);
        return (await admin.CreateApiKeyAsync(new() { Name = name, Role = ApiRoles.Admin })).Key;
    }

    public Task DisposeAsync() => Rig.DisposeAsync().AsTask();
}

/// <summary>The description of the API, to hold answers against.</summary>
public sealed class DescribedApi
{
    private readonly List<(string Method, string[] Path, JsonObject Operation)> _operations = [];

    public DescribedApi(JsonObject document)
    {
        foreach (var (path, item) in document["paths"]!.AsObject())
        {
            foreach (var (method, operation) in item!.AsObject())
                _operations.Add((method.ToUpperInvariant(), path.Trim('/').Split('/'), operation!.AsObject()));
        }
    }

    /// <summary>Every operation; one that takes files and JSON is there once for each, as clients have it.</summary>
    public IReadOnlySet<string> Operations => _operations.SelectMany(each => Forms(each.Operation)).ToHashSet();

    /// <summary>Fails where the answer is none that the description knows.</summary>
    /// <param name="path">As it was asked for, without the query.</param>
    /// <returns>The operation, as in <see cref="Operations"/>; null: it is not of the API.</returns>
    public string? Hold(string method, string path, string? contentType, int status)
    {
        var parts = path.Trim('/').Split('/');
        if (parts is not ["api", ..])
            return null;
        var (_, _, operation) = _operations.Where(each => each.Method == method && Fits(each.Path, parts))
            .OrderByDescending(each => each.Path.Count(part => part[0] != '{')).FirstOrDefault();
        Assert.True(operation is not null, $"{method} {path} is not described");
        Assert.True(operation["responses"]![$"{status}"] is not null, $"{method} {path} has answered {status}, and it is not described");
        var forms = Forms(operation).ToList();
        return forms.Count > 1 && IsJson(contentType ?? "") ? forms[1] : forms[0];
    }

    private static IEnumerable<string> Forms(JsonObject operation)
    {
        var types = (operation["requestBody"]?["content"] as JsonObject ?? []).Select(body => body.Key).ToList();
        yield return $"{operation["operationId"]}";
        if (types.Exists(IsJson) && !types.TrueForAll(IsJson))
            yield return $"{operation["operationId"]}AsJson";
    }

    private static bool IsJson(string type) =>
        type.StartsWith("application/json", StringComparison.Ordinal) || type.EndsWith("+json", StringComparison.Ordinal);

    private static bool Fits(string[] described, string[] asked) => described.Length == asked.Length
        && described.Zip(asked).All(pair => pair.First[0] == '{' || pair.First == pair.Second);
}
