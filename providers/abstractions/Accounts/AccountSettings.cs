using Microsoft.Extensions.Configuration;

namespace Outdial.Providers;

/// <summary>What the services need to know of a provider account; credentials stay with the provider's client.</summary>
public sealed record AccountSetting
{
    public required string Name { get; init; }

    /// <summary>The provider's word.</summary>
    public required string Provider { get; init; }

    /// <summary>Our public address (<c>CallbackBaseAddress</c>), with a slash at the end.</summary>
    public required Uri PublicAddress { get; init; }

    /// <summary>What leads hear when the campaign names nothing else; at PortaSwitch the auto-attendant that leads to the queue.</summary>
    public string? Flow { get; init; }

    /// <summary>The flow that agents' lines run; null: the account opens no lines.</summary>
    public string? AgentFlow { get; init; }

    /// <summary>The number of ours that agents see, E.164; null: a default one of the account.</summary>
    public string? AgentCallerId { get; init; }

    /// <summary>The flow has the branch that waits and asks again; without it an empty answer ends the line.</summary>
    public bool AgentFlowWaits { get; init; } = true;

    /// <summary>Addresses that only our own network knows will do.</summary>
    public bool AllowPrivateAddresses { get; init; }

    public int CallsPerMinute { get; init; } = AccountSection.CallsPerMinute;
    public int MaxConcurrentCalls { get; init; } = AccountSection.MaxConcurrentCalls;

    /// <summary>In which the provider's times are written.</summary>
    public required TimeZoneInfo Zone { get; init; }

    /// <summary>Answered leads wait in the provider's own queue, which rings the agents by itself.</summary>
    public bool KeepsQueue => Provider == AccountSection.PortaSwitch;
}

/// <summary>The accounts of section <c>Accounts</c>, by name. Only after validation.</summary>
public sealed class AccountSettings
{
    private readonly Dictionary<string, AccountSetting> _accounts;

    public AccountSettings(IConfiguration configuration)
    {
        var doors = new NumberDoors(configuration);
        _accounts = configuration.GetSection("Accounts").GetChildren().ToDictionary(section => section.Key, section => new AccountSetting
        {
            Name = section.Key,
            Provider = section.ProviderOf(),
            PublicAddress = new Uri((section["CallbackBaseAddress"] ?? "http://localhost/").TrimEnd('/') + "/"),
            Flow = section["Flow"] ?? section["AutoAttendantId"],
            AgentFlow = section["AgentFlow"],
            AgentCallerId = doors.AgentCallerId(section, out _),
            AgentFlowWaits = section.GetValue("AgentFlowWaits", true),
            AllowPrivateAddresses = section.GetValue("AllowPrivateAddresses", false),
            CallsPerMinute = section.GetValue("CallsPerMinute", AccountSection.CallsPerMinute),
            MaxConcurrentCalls = section.GetValue("MaxConcurrentCalls", AccountSection.MaxConcurrentCalls),
            Zone = section.ZoneOf(),
        });
    }

    public IReadOnlyCollection<AccountSetting> All => _accounts.Values;

    public AccountSetting? Find(string name) => _accounts.GetValueOrDefault(name);

    /// <exception cref="KeyNotFoundException">No such account; the message lists those that exist.</exception>
    public AccountSetting Get(string name) => Find(name)
        ?? throw new KeyNotFoundException($"There is no provider account '{name}'; configured are: {string.Join(", ", _accounts.Keys)}.");
}
