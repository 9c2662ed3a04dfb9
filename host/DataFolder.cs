using Npgsql;
using Outdial.LocalServers;

namespace Outdial.Host;

/// <summary>
/// Everything the host keeps between runs, in one folder: the private PostgreSQL and the keys. Stopping it stops the
/// database with it.
/// </summary>
public sealed class DataFolder : IAsyncDisposable
{
    private static readonly string[] Services = ["pacer", "ingress", "enrichment", "router", "analytics", "gateway"];
    private readonly PrivatePostgres? _postgres;

    private DataFolder(string path, string? apiKeyFile, PrivatePostgres? postgres) =>
        (Path, ApiKeyFile, _postgres) = (path, apiKeyFile, postgres);

    public string Path { get; }

    /// <summary>Where the generated admin key is; null when keys are configured.</summary>
    public string? ApiKeyFile { get; }

    /// <summary>In words, for the announcement.</summary>
    public string Database => _postgres is null ? "as configured" : $"private, 127.0.0.1:{_postgres.Port}, data in {_postgres.Folder}";

    /// <summary>
    /// Prepares the folder and puts what it yields into the configuration: the connection strings, unless they are
    /// given, and the keys, unless they are given.
    /// </summary>
    /// <exception cref="InvalidOperationException">Some connection strings are given and some are not.</exception>
    /// <exception cref="LocalServerException">The private PostgreSQL does not run.</exception>
    public static async Task<DataFolder> OpenAsync(ConfigurationManager configuration, CancellationToken cancel = default)
    {
        var path = System.IO.Path.GetFullPath(configuration["Host:DataFolder"] ?? System.IO.Path.Combine(".outdial", "data"));
        PrivateFiles.Way(path);
        var settings = new Dictionary<string, string?>();

        string? apiKeyFile = null;
        if (!configuration.GetSection("ApiKeys").GetChildren().Any())
        {
            apiKeyFile = System.IO.Path.Combine(path, "admin-api-key");
            settings["ApiKeys:0:Name"] = "admin";
            settings["ApiKeys:0:Key"] = Secret.Keep(apiKeyFile);
            settings["ApiKeys:0:Role"] = "admin";
        }
        if (string.IsNullOrEmpty(configuration["Webhooks:SigningKey"]))
            settings["Webhooks:SigningKey"] = Secret.Keep(System.IO.Path.Combine(path, "webhook-signing-key"));
        if (string.IsNullOrEmpty(configuration["Messaging:Transport"]))
            settings["Messaging:Transport"] = "memory";
        if (string.IsNullOrEmpty(configuration["Ingress:SpoolFolder"]))
            settings["Ingress:SpoolFolder"] = System.IO.Path.Combine(path, "spool");

        var postgres = await StartPostgresAsync(configuration, path, settings, cancel);
        configuration.AddInMemoryCollection(settings);
        return new DataFolder(path, apiKeyFile, postgres);
    }

    public async ValueTask DisposeAsync()
    {
        if (_postgres is null)
            return;
        // Idle connections of the pools would otherwise be cut and reported as errors.
        NpgsqlConnection.ClearAllPools();
        await _postgres.DisposeAsync();
    }

    private static async Task<PrivatePostgres?> StartPostgresAsync(
        ConfigurationManager configuration, string path, Dictionary<string, string?> settings, CancellationToken cancel)
    {
        var missing = Services.Where(service => string.IsNullOrEmpty(configuration.GetConnectionString(service))).ToList();
        if (missing.Count == 0)
            return null;
        if (missing.Count < Services.Length)
        {
            throw new InvalidOperationException(
                $"ConnectionStrings:{missing[0]} is missing. Give all of {string.Join(", ", Services.Select(s => "ConnectionStrings:" + s))}, or none for a private PostgreSQL.");
        }

        var postgres = await PrivatePostgres.StartAsync(new PrivatePostgresOptions(System.IO.Path.Combine(path, "postgres")), cancel);
        foreach (var service in Services)
            settings["ConnectionStrings:" + service] = await postgres.DatabaseAsync(service, cancel);
        return postgres;
    }
}
