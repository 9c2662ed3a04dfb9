using System.CommandLine;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Outdial.Cli.Parsing;
using Outdial.Cli.Processes;
using Outdial.LocalServers;

namespace Outdial.Cli.Kubernetes;

/// <summary>
/// <c>outdial kubernetes-secrets</c>: the Secrets that the manifests in <c>k8s/</c> refer to, printed, or made by a pod in its cluster.
/// </summary>
public static partial class SecretsCommand
{
    private const string InPod = "/var/run/secrets/kubernetes.io/serviceaccount";

    public static Command Create()
    {
        var postgres = Asked.Of<string?>("--postgres", "Where PostgreSQL is: HOST, HOST:PORT, or the beginning of a connection string with more.",
            "a host such as db.example.com, or a connection string such as Host=db.example.com;SSL Mode=VerifyFull, without a login",
            IsPostgres, null);
        var rabbit = Asked.Of<Uri?>("--rabbitmq", "Where RabbitMQ is, without a login.",
            "an address such as amqps://mq.example.com:5671/, without a login", IsRabbit, null);
        var space = Asked.Of<string>("--namespace", "Of the installation.", "a name of small letters, digits and hyphens", (text, out name) =>
        {
            name = text;
            return text.Length is > 0 and < 64 && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
        }, "outdial");
        var print = Asked.Word("--print", "secrets",
            "Secrets, for kubectl; or, with the same passwords, roles for psql, definitions for RabbitMQ, the first admin's key.",
            "secrets", "roles", "definitions", "admin-key");
        var inside = Asked.Flag("--into-cluster", "Make the demo's Secrets in the cluster and namespace that this pod runs in.");

        var command = new Command("kubernetes-secrets", "The passwords and keys of an installation in Kubernetes, which all follow from one file.")
        {
            postgres, rabbit, space, print, inside,
        };
        command.SetAction((parsed, cancel) => CommandFailure.ReportAsync(async () =>
        {
            if (parsed.GetValue(inside))
                return await MakeInsideAsync(cancel);
            if (parsed.GetValue(postgres) is null || parsed.GetValue(rabbit) is null)
            {
                throw new CommandFailure("Where are the servers? Give both --postgres and --rabbitmq, such as "
                    + "--postgres db.example.com --rabbitmq amqps://mq.example.com:5671/. (The demo in k8s/overlays/demo makes its Secrets itself.)");
            }
            var name = parsed.GetValue(space)!;
            var secrets = new InstallationSecrets(
                await RootAsync(name, cancel), new(ConnectionOf(parsed.GetValue(postgres)!), parsed.GetValue(rabbit)!));
            await Console.Out.WriteLineAsync(parsed.GetValue(print) switch
            {
                "roles" => secrets.Roles(),
                "definitions" => secrets.BrokerDefinitions(),
                "admin-key" => secrets.AdminKey,
                _ => InstallationSecrets.AsManifest(secrets.Platform(await AccountAsync()), name),
            });
            return 0;
        }));
        return command;
    }

    /// <summary>The provider's, which no root can make up. Left out where it is not named: to apply the others again must not overwrite it.</summary>
    private static async Task<(string, string)?> AccountAsync()
    {
        var key = Environment.GetEnvironmentVariable("OUTDIAL_EXOTEL_API_KEY");
        var token = Environment.GetEnvironmentVariable("OUTDIAL_EXOTEL_API_TOKEN");
        if (!string.IsNullOrEmpty(key) && !string.IsNullOrEmpty(token))
            return (key, token);
        await Console.Error.WriteLineAsync(
            "Without OUTDIAL_EXOTEL_API_KEY and OUTDIAL_EXOTEL_API_TOKEN in the environment the Secret outdial-account is left out. Pods wait for it.");
        return null;
    }

    private static bool IsPostgres(string text, out string? place)
    {
        place = text;
        return HostName().IsMatch(text)
            || (text.Contains("Host=", StringComparison.OrdinalIgnoreCase) && !text.Contains("Password", StringComparison.OrdinalIgnoreCase)
                && !text.Contains("Username", StringComparison.OrdinalIgnoreCase) && !text.Contains('\n'));
    }

    private static bool IsRabbit(string text, out Uri? address) =>
        Uri.TryCreate(text, UriKind.Absolute, out address) && address.Scheme is "amqp" or "amqps" && address.UserInfo.Length == 0;

    private static string ConnectionOf(string place) =>
        place.Contains('=') ? place.TrimEnd(';')
        : place.LastIndexOf(':') is > 0 and var colon && place.IndexOf(':') == colon ? $"Host={place[..colon]};Port={place[(colon + 1)..]}"
        : $"Host={place}";

    /// <summary>Made once, for its owner alone, and then read.</summary>
    private static async Task<byte[]> RootAsync(string space, CancellationToken cancel)
    {
        var file = Path.Combine(Workshop.Root, ".outdial", "kubernetes", space + ".key");
        if (File.Exists(file))
        {
            var text = (await File.ReadAllTextAsync(file, cancel)).Trim();
            return text.Length == 64 && text.All(char.IsAsciiHexDigit) ? Convert.FromHexString(text)
                : throw new CommandFailure($"{file} does not hold 64 hexadecimal digits; restore it from where you keep it. Another key would mean other passwords.");
        }
        var root = RandomNumberGenerator.GetBytes(32);
        PrivateFiles.Folder(Path.GetDirectoryName(file)!);
        PrivateFiles.Write(file, Convert.ToHexStringLower(root) + "\n");
        await Console.Error.WriteLineAsync($"All passwords and keys of '{space}' follow from {file}. Keep it as you keep your other keys.");
        return root;
    }

    private static async Task<int> MakeInsideAsync(CancellationToken cancel)
    {
        if (!File.Exists(Path.Combine(InPod, "token")))
            throw new CommandFailure($"There is no {InPod}/token: --into-cluster is for a pod. See k8s/README.md.");
        var space = (await File.ReadAllTextAsync(Path.Combine(InPod, "namespace"), cancel)).Trim();
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy =
            new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.ImportFromPemFile(Path.Combine(InPod, "ca.crt"));
        using var api = new HttpClient(handler) { BaseAddress = new("https://kubernetes.default.svc/"), Timeout = TimeSpan.FromSeconds(30) };
        api.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(Path.Combine(InPod, "token"), cancel)).Trim());
        try
        {
            var made = await new ClusterSecrets(api, space).MakeAsync(cancel);
            Console.WriteLine(made.Count == 0
                ? $"All Secrets are in the namespace {space} already; nothing was changed."
                : $"Made in the namespace {space}: {string.Join(", ", made)}.");
            return 0;
        }
        catch (HttpRequestException e)
        {
            throw new CommandFailure($"The cluster's API does not answer at {api.BaseAddress}: {e.Message}");
        }
    }

    /// <summary>Of more than one word: whatever is meant to be an option is not taken for a host.</summary>
    [GeneratedRegex(@"^[a-z0-9-]+(\.[a-z0-9-]+)+(:[0-9]{1,5})?$")]
    private static partial Regex HostName();
}
