using Outdial.Providers;

namespace Outdial.AgentRouter.Accounts;

/// <summary>What the router needs to know of a provider account.</summary>
/// <param name="PublicAddress">Our public address (<c>CallbackBaseAddress</c>), with a slash at the end.</param>
/// <param name="AgentFlow">The flow that agents' lines run; null: the account opens no lines.</param>
/// <param name="AgentCallerId">The number of ours that agents see, E.164; null: a default one.</param>
/// <param name="AgentFlowWaits">The flow has the branch that waits and asks again; without it an empty answer ends the line.</param>
/// <param name="Zone">In which the provider's times are written.</param>
public sealed record AccountSetting(
    string Name, string Provider, Uri PublicAddress, string? AgentFlow, string? AgentCallerId, bool AgentFlowWaits, TimeZoneInfo Zone);

/// <summary>The accounts of section <c>Accounts</c>, by name.</summary>
public sealed class AccountSettings(IConfiguration configuration)
{
    private readonly Dictionary<string, AccountSetting> _accounts = configuration.GetSection("Accounts").GetChildren().ToDictionary(
        section => section.Key,
        section => new AccountSetting(
            section.Key,
            section.ProviderOf(),
            new Uri((section["CallbackBaseAddress"] ?? "http://localhost/").TrimEnd('/') + "/"),
            section["AgentFlow"],
            new NumberDoors(configuration).AgentCallerId(section, out _),
            section.GetValue("AgentFlowWaits", true),
            section.ZoneOf()));

    public IReadOnlyCollection<AccountSetting> All => _accounts.Values;

    public AccountSetting? Find(string name) => _accounts.GetValueOrDefault(name);
}
