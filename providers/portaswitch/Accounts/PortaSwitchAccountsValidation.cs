using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Outdial.Providers.PortaSwitch;

/// <summary>Stops a start with a sentence that says which setting is wrong and why. Never repeats a password or token.</summary>
internal sealed class PortaSwitchAccountsValidation : IValidateOptions<PortaSwitchAccounts>
{
    public ValidateOptionsResult Validate(string? name, PortaSwitchAccounts options)
    {
        var faults = options.ByName.SelectMany(account => Faults($"Accounts:{account.Key}", account.Value)).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(string section, PortaSwitchAccount account)
    {
        foreach (var fault in AccountAddresses.Faults(section, account.BaseAddress, account.CallbackBaseAddress, account.AllowPrivateAddresses))
            yield return fault;
        if (string.IsNullOrWhiteSpace(account.Login))
            yield return $"{section}:Login is missing.";
        if (string.IsNullOrWhiteSpace(account.Password) == string.IsNullOrWhiteSpace(account.Token))
            yield return $"{section} needs either Password or Token, and not both.";
        if (string.IsNullOrWhiteSpace(account.AutoAttendantId))
            yield return $"{section}:AutoAttendantId is missing: the ID of the auto-attendant account that sends calls to the call queue.";
        if (string.IsNullOrWhiteSpace(account.CustomerId))
            yield return $"{section}:CustomerId is missing: the customer (i_customer) whose active calls are listed.";
        if (account.NumberForm is not ("digits" or "plus"))
            yield return $"{section}:NumberForm is \"{account.NumberForm}\"; expected digits or plus.";
        foreach (var (field, path) in new[] { ("State", account.Fields.State), ("CallId", account.Fields.CallId), ("TrackingId", account.Fields.TrackingId) })
        {
            if (string.IsNullOrWhiteSpace(path))
                yield return $"{section}:Fields:{field} is empty; an event cannot be understood without it.";
        }

        var broken = new List<ValidationResult>();
        Validator.TryValidateObject(account, new ValidationContext(account), broken, validateAllProperties: true);
        foreach (var fault in broken)
            yield return $"{section}: {fault.ErrorMessage}";
    }
}
