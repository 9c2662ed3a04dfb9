using System.Diagnostics.CodeAnalysis;
using Outdial.Cli.Processes;

namespace Outdial.Cli.Demo;

/// <summary>
/// The account of a real provider, from the environment. Any server that speaks Exotel will do: the base address is
/// configuration like the rest.
/// </summary>
public sealed record ExotelEnvironment(
    Uri BaseAddress, string AccountSid, string ApiKey, string ApiToken, string Flow, Uri CallbackAddress, Uri Listen)
{
    private const string Prefix = "OUTDIAL_EXOTEL_";

    /// <summary>Where the host serves when nothing else is said: the callback address has to lead there.</summary>
    public const string DefaultListen = "http://127.0.0.1:5080/";

    private static readonly (string Name, string Meaning)[] Variables =
    [
        ("BASE_ADDRESS", "where the provider's API is, such as https://api.exotel.com/"),
        ("ACCOUNT_SID", "the account's SID, which is part of every path"),
        ("API_KEY", "the API key, user name of the Basic authentication"),
        ("API_TOKEN", "the API token, password of the Basic authentication"),
        ("FLOW", "the flow that a call runs: its URL, or its number"),
        ("CALLBACK_ADDRESS", "the public address at which the provider reaches this machine, such as https://calls.example.com/"),
    ];

    /// <exception cref="CommandFailure">Variables are missing or cannot be read; the message names each of them.</exception>
    public static ExotelEnvironment Read(Func<string, string?> variable)
    {
        var problems = Variables
            .Where(v => string.IsNullOrWhiteSpace(variable(Prefix + v.Name)))
            .Select(v => $"  {Prefix}{v.Name} is not set: {v.Meaning}")
            .ToList();
        var baseAddress = Address("BASE_ADDRESS");
        var callbackAddress = Address("CALLBACK_ADDRESS");
        var listen = Address("LISTEN") ?? new Uri(DefaultListen);
        if (listen.Scheme != Uri.UriSchemeHttp || listen.AbsolutePath != "/")
            problems.Add($"  {Prefix}LISTEN is '{listen}': expected an http address without a path, such as {DefaultListen}; TLS is for what stands in front");
        if (variable(Prefix + "FLOW")?.Trim() is { Length: > 0 } flow && !flow.All(char.IsAsciiDigit) && !IsHttp(flow, out _))
            problems.Add($"  {Prefix}FLOW is '{flow}': expected the flow's number such as 926, or its address http://my.exotel.com/SID/exoml/start_voice/926");
        if (variable(Prefix + "ACCOUNT_SID")?.Trim() is { Length: > 0 } sid && !sid.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            problems.Add($"  {Prefix}ACCOUNT_SID is '{sid}': expected letters, digits, hyphens and underscores");

        if (problems.Count > 0)
            throw new CommandFailure("--provider exotel takes the account from the environment:\n" + string.Join('\n', problems));
        return new(baseAddress!, Value("ACCOUNT_SID"), Value("API_KEY"), Value("API_TOKEN"), Value("FLOW"), callbackAddress!, listen);

        string Value(string name) => variable(Prefix + name)!.Trim();

        Uri? Address(string name)
        {
            var text = variable(Prefix + name);
            if (string.IsNullOrWhiteSpace(text))
                return null;
            if (IsHttp(text.Trim().TrimEnd('/') + "/", out var address))
                return address;
            problems.Add($"  {Prefix}{name} is '{text}': expected an http or https address");
            return null;
        }

        static bool IsHttp(string text, [NotNullWhen(true)] out Uri? address) =>
            Uri.TryCreate(text, UriKind.Absolute, out address) && address.Scheme is "http" or "https";
    }

    /// <summary>The environment variables that give the host this account under the name <c>default</c>.</summary>
    public IReadOnlyDictionary<string, string> Account() => new Dictionary<string, string>
    {
        ["Accounts__default__Provider"] = "exotel",
        ["Accounts__default__BaseAddress"] = BaseAddress.ToString(),
        ["Accounts__default__AccountSid"] = AccountSid,
        ["Accounts__default__ApiKey"] = ApiKey,
        ["Accounts__default__ApiToken"] = ApiToken,
        ["Accounts__default__Flow"] = Flow,
        ["Accounts__default__CallbackBaseAddress"] = CallbackAddress.ToString(),
        // A provider on this machine reaches us on this machine. Any other has to be told a public address.
        ["Accounts__default__AllowPrivateAddresses"] = BaseAddress.IsLoopback ? "true" : "false",
    };
}
