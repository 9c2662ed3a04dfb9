using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Outdial.Cli.Cluster;

namespace Outdial.Cli.Kubernetes;

/// <summary>Where the servers of an installation are.</summary>
/// <param name="Postgres">The beginning of a connection string, such as <c>Host=db.example.com;SSL Mode=VerifyFull</c>.</param>
/// <param name="RabbitMq">Without a login, such as <c>amqps://mq.example.com:5671/</c>.</param>
public sealed record ServerPlaces(string Postgres, Uri RabbitMq)
{
    /// <summary>Those of the demo, which are beside the services.</summary>
    public static ServerPlaces Demo { get; } = new("Host=postgres", new("amqp://rabbitmq:5672/"));
}

/// <summary>
/// Every Secret of an installation in Kubernetes, by the names that its manifests use. All passwords and keys follow from one root key, so that
/// whoever has to make them again makes the same: a job that died halfway, an operator who adds a service.
/// </summary>
/// <param name="root">32 random bytes, which nobody but the operator has.</param>
/// <param name="places">Where the servers are.</param>
public sealed class InstallationSecrets(byte[] root, ServerPlaces places)
{
    private const string BrokerAdmin = "outdial";

    private static readonly IReadOnlyList<(string Service, string Database)> s_databases =
        [.. ServiceKind.All.Where(kind => kind.Database is not null).Select(kind => (kind.Name, kind.Database!))];

    /// <summary>The key of the first admin; the cluster gets its hash, and the key in a Secret that no pod of the platform has.</summary>
    public string AdminKey => Of("admin key");

    /// <summary>For an installation whose servers are elsewhere.</summary>
    /// <param name="account">Key and token of the provider account; null: its Secret is left as it is.</param>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Platform((string Key, string Token)? account)
    {
        var all = new Dictionary<string, IReadOnlyDictionary<string, string>>
        {
            ["outdial-identity"] = One("Identity__SigningKey", Of("identity")),
            ["outdial-callbacks"] = One("Webhooks__SigningKey", Of("callbacks")),
            ["outdial-admin"] = One("key", AdminKey),
        };
        if (account is var (key, token))
            all["outdial-account"] = new Dictionary<string, string> { ["Accounts__default__ApiKey"] = key, ["Accounts__default__ApiToken"] = token };
        foreach (var (service, database) in s_databases)
        {
            all[$"outdial-{service}"] = Connections(service, database, database, service);
            all[$"outdial-{service}-migrate"] = Connections(service, database, $"{database}_owner", BrokerAdmin);
        }
        all["outdial-gateway"] = new Dictionary<string, string>(all["outdial-gateway"])
        {
            ["ApiKeys__0__Hash"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(AdminKey))),
        };
        return all;
    }

    /// <summary>The same, and those of the demo's own servers and its simulated provider.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Demo()
    {
        var (key, token) = (Of("account key"), Of("account token"));
        var postgres = new Dictionary<string, string> { ["POSTGRES_PASSWORD"] = Of("postgres") };
        foreach (var (_, database) in s_databases)
        {
            postgres[$"OUTDIAL_{database.ToUpperInvariant()}_OWNER_PASSWORD"] = OfRole($"{database}_owner");
            postgres[$"OUTDIAL_{database.ToUpperInvariant()}_PASSWORD"] = OfRole(database);
        }
        return new Dictionary<string, IReadOnlyDictionary<string, string>>(Platform((key, token)))
        {
            ["outdial-postgres"] = postgres,
            ["outdial-backup"] = new Dictionary<string, string>
            {
                ["PGHOST"] = "postgres",
                ["PGUSER"] = "postgres",
                ["PGPASSWORD"] = Of("postgres"),
            },
            ["outdial-rabbitmq"] = One("definitions.json", BrokerDefinitions()),
            ["outdial-simulator"] = new Dictionary<string, string>
            {
                ["Simulator__ApiKey"] = key,
                ["Simulator__ApiToken"] = token,
                ["Simulator__PortaSwitch__Password"] = token,
                ["Simulator__PortaSwitch__Token"] = token,
            },
        };
    }

    /// <summary>Users and rights, for a RabbitMQ to import.</summary>
    public string BrokerDefinitions() => BrokerRights.Definitions((BrokerAdmin, OfUser(BrokerAdmin)), OfUser);

    /// <summary>Roles and databases, for psql under a role that may make both.</summary>
    public string Roles() => string.Join('\n', s_databases.Select(pair => $"""
        create role "{pair.Database}_owner" login password '{OfRole(pair.Database + "_owner")}';
        create role "{pair.Database}" login password '{OfRole(pair.Database)}';
        grant "{pair.Database}_owner" to current_user;
        create database "{pair.Database}" owner "{pair.Database}_owner";
        revoke all on database "{pair.Database}" from public;
        """)) + "\n";

    /// <summary>Secrets as <c>kubectl apply -f -</c> takes them.</summary>
    public static string AsManifest(IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> secrets, string? space) =>
        JsonSerializer.Serialize(
        new { apiVersion = "v1", kind = "List", items = secrets.Select(secret => Manifest(secret.Key, secret.Value, space)) },
        new JsonSerializerOptions { WriteIndented = true });

    /// <summary>One Secret, as the API of a cluster takes it.</summary>
    /// <param name="space">The namespace; null: that of the address it is sent to.</param>
    public static object Manifest(string name, IReadOnlyDictionary<string, string> values, string? space)
    {
        var metadata = new Dictionary<string, object>
        {
            ["name"] = name,
            ["labels"] = new Dictionary<string, string> { ["app.kubernetes.io/part-of"] = "outdial" },
        };
        if (space is not null)
            metadata["namespace"] = space;
        return new { apiVersion = "v1", kind = "Secret", metadata, type = "Opaque", stringData = values };
    }

    private Dictionary<string, string> Connections(string service, string database, string role, string user)
    {
        var all = new Dictionary<string, string>
        {
            [$"ConnectionStrings__{database}"] = $"{places.Postgres};Database={database};Username={role};Password={OfRole(role)}",
        };
        if (BrokerRights.Services.Contains(service))
            all["ConnectionStrings__rabbitmq"] = new UriBuilder(places.RabbitMq) { UserName = user, Password = OfUser(user) }.Uri.AbsoluteUri;
        return all;
    }

    private static Dictionary<string, string> One(string key, string value) => new() { [key] = value };

    private string OfRole(string role) => Of($"postgres role {role}");

    private string OfUser(string user) => Of($"rabbitmq user {user}");

    private string Of(string what) => Convert.ToHexStringLower(HMACSHA256.HashData(root, Encoding.UTF8.GetBytes(what)));
}
