using Outdial.Pacer.Calls;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.Pacer.Placing;

/// <summary>The address that a provider reports an attempt or an agent's line to. It carries their signed, expiring token.</summary>
internal sealed class CallbackAddress(CallbackTokens tokens, CallbackEchoes echoes, AccountSettings accounts, TimeProvider clock)
{
    /// <summary>The longest call (4 h), the provider's retries, and a margin.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromHours(24);

    /// <summary>The address that the provider reports an agent's line to.</summary>
    public Uri LineOf(Guid lineId, string account) => Of(CallbackPurpose.Line, lineId, account, null, "line");

    public Uri StatusOf(Guid attemptId, string account, string? traceParent) =>
        Of(CallbackPurpose.Attempt, attemptId, account, traceParent, KindOf(accounts.Get(account).Provider));

    /// <summary>What the provider sends back in the middle of the call of this attempt or line.</summary>
    public string EchoOf(Guid id, string account) => echoes.Of(id, account);

    private Uri Of(CallbackPurpose purpose, Guid id, string account, string? traceParent, string kind)
    {
        var token = tokens.Issue(new CallbackClaims(purpose, id, account, clock.GetUtcNow() + Life, traceParent));
        var settings = accounts.Get(account);
        return new Uri(settings.PublicAddress, $"webhooks/{settings.Provider}/{token}/{kind}");
    }

    /// <summary>The kind of webhook in which the provider reports a call's events.</summary>
    private static string KindOf(string provider) => provider == "portaswitch" ? "events" : "status";
}
