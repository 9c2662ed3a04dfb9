using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Outdial.Cli.Cluster;

/// <summary>
/// What the user of one service may do on RabbitMQ, as the three patterns that it knows: consume from the queues of the service, publish what the
/// service says, and declare both once more. Queues are made by <c>migrate</c>, under another user.
/// </summary>
/// <param name="Configure">Names that may be declared: what the bus declares at each start, all of which is there already.</param>
/// <param name="Write">What may be published to, and be bound to something.</param>
/// <param name="Read">What may be consumed from, and be bound from.</param>
public sealed record BrokerRights(string Configure, string Write, string Read)
{
    // Errors that are told to nobody: no queue is bound to them. And the types above those of the events, which no queue is bound to either.
    private const string Faults = "MassTransit:.*";
    private const string Kinds = @"Outdial\.Contracts:I[A-Z][A-Za-z]*";

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);
    private static readonly Dictionary<string, string[]> s_queues = Embedded<Dictionary<string, string[]>>("topology.json");
    private static readonly Dictionary<string, Entry> s_services = Embedded<Dictionary<string, Entry>>("services.json");

    /// <summary>The services that are on the bus; each has a user of its name.</summary>
    public static IReadOnlyList<string> Services { get; } = [.. s_services.Keys.Order(StringComparer.Ordinal)];

    /// <exception cref="KeyNotFoundException">The service is not on the bus.</exception>
    public static BrokerRights Of(string service)
    {
        var (reads, publishes) = s_services[service];
        var own = reads.SelectMany(queue => new[] { queue, queue + "_error" }).Select(Regex.Escape).Append(Regex.Escape(service) + "_bus_.*").ToList();
        var says = publishes.Select(Regex.Escape).ToList();
        var hears = reads.SelectMany(queue => s_queues[queue]).Select(Regex.Escape).ToList();
        var all = Any([.. own, .. says, .. hears, Kinds, Faults]);
        return new(Configure: all, Write: Any([.. own, .. says, Kinds, Faults]), Read: all);
    }

    /// <summary>Users, their rights and the virtual host, as RabbitMQ imports them.</summary>
    /// <param name="admin">Name and password of the user who may do everything.</param>
    /// <param name="passwordOf">The password of a service's user.</param>
    public static string Definitions((string Name, string Password) admin, Func<string, string> passwordOf) => JsonSerializer.Serialize(new
    {
        vhosts = new[] { new { name = "/" } },
        users = new[] { User(admin.Name, admin.Password, "administrator") }.Concat(Services.Select(service => User(service, passwordOf(service), ""))),
        permissions = new[] { Permission(admin.Name, new(".*", ".*", ".*")) }.Concat(Services.Select(service => Permission(service, Of(service)))),
    }, s_json);

    private static object User(string name, string password, string tags) =>
        new { name, password_hash = Hash(password), hashing_algorithm = "rabbit_password_hashing_sha256", tags };

    private static object Permission(string user, BrokerRights rights) =>
        new { user, vhost = "/", configure = rights.Configure, write = rights.Write, read = rights.Read };

    // RabbitMQ's own form: four random bytes, then SHA-256 of them and the password.
    private static string Hash(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(4);
        return Convert.ToBase64String([.. salt, .. SHA256.HashData([.. salt, .. System.Text.Encoding.UTF8.GetBytes(password)])]);
    }

    private static string Any(IEnumerable<string> names) => $"^({string.Join('|', names.Distinct().Order(StringComparer.Ordinal))})$";

    private static T Embedded<T>(string name)
    {
        using var file = typeof(BrokerRights).Assembly.GetManifestResourceStream(name)!;
        return JsonSerializer.Deserialize<T>(file, s_json)!;
    }

    private sealed record Entry(IReadOnlyList<string> Reads, IReadOnlyList<string> Publishes);
}
