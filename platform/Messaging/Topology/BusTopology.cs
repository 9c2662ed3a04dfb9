using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Outdial.Platform.Messaging.Topology;

/// <summary>
/// The queues of the whole platform and what flows into each, as <c>topology.json</c> says. By rule, not in the file: a queue
/// hangs on a fanout exchange of its own name, and has an error queue <c>{queue}_error</c> with an exchange of that name.
/// </summary>
/// <param name="Queues">Name of each queue, and the message exchanges (<c>Namespace:Type</c>) that are bound to it.</param>
internal sealed record BusTopology(IReadOnlyDictionary<string, IReadOnlyList<string>> Queues)
{
    private static readonly JsonSerializerOptions s_text = new(JsonSerializerDefaults.Web) { WriteIndented = true, NewLine = "\n" };

    /// <summary>The file beside the bus.</summary>
    public static BusTopology Embedded { get; } = Read();

    /// <summary>The queue where what failed in another is kept.</summary>
    public static string ErrorQueue(string queue) => queue + "_error";

    /// <summary>
    /// The name of an exchange that nothing flows through: it is there when all of this topology was declared, bindings included, which nobody can
    /// ask for otherwise.
    /// </summary>
    public string Seal() => "outdial-topology-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ToText())))[..16];

    /// <summary>The text of a file that says this, in a fixed order.</summary>
    public string ToText() => JsonSerializer.Serialize(
        new SortedDictionary<string, string[]>(
            Queues.ToDictionary(queue => queue.Key, queue => queue.Value.Order(StringComparer.Ordinal).ToArray()),
            StringComparer.Ordinal), s_text) + "\n";

    private static BusTopology Read()
    {
        using var file = typeof(BusTopology).Assembly.GetManifestResourceStream("topology.json")!;
        return new(JsonSerializer.Deserialize<Dictionary<string, IReadOnlyList<string>>>(file, s_text)!);
    }
}
