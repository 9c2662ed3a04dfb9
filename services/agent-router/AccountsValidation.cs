using Microsoft.Extensions.Options;
using Outdial.Providers;

namespace Outdial.AgentRouter;

/// <summary>Stops a start with a sentence about what of the accounts cannot be meant.</summary>
internal sealed class AccountsValidation(IConfiguration configuration) : IValidateOptions<RouterOptions>
{
    public ValidateOptionsResult Validate(string? name, RouterOptions options)
    {
        var faults = configuration.GetSection("Accounts").GetChildren().SelectMany(Faults).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(IConfigurationSection account)
    {
        foreach (var wrong in AccountSection.Faults(account))
            yield return wrong;
        var allowPrivate = bool.TryParse(account["AllowPrivateAddresses"], out var allowed) && allowed;
        // Left out, no address of ours is ever told to this account's provider by this service.
        if (account["CallbackBaseAddress"] is { } callbacks && AccountAddresses.CallbackFault(account.Path, callbacks, allowPrivate) is { } fault)
            yield return fault;
        foreach (var flow in AccountAddresses.FlowFaults(account.Path, allowPrivate, ("AgentFlow", account["AgentFlow"])))
            yield return flow;
    }
}
