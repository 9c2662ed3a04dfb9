using Outdial.Providers;

namespace Outdial.Pacer.Accounts;

/// <summary>What the pacer needs to know of a provider account; credentials stay with the provider's client.</summary>
/// <param name="CallbackBaseAddress">Our public address, with a slash at the end.</param>
/// <param name="Flow">What leads hear when the campaign names nothing else; at PortaSwitch the auto-attendant that leads to the queue.</param>
/// <param name="AgentFlow">The flow of agents' lines; null: there is none.</param>
/// <param name="AgentCallerId">The number of ours that agents see, E.164; null: a default one of the account.</param>
/// <param name="AllowPrivateAddresses">Addresses that only our own network knows will do.</param>
internal sealed record AccountSetting(
    string Name, string Provider, Uri CallbackBaseAddress, string? Flow, int CallsPerMinute, int MaxConcurrentCalls,
    string? AgentFlow = null, string? AgentCallerId = null, bool AllowPrivateAddresses = false)
{
    public const string PortaSwitch = "portaswitch";

    /// <summary>Answered leads wait in the provider's own queue, which rings the agents by itself.</summary>
    public bool KeepsQueue => Provider == PortaSwitch;
}

/// <summary>The accounts of section <c>Accounts</c>, by name.</summary>
internal sealed class AccountSettings(IConfiguration configuration)
{
    private readonly Dictionary<string, AccountSetting> _accounts = configuration.GetSection("Accounts").GetChildren().ToDictionary(
        section => section.Key,
        section => new AccountSetting(
            section.Key,
            section.ProviderOf(),
            new Uri((section["CallbackBaseAddress"] ?? "http://localhost/").TrimEnd('/') + "/"),
            section["Flow"] ?? section["AutoAttendantId"],
            section.GetValue("CallsPerMinute", AccountSection.CallsPerMinute),
            section.GetValue("MaxConcurrentCalls", AccountSection.MaxConcurrentCalls),
            section["AgentFlow"],
            new NumberDoors(configuration).AgentCallerId(section, out _),
            section.GetValue("AllowPrivateAddresses", false)));

    public IReadOnlyCollection<AccountSetting> All => _accounts.Values;

    public AccountSetting? Find(string name) => _accounts.GetValueOrDefault(name);

    /// <exception cref="KeyNotFoundException">No such account; the message lists those that exist.</exception>
    public AccountSetting Get(string name) => Find(name)
        ?? throw new KeyNotFoundException($"There is no provider account '{name}'; configured are: {string.Join(", ", _accounts.Keys)}.");
}
