using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Outdial.Contracts;
using Outdial.Pacer.Accounts;
using Outdial.Pacer.Data;
using Outdial.Pacer.Telemetry;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.Pacer.Placing;

/// <summary>
/// Keeps what the provider's answers say about the account: throttled, out of credit, or failing again and again. While an
/// account is blocked nothing is dialed over it.
/// </summary>
internal sealed class AccountHealth(PacerDbContext db, IOptions<PacerOptions> options, ILogger<AccountHealth> log)
{
    /// <summary>Too fast: nothing is dialed for a moment. No reason to pause campaigns.</summary>
    private const string Throttled = "Throttled";

    public async Task Report(string account, OriginateResult result, DateTimeOffset now, CancellationToken cancel)
    {
        var settings = options.Value;
        switch (result)
        {
            case OriginateResult.Refused { AccountTrouble: true } refused:
                await Block(account, PauseReasons.ProviderDown, now + settings.ProviderDownFor, refused.Reason, cancel);
                break;
            case OriginateResult.Refused { StatusCode: 429 } refused:
                await Block(account, Throttled, now + (refused.RetryAfter ?? TimeSpan.FromSeconds(10)), "the provider throttles us (429)", cancel);
                break;
            case OriginateResult.Uncertain or OriginateResult.Refused { LeadKeepsTry: true }:
                await CountFailure(account, now, cancel);
                break;
            default:
                await db.ForgetFailures(account, cancel);
                break;
        }
    }

    private async Task CountFailure(string account, DateTimeOffset now, CancellationToken cancel)
    {
        var settings = options.Value;
        var until = now + settings.ProviderDownFor;
        if (!await db.TryCountFailure(account, settings.ProviderDownAfter, cancel))
            await Block(account, PauseReasons.ProviderDown, until, $"{Counted.Of(settings.ProviderDownAfter, "request")} in a row failed", cancel);
    }

    private async Task Block(string account, string code, DateTimeOffset until, string reason, CancellationToken cancel)
    {
        log.AccountBlocked(account, until, reason);
        await db.Block(account, code, until, reason, cancel);

    }
}
