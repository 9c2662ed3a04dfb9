using System.ComponentModel.DataAnnotations;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Outdial.Contracts;
using Outdial.Pacer.Accounts;
using Outdial.Pacer.CallingHours;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Data;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Placing;
using Outdial.Pacer.Pulse;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.Pacer.SingleCalls;

/// <summary>One call, now.</summary>
internal sealed record TriggerRequest
{
    /// <summary>The number to call: E.164, or as it is written in the country of the account.</summary>
    [Required]
    public string? To { get; init; }

    /// <summary>What the call is for; caps, opt-outs and hours of the law go by it.</summary>
    [Required, OneOf(typeof(Purposes))]
    public string? Purpose { get; init; }

    /// <summary>The provider account over which it goes; left out: <c>default</c>.</summary>
    public string? Account { get; init; }
}

/// <summary>The answer to <see cref="TriggerRequest"/>: the lead that is called, as it was when it was made.</summary>
/// <param name="By">Who asked for it.</param>
/// <param name="Number">That is called, as it was read, E.164.</param>
internal sealed record TriggeredCall(
    Guid LeadId, Guid CampaignId, [OneOf(typeof(LeadStates))] string State, string Reason, string By, string? Number = null);

/// <summary>
/// Single calls go the way of every other: each is a lead of a standing campaign of its account and purpose, so that last look,
/// budget, ledger and trail hold for them unchanged.
/// </summary>
internal sealed class TriggeredCalls(
    PacerDbContext db, IOutbox<PacerDbContext> outbox, CallKeys keys, PulseSignal signal, AccountSettings accounts,
    WrittenNumbers written, IOptions<PacerOptions> options, TimeProvider clock)
{
    public async Task<IResult> Trigger(TriggerRequest request, string key, string by, CancellationToken cancel)
    {
        List<FieldProblem> wrong = [];
        if (!(await written.OfAccount(request.Account, cancel)).TryParseCallee(request.To, out var number, out var expected))
            wrong.Add(new("to", Masked.Text(request.To ?? ""), expected));
        if (request.Purpose is null || !Purposes.All.Contains(request.Purpose))
            wrong.Add(new("purpose", request.Purpose, $"one of {string.Join(", ", Purposes.All)}"));
        if (key.Length is 0 or > 200)
            wrong.Add(new("Idempotency-Key", key.Length == 0 ? null : $"{key.Length} characters",
                "a header of 1 to 200 characters that names this call; the same key never calls twice"));
        if (accounts.Find(request.Account ?? "default") is not { } account)
            wrong.Add(new("account", request.Account ?? "default",
                $"a configured provider account: {string.Join(", ", accounts.All.Select(a => a.Name))}"));
        else if (account.Flow is null)
            wrong.Add(new("account", account.Name, "an account with a default flow (Accounts:…:Flow)"));
        if (wrong.Count == 0 && Window(request.Purpose!).ZonesOf(number, clock.GetUtcNow()) is null)
            wrong.Add(new("to", Masked.Text(request.To!), "a number that tells in which time zone it is, or in which few"));
        if (wrong.Count > 0)
            return ApiProblem.Invalid([.. wrong]);

        var asked = new AskedCall(number!, request.Purpose!, request.Account ?? "default");
        if (await keys.Find(by, key, Forgotten, cancel) is { } used)
            return Answer(used, asked);
        var campaign = await Standing(asked.Account, asked.Purpose, cancel);
        // Null: another request took the key and its row was pruned since. Then it is free.
        CallKey? decided;
        while ((decided = await Take(asked, campaign, key, by, cancel) ?? await keys.Find(by, key, Forgotten, cancel)) is null)
        {
        }

        return Answer(decided, asked);
    }

    private DateTimeOffset Forgotten => clock.GetUtcNow() - options.Value.KeepCallKeys;

    /// <summary>The answer is the same as the first time, whatever became of the call since: that is at its address.</summary>
    private static IResult Answer(CallKey used, AskedCall asked) => used.DiffersFrom(asked) is { Count: > 0 } differs
        ? ApiProblem.Conflict("This Idempotency-Key was used for another call.", differs)
        : TypedResults.Accepted(
            $"/api/v1/leads/{used.LeadId}",
            new TriggeredCall(used.LeadId, used.CampaignId, LeadStates.Waiting, LeadReasons.InQueue, used.Owner, used.Number));

    /// <summary>Key, lead, look-up and the wish to be looked at now: all in one transaction, or nothing.</summary>
    /// <returns>Null when the key is used.</returns>
    private async Task<CallKey?> Take(AskedCall asked, Guid campaign, string key, string owner, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var taken = new CallKey
        {
            Owner = owner,
            Key = key,
            Number = asked.Number,
            Purpose = asked.Purpose,
            Account = asked.Account,
            CampaignId = campaign,
            LeadId = Guid.CreateVersion7(now),
            UsedAt = now,
        };
        if (!await keys.Take(taken, now - options.Value.KeepCallKeys, cancel))
            return null;
        if (!await db.AddSingleCall(taken, key, cancel))
        {
            // Another holder has a call under the same text, or this one had it so long ago that it is forgotten.
            if (await WithoutOwner(taken, cancel) is { } older)
                return older;
            await db.AddSingleCall(taken, $"{key} {taken.LeadId:N}", cancel);
        }

        if (!await db.Numbers.AnyAsync(n => n.Number == asked.Number && n.Status != null && n.ExpiresAt > now, cancel))
            await outbox.Publish(new EnrichNumbers { Account = asked.Account, Numbers = [asked.Number], Urgent = true }, cancel);
        await db.SaveChangesAsync(cancel);
        await db.LookAt(campaign, now, cancel);
        await transaction.CommitAsync(cancel);
        signal.Set();
        return taken;
    }

    /// <summary>
    /// A call that a version without owners of keys has taken, perhaps one that serves beside this one during an upgrade: it is anybody's.
    /// </summary>
    private async Task<CallKey?> WithoutOwner(CallKey taken, CancellationToken cancel)
    {
        var forgotten = taken.UsedAt - options.Value.KeepCallKeys;
        return await db.Leads.AsNoTracking()
            .Where(l => l.CampaignId == taken.CampaignId && l.IdempotencyKey == taken.Key && l.KeyOwner == null && l.ImportedAt > forgotten)
            .SingleOrDefaultAsync(cancel) is not { } lead ? null : new CallKey
            {
                Owner = taken.Owner,
                Key = taken.Key,
                Number = lead.Number,
                Purpose = taken.Purpose,
                Account = taken.Account,
                CampaignId = lead.CampaignId,
                LeadId = lead.Id,
                UsedAt = lead.ImportedAt,
            };
    }

    /// <summary>An alert about one's own money may come at night; everything else keeps to the calling hours.</summary>
    private static CallingWindow Window(string purpose) => purpose == Purposes.Transactional ? CallingWindow.Always : CallingWindow.Default;

    /// <summary>The standing campaign of an account and purpose; made when it is first needed.</summary>
    private async Task<Guid> Standing(string account, string purpose, CancellationToken cancel)
    {
        var known = await db.Campaigns.Where(c => c.Account == account && c.Purpose == purpose && c.Mode == CampaignModes.Triggered)
            .Select(c => (Guid?)c.CorrelationId).SingleOrDefaultAsync(cancel);
        if (known is { } id)
            return id;
        var now = clock.GetUtcNow();
        var rules = new CampaignRules
        {
            Window = Window(purpose),
            DndUnknown = purpose == Purposes.Promotional ? "hold" : "dial",
            MaxAttempts = 3,
            MaxAttemptsPerDay = 10,
            MinimumGap = TimeSpan.FromMinutes(1),
            // That a campaign's call reached no agent is no reason to keep an alert from its own account's holder.
            Redial = purpose != Purposes.Transactional ? CampaignRules.DefaultRedial : new Dictionary<string, RedialRule>(CampaignRules.DefaultRedial)
            {
                [Outcomes.Abandoned] = new(TimeSpan.FromMinutes(1), 1),
            },
        };
        await db.AddStanding(account, purpose, rules, now, cancel);

        var made = await db.Campaigns.Where(c => c.Account == account && c.Purpose == purpose && c.Mode == CampaignModes.Triggered)
            .Select(c => c.CorrelationId).SingleAsync(cancel);
        await db.BeginPulse(made, now, cancel);
        return made;
    }
}
