using System.Diagnostics;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Outdial.Contracts;
using Outdial.Pacer.Accounts;
using Outdial.Pacer.Agents;
using Outdial.Pacer.Data;
using Outdial.Pacer.Telemetry;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.Pacer.Placing;

/// <summary>
/// Rings an agent and runs the agents' flow, once: the line's row is committed before the provider is asked, and who does not write it
/// does not ask. A second delivery, or one after a crash, answers with what the row knows. No transaction is held meanwhile.
/// </summary>
internal sealed class OpenAgentLineConsumer(
    PacerDbContext db, IOutbox<PacerDbContext> outbox, OriginateBudget budget, AccountHealth health, CallbackAddress callbacks,
    ITelephonyProviders providers, AccountSettings accounts, AgentLines lines, PacerMetrics metrics, IOptions<PacerOptions> options,
    TimeProvider clock,
    ILogger<OpenAgentLineConsumer> log) : IConsumer<OpenAgentLine>
{
    private static readonly TimeSpan RingTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AskRowAgain = TimeSpan.FromSeconds(1);

    public async Task Consume(ConsumeContext<OpenAgentLine> context)
    {
        var order = context.Message;
        var cancel = context.CancellationToken;
        if (await Find(order.LineId, cancel) is not null)
        {
            await TellAgain(order, cancel);
            return;
        }

        var (request, trouble) = await Prepare(order, cancel);
        trouble ??= await WaitForPlace(order, cancel) ?? await WaitForSlot(order, cancel);
        bool? ours = null;
        while (trouble is null && (ours = await ClaimPlace(order, cancel)) is null)
            trouble = await WaitForPlace(order, cancel);   // another call took the last place meanwhile
        if (trouble is not null)
            await GiveUp(order, trouble, cancel);
        else if (ours == true)
            await Ask(order, request!, cancel);
        else
            await TellAgain(order, cancel);
    }

    /// <summary>Waits until the account has a place for one more call; what stands against it otherwise.</summary>
    private async Task<string?> WaitForPlace(OpenAgentLine order, CancellationToken cancel)
    {
        var most = accounts.Get(order.Account).MaxConcurrentCalls;
        while (await OpenCalls(order.Account, cancel) >= most)
        {
            if (clock.GetUtcNow() + AskRowAgain >= order.ExpiresAt)
                return $"all {most} concurrent calls of the account are in use";
            await Task.Delay(AskRowAgain, clock, cancel);
        }
        return null;
    }

    private async Task<int> OpenCalls(string account, CancellationToken cancel) =>
        await db.Attempts.CountAsync(a => a.Account == account && a.State != CallStates.Ended && a.State != CallStates.Offered, cancel)
            + await lines.Open(account, clock.GetUtcNow(), cancel);

    /// <summary>
    /// Writes the line's row when the account has a place for it, looked at by one at a time, as the pulses do. True: the line is ours to open;
    /// false: another delivery's; null: the account is full.
    /// </summary>
    private async Task<bool?> ClaimPlace(OpenAgentLine order, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await db.LockAccount(order.Account, cancel);
        if (await OpenCalls(order.Account, cancel) >= accounts.Get(order.Account).MaxConcurrentCalls)
            return null;
        var ours = await db.TryAddLine(order, AgentLineStates.Submitting, null, clock.GetUtcNow(), cancel);
        await transaction.CommitAsync(cancel);
        return ours;
    }

    /// <summary>The request, or what is missing for it.</summary>
    private async Task<(OriginateRequest? Request, string? Trouble)> Prepare(OpenAgentLine order, CancellationToken cancel)
    {
        if (accounts.Find(order.Account) is not { } account)
            return (null, $"there is no provider account '{order.Account}'");
        if ((order.Flow ?? account.AgentFlow) is not { Length: > 0 } flow)
            return (null, $"the account has no flow for agents' lines: set Accounts:{account.Name}:AgentFlow");
        var callerId = order.CallerId ?? account.AgentCallerId ?? await db.CallerIds.Where(c => c.Account == account.Name && c.Enabled)
            .OrderByDescending(c => c.IsDefault).ThenBy(c => c.Circle != null).ThenBy(c => c.Number).Select(c => c.Number)
                .FirstOrDefaultAsync(cancel);
        return callerId is null
            ? (null, $"no number of ours can be shown to the agent: set Accounts:{account.Name}:AgentCallerId, or add a default caller ID")
            : (new(order.LineId, order.AgentNumber, callerId, flow, callbacks.LineOf(order.LineId, account.Name), RingTimeout,
                Echo: callbacks.EchoOf(order.LineId, account.Name)), null);
    }

    /// <summary>Waits until the account may be asked; what stands against it otherwise.</summary>
    private async Task<string?> WaitForSlot(OpenAgentLine order, CancellationToken cancel)
    {
        var blocked = await db.Accounts.AsNoTracking().SingleOrDefaultAsync(a => a.Name == order.Account, cancel);
        if (blocked?.BlockedUntil >= order.ExpiresAt)
            return $"the account is not used before {blocked.BlockedUntil:u}: {blocked.BlockedReason}";
        await WaitUntil(blocked?.BlockedUntil, cancel);
        if (await budget.Reserve(order.Account, accounts.Get(order.Account).CallsPerMinute, order.ExpiresAt, cancel) is not { } slot)
            return "no slot of the account's calls-per-minute budget before the line expired";
        await WaitUntil(slot, cancel);
        return clock.GetUtcNow() < order.ExpiresAt ? null : "the line expired before it was opened";
    }

    private Task WaitUntil(DateTimeOffset? instant, CancellationToken cancel) =>
        instant - clock.GetUtcNow() is { } wait && wait > TimeSpan.Zero ? Task.Delay(wait, clock, cancel) : Task.CompletedTask;

    private Task<AgentLine?> Find(Guid line, CancellationToken cancel) =>
        db.AgentLines.AsNoTracking().SingleOrDefaultAsync(l => l.LineId == line, cancel);

    private async Task GiveUp(OpenAgentLine order, string why, CancellationToken cancel)
    {
        if (await db.TryAddLine(order, AgentLineStates.Failed, why, clock.GetUtcNow(), cancel))
            log.LineNotOpened(order.LineId, why);
        await TellAgain(order, cancel);
    }

    private async Task Ask(OpenAgentLine order, OriginateRequest request, CancellationToken cancel)
    {
        var asked = Stopwatch.GetTimestamp();
        // Not the bus' token: a request on its way is seen through when the process stops.
        var result = await providers.Get(order.Account).OriginateAsync(request, CancellationToken.None);
        metrics.Originated(order.Account, result, Stopwatch.GetElapsedTime(asked));
        await health.Report(order.Account, result, clock.GetUtcNow(), cancel);

        var line = await db.AgentLines.SingleAsync(l => l.LineId == order.LineId, cancel);
        (string State, string? ProviderCallId, string? Reason) told = result switch
        {
            OriginateResult.Accepted accepted => (AgentLineStates.Opened, accepted.ProviderCallId, null),
            OriginateResult.Refused refused => (AgentLineStates.Failed, null, refused.Reason),
            OriginateResult.Uncertain uncertain => (AgentLineStates.Uncertain, null, uncertain.Reason),
            _ => throw new UnreachableException(),
        };
        (line.State, line.ProviderCallId, line.Reason) = told;
        if (line.State != AgentLineStates.Opened)
            log.LineNotOpened(line.LineId, line.Reason!);
        await Tell(line, cancel);
    }

    /// <summary>
    /// Another delivery may be asking the provider right now, or have died while it did. Its answer is waited for; when it does not come,
    /// nobody knows whether the phone rings.
    /// </summary>
    private async Task TellAgain(OpenAgentLine order, CancellationToken cancel)
    {
        var line = (await Find(order.LineId, cancel))!;
        while (line.State == AgentLineStates.Submitting && clock.GetUtcNow() < line.SubmittedAt + options.Value.AnswerDeadline)
        {
            await Task.Delay(AskRowAgain, clock, cancel);
            line = (await Find(order.LineId, cancel))!;
        }

        if (line.State == AgentLineStates.Submitting)
        {
            const string why = "the process that opened the line did not live to tell";
            await db.DoubtLine(line.LineId, why, cancel);
            line = (await Find(order.LineId, cancel))!;
        }

        await Tell(line, cancel);
    }

    private async Task Tell(AgentLine line, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (line is { State: AgentLineStates.Opened, ProviderCallId: { } id })
        {
            await outbox.Publish(new AgentLineOpened
            {
                EventId = Guid.CreateVersion7(now),
                LineId = line.LineId,
                Account = line.Account,
                ProviderCallId = id,
                OccurredAt = now,
            }, cancel);
        }
        else
        {
            await outbox.Publish(new AgentLineFailed
            {
                EventId = Guid.CreateVersion7(now),
                LineId = line.LineId,
                Account = line.Account,
                Reason = line.Reason ?? "not known",
                Certain = line.State == AgentLineStates.Failed,
                OccurredAt = now,
            }, cancel);
        }

        await db.SaveChangesAsync(cancel);
    }
}

internal sealed class OpenAgentLineConsumerDefinition : IssuerDefinition<OpenAgentLineConsumer>
{
    public OpenAgentLineConsumerDefinition(IOptions<PacerOptions> options) : base(options) => EndpointName = "pacer-open-agent-line";
}
