using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Outdial.Providers.Exotel;

/// <summary>Stops a start with a sentence that says which setting is wrong and why. Never repeats a key or token.</summary>
internal sealed class ExotelAccountsValidation : IValidateOptions<ExotelAccounts>
{
    public ValidateOptionsResult Validate(string? name, ExotelAccounts options)
    {
        var faults = options.ByName.SelectMany(account => Faults($"Accounts:{account.Key}", account.Value)).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(string section, ExotelAccount account)
    {
        foreach (var fault in AccountAddresses.Faults(section, account.BaseAddress, account.CallbackBaseAddress, account.AllowPrivateAddresses))
            yield return fault;
        foreach (var fault in AccountAddresses.FlowFaults(
            section, account.AllowPrivateAddresses, (nameof(account.Flow), account.Flow), (nameof(account.AgentFlow), account.AgentFlow)))
            yield return fault;
        if (string.IsNullOrWhiteSpace(account.AccountSid))
            yield return $"{section}:AccountSid is missing.";
        if (string.IsNullOrWhiteSpace(account.ApiKey))
            yield return $"{section}:ApiKey is missing.";
        if (string.IsNullOrWhiteSpace(account.ApiToken))
            yield return $"{section}:ApiToken is missing.";
        foreach (var asked in account.StatusCallbackEvents.Where(asked => asked is not ("terminal" or "answered" or "ringing")))
            yield return $"{section}:StatusCallbackEvents has \"{asked}\"; expected terminal, answered or ringing.";

        var broken = new List<ValidationResult>();
        Validator.TryValidateObject(account, new ValidationContext(account), broken, validateAllProperties: true);
        foreach (var fault in broken)
            yield return $"{section}: {fault.ErrorMessage}";
    }
}
