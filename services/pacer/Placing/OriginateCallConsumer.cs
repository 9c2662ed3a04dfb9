using System.Diagnostics;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Outdial.Contracts;
using Outdial.Pacer.Accounts;
using Outdial.Pacer.Calls;
using Outdial.Pacer.Data;
using Outdial.Pacer.Telemetry;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.Pacer.Placing;

/// <summary>
/// Places one attempt: waits for a slot of the account's budget, flips the row from Requested to Submitting, and only then asks
/// the provider, once. A second delivery, or a restart in between, finds the row flipped and does not ask again; the
/// reconciler finds out what became of it. No transaction is held while the provider is asked.
/// </summary>
internal sealed class OriginateCallConsumer(
    PacerDbContext db, IOutbox<PacerDbContext> outbox, OriginateBudget budget, AccountHealth health, CallbackAddress callbacks,
    ITelephonyProviders providers, AccountSettings accounts, PacerMetrics metrics, IOptions<PacerOptions> options, TimeProvider clock,
    ILogger<OriginateCallConsumer> log) : IConsumer<OriginateCall>
{
    public async Task Consume(ConsumeContext<OriginateCall> context)
    {
        var order = context.Message;
        var cancel = context.CancellationToken;
        var call = await db.Attempts.AsNoTracking().SingleOrDefaultAsync(a => a.CorrelationId == order.AttemptId, cancel);
        if (call is null || call.State == CallStates.Ended || (call.State != CallStates.Requested && options.Value.PlaceOnce))
            return;

        using var activity = PacerMetrics.Activity.StartOf("place call", ActivityKind.Client, call.TraceParent, TimeSpan.Zero);
        activity?.SetTag(CallTrace.Attempt, call.CorrelationId).SetTag(CallTrace.Campaign, call.CampaignId).SetTag(CallTrace.Lead, call.LeadId)
            .SetTag(CallTrace.Account, call.Account);
        if (activity is not null && call.AttemptNumber > 1)
            activity.LinkTo(await db.TraceOfTryBefore(call.LeadId, call.AttemptNumber, cancel));
        if (await budget.Reserve(call.Account, accounts.Get(call.Account).CallsPerMinute, order.ExpiresAt, cancel) is not { } slot)
        {
            await Drop(call, "no slot of the account's calls-per-minute budget before the attempt expired", cancel);
            return;
        }

        if (slot - clock.GetUtcNow() is var wait && wait > TimeSpan.Zero)
            await Task.Delay(wait, clock, cancel);
        var flipped = clock.GetUtcNow();
        if (!await db.TrySubmit(call.CorrelationId, flipped + options.Value.AnswerDeadline, !options.Value.PlaceOnce, flipped, cancel))
        {
            await Drop(call, await db.WhyNotSubmitted(call.CorrelationId, flipped, cancel), cancel);
            return;
        }

        // A process that stood still since then may be past the moment when the attempt is held to be never placed: then it must
        // not be placed any more.
        if (clock.GetUtcNow() - flipped > options.Value.AnswerDeadline / 2)
        {
            await Store(call, new OriginateResult.Uncertain("this process stood still before it could ask the provider", null), cancel);
            return;
        }

        var asked = Stopwatch.GetTimestamp();
        // Not the bus' token: a request on its way is seen through when the process stops.
        var result = await providers.Get(call.Account).OriginateAsync(Request(call), CancellationToken.None);
        activity?.SetTag(CallTrace.Outcome, result.GetType().Name.ToLowerInvariant());
        metrics.Originated(call.Account, result, Stopwatch.GetElapsedTime(asked));
        await Store(call, result, cancel);
    }

    private OriginateRequest Request(Attempt call) => new(
        call.CorrelationId, call.Number, call.CallerId, call.Flow,
        callbacks.StatusOf(call.CorrelationId, call.Account, call.TraceParent), call.RingTimeout, call.TimeLimit,
        callbacks.EchoOf(call.CorrelationId, call.Account));

    private async Task Drop(Attempt call, string why, CancellationToken cancel)
    {
        // Another delivery of the same order may be asking the provider right now: then this is not ours to drop.
        if (!await db.TryWithdraw(call.CorrelationId, cancel))
            return;
        log.AttemptDropped(call.CorrelationId, why);
        await Tell(call.Canceled(why, clock.GetUtcNow()), cancel);
    }

    private async Task Store(Attempt call, OriginateResult result, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await health.Report(call.Account, result, now, cancel);
        switch (result)
        {
            case OriginateResult.Accepted accepted:
                await Tell(call.Originated(accepted.ProviderCallId, now, now), cancel);
                break;
            case OriginateResult.Refused refused:
                log.CallRefused(call.CorrelationId, refused.StatusCode, refused.Reason);
                await Tell(call.Refused(refused, now), cancel);
                break;
            case OriginateResult.Uncertain uncertain:
                log.CallUncertain(call.CorrelationId, uncertain.Reason);
                await Tell(call.Uncertain(uncertain.Reason, now), cancel);
                break;
        }
    }

    private async Task Tell<T>(T said, CancellationToken cancel) where T : class
    {
        await outbox.Publish(said, cancel);
        await db.SaveChangesAsync(cancel);
    }
}

internal sealed class OriginateCallConsumerDefinition(IOptions<PacerOptions> options) : IssuerDefinition<OriginateCallConsumer>(options);
