using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Outdial.Cli.Processes;

namespace Outdial.Cli.Kubernetes;

/// <summary>Makes the demo's Secrets through the API of the cluster in which this runs. What is there is kept, so it may be done again.</summary>
/// <param name="api">Leads to the API, with a token that may make Secrets and read <see cref="RootName"/>.</param>
/// <param name="space">The namespace.</param>
public sealed class ClusterSecrets(HttpClient api, string space)
{
    /// <summary>The Secret with the key that all others follow from.</summary>
    public const string RootName = "outdial-root";

    /// <returns>The names of those that were made now.</returns>
    /// <exception cref="CommandFailure">The cluster refuses.</exception>
    public async Task<IReadOnlyList<string>> MakeAsync(CancellationToken cancel)
    {
        var root = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var made = new List<string>();
        if (await PostAsync(RootName, new Dictionary<string, string> { ["root"] = root }, cancel))
            made.Add(RootName);
        else
            root = await ReadRootAsync(cancel);
        foreach (var (name, values) in new InstallationSecrets(Convert.FromHexString(root), ServerPlaces.Demo).Demo())
        {
            if (await PostAsync(name, values, cancel))
                made.Add(name);
        }
        return made;
    }

    private string Address => $"api/v1/namespaces/{space}/secrets";

    /// <returns>False: it was there already.</returns>
    private async Task<bool> PostAsync(string name, IReadOnlyDictionary<string, string> values, CancellationToken cancel)
    {
        using var answer = await api.PostAsJsonAsync(Address, InstallationSecrets.Manifest(name, values, space: null), cancel);
        if (answer.StatusCode != HttpStatusCode.Conflict)
            await MustAsync(answer, $"to make the Secret {name}", cancel);
        return answer.StatusCode != HttpStatusCode.Conflict;
    }

    private async Task<string> ReadRootAsync(CancellationToken cancel)
    {
        using var answer = await api.GetAsync($"{Address}/{RootName}", cancel);
        await MustAsync(answer, $"to read the Secret {RootName}", cancel);
        var secret = await answer.Content.ReadFromJsonAsync<JsonElement>(cancel);
        return Encoding.UTF8.GetString(Convert.FromBase64String(secret.GetProperty("data").GetProperty("root").GetString()!));
    }

    private async Task MustAsync(HttpResponseMessage answer, string what, CancellationToken cancel)
    {
        if (answer.IsSuccessStatusCode)
            return;
        var said = await answer.Content.ReadAsStringAsync(cancel);
        throw new CommandFailure($"The cluster refuses {what} in the namespace {space}: {(int)answer.StatusCode} {Message(said)}");
    }

    private static string Message(string answer)
    {
        try
        {
            return JsonDocument.Parse(answer).RootElement.GetProperty("message").GetString() ?? answer;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return answer.Length > 200 ? answer[..200] : answer;
        }
    }
}
