using Outdial.Pacer.Accounts;
using Outdial.Platform;

namespace Outdial.Pacer.Calls;

/// <summary>The address that a provider reports an attempt to. It carries the attempt's signed, expiring token.</summary>
public sealed class CallbackAddress(CallbackTokens tokens, AccountSettings accounts, TimeProvider clock)
{
    /// <summary>The longest call (4 h), the provider's retries, and a margin.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromHours(24);

    public Uri StatusOf(Guid attemptId, string account, string? traceParent)
    {
        var token = tokens.Issue(new CallbackClaims(attemptId, account, clock.GetUtcNow() + Life, traceParent));
        var settings = accounts.Get(account);
        return new Uri(settings.CallbackBaseAddress, $"webhooks/{settings.Provider}/{token}/status");
    }
}
