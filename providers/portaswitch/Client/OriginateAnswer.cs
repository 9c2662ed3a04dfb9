using Outdial.Contracts;
using Outdial.Providers.PortaSwitch.Words;

namespace Outdial.Providers.PortaSwitch.Client;

/// <summary>
/// What the answer to originate_advanced_call means. A fault whose name shows that the request was turned away is a refusal; one
/// that could come after the call was set up (internal error, time-out, a name nobody knows) is uncertain.
/// </summary>
internal static class OriginateAnswer
{
    /// <summary>The provider names no time to wait.</summary>
    public static readonly TimeSpan DefaultRetryAfter = TimeSpan.FromSeconds(10);

    public static OriginateResult Read(PortaReply reply, PortaSwitchFields fields)
    {
        if (reply.Succeeded)
        {
            var call = reply.Body?.Text(fields.CallId) ?? reply.Body?.Text(fields.TrackingId);
            return call is null
                ? new OriginateResult.Uncertain("The provider accepted, and its answer names no call.", reply.Status)
                : new OriginateResult.Accepted(call.Length > 128 ? call[..128] : call, null);
        }
        if (reply.SessionRefused)
            return Trouble("The provider refused our session twice.", reply);
        return reply.FaultCode is { } fault ? OfFault(fault, reply) : OfStatus(reply);
    }

    private static OriginateResult OfFault(string fault, PortaReply reply)
    {
        var reason = fault[(fault.LastIndexOf('.') + 1)..].ToLowerInvariant();
        var named = $"The provider refused the request ({fault}).";
        if (Has("rate", "too_many", "limit_exceeded", "throttl", "overload"))
            return Refused(Outcomes.ProviderError, "The provider's rate or call limit is reached.", reply, keeps: true, after: reply.RetryAfter ?? DefaultRetryAfter);
        if (Has("timeout", "internal", "unavailable", "unknown"))
            return new OriginateResult.Uncertain($"The provider failed ({fault}); the call may have been placed.", reply.Status);
        if (Has("callee", "destination", "invalid_number", "wrong_number"))
            return Has("barred", "blocked", "forbidden", "denied", "not_allowed")
                ? Refused(Outcomes.Barred, "The provider does not carry calls to this number.", reply)
                : Refused(Outcomes.InvalidNumber, "The provider says the number is not valid.", reply);
        if (Has("denied", "permission", "forbidden", "not_allowed", "suspended", "blocked", "credit", "balance", "funds", "bill_id", "caller_id", "account"))
            return Trouble($"The provider denies calls of this account ({fault}).", reply);
        // Turned away before anything was done, by its name.
        if (fault.StartsWith("Client", StringComparison.OrdinalIgnoreCase)
            || Has("invalid", "validation", "missing", "required", "wrong", "not_found", "not_exist"))
            return Refused(Outcomes.ProviderError, named, reply);
        return new OriginateResult.Uncertain($"The provider failed ({fault}); the call may have been placed.", reply.Status);

        bool Has(params ReadOnlySpan<string> words)
        {
            foreach (var word in words)
            {
                if (reason.Contains(word, StringComparison.Ordinal))
                    return true;
            }
            return false;
        }
    }

    private static OriginateResult OfStatus(PortaReply reply) => reply.Status switch
    {
        400 => Refused(Outcomes.ProviderError, "The provider refused the request without a reason.", reply),
        402 or 403 => Trouble("The provider denies access.", reply),
        404 => Trouble("The provider knows no such path; the base address may be wrong.", reply),
        429 => Refused(Outcomes.ProviderError, "The provider's rate limit is reached.", reply, keeps: true, after: reply.RetryAfter ?? DefaultRetryAfter),
        >= 300 and < 400 => Trouble("The provider redirects; the base address is wrong.", reply),
        _ => new OriginateResult.Uncertain($"The provider answered {reply.Status}; the call may have been placed.", reply.Status),
    };

    private static OriginateResult.Refused Trouble(string reason, PortaReply reply) =>
        new(Outcomes.ProviderError, reason, reply.Status, reply.RetryAfter, LeadKeepsTry: true, AccountTrouble: true);

    private static OriginateResult.Refused Refused(string outcome, string reason, PortaReply reply, bool keeps = false, TimeSpan? after = null) =>
        new(outcome, reason, reply.Status, after ?? reply.RetryAfter, LeadKeepsTry: keeps, AccountTrouble: false);
}
