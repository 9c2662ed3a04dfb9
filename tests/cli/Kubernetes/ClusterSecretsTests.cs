using System.Net;
using System.Text;
using System.Text.Json;
using Outdial.Cli.Kubernetes;
using Outdial.Cli.Processes;

namespace Outdial.Cli.Tests.Kubernetes;

public sealed class ClusterSecretsTests
{
    [Fact]
    public async Task All_secrets_are_made_once_and_what_is_there_is_kept()
    {
        var cluster = new Cluster();

        var first = await Make(cluster);
        var before = cluster.Secrets.ToDictionary(secret => secret.Key, secret => secret.Value);
        var second = await Make(cluster);

        Assert.Equal(new InstallationSecrets(new byte[32], ServerPlaces.Demo).Demo().Keys.Append("outdial-root").Order(), first.Order());
        Assert.Empty(second);
        Assert.Equal(before, cluster.Secrets);
    }

    [Fact]
    public async Task Who_died_halfway_goes_on_with_the_same_passwords()
    {
        var whole = new Cluster();
        await Make(whole);
        var half = new Cluster { Secrets = { ["outdial-root"] = whole.Secrets["outdial-root"], ["outdial-pacer"] = whole.Secrets["outdial-pacer"] } };

        await Make(half);

        // The broker's definitions hold salted hashes of the same passwords.
        Assert.All(whole.Secrets.Where(secret => secret.Key != "outdial-rabbitmq"), secret => Assert.Equal(secret.Value, half.Secrets[secret.Key]));
        Assert.Equal(whole.Secrets.Keys.Order(), half.Secrets.Keys.Order());
    }

    [Fact]
    public async Task What_the_cluster_refuses_is_said_in_its_own_words()
    {
        var cluster = new Cluster { Refuses = """{"kind":"Status","message":"secrets is forbidden: User \"x\" cannot create resource"}""" };

        var refused = await Assert.ThrowsAsync<CommandFailure>(() => Make(cluster));

        Assert.Equal(
            "The cluster refuses to make the Secret outdial-root in the namespace calls: 403 secrets is forbidden: User \"x\" cannot create resource",
            refused.Message);
    }

    private static async Task<IReadOnlyList<string>> Make(Cluster cluster)
    {
        using var api = new HttpClient(cluster, disposeHandler: false) { BaseAddress = new("https://kubernetes.default.svc/") };
        return await new ClusterSecrets(api, "calls").MakeAsync(default);
    }

    /// <summary>The part of the API that is asked, with what Kubernetes does to a Secret: texts become base64.</summary>
    private sealed class Cluster : HttpMessageHandler
    {
        public Dictionary<string, string> Secrets { get; init; } = [];

        public string? Refuses { get; init; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            const string all = "/api/v1/namespaces/calls/secrets";
            var path = request.RequestUri!.AbsolutePath;
            if (Refuses is not null)
                return Answer(HttpStatusCode.Forbidden, Refuses);
            if (request.Method == HttpMethod.Get && path.StartsWith(all + "/", StringComparison.Ordinal))
                return Secrets.TryGetValue(path[(all.Length + 1)..], out var found) ? Answer(HttpStatusCode.OK, found)
                    : Answer(HttpStatusCode.NotFound, "{}");
            Assert.Equal((HttpMethod.Post, all), (request.Method, path));
            using var sent = JsonDocument.Parse(await request.Content!.ReadAsStringAsync(cancellationToken));
            Assert.Equal(("v1", "Secret"), (sent.RootElement.GetProperty("apiVersion").GetString(), sent.RootElement.GetProperty("kind").GetString()));
            var name = sent.RootElement.GetProperty("metadata").GetProperty("name").GetString()!;
            var data = sent.RootElement.GetProperty("stringData").EnumerateObject()
                .ToDictionary(one => one.Name, one => Convert.ToBase64String(Encoding.UTF8.GetBytes(one.Value.GetString()!)));
            return Secrets.TryAdd(name, JsonSerializer.Serialize(new { data }))
                ? Answer(HttpStatusCode.Created, "{}") : Answer(HttpStatusCode.Conflict, """{"reason":"AlreadyExists"}""");
        }

        private static HttpResponseMessage Answer(HttpStatusCode status, string body) =>
            new(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
    }
}
