using Microsoft.EntityFrameworkCore;
using Npgsql;
using Outdial.Contracts;
using Outdial.Pacer.Accounts;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Data;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Windows;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.Pacer.Calls;

/// <summary>One call, now.</summary>
public sealed record TriggerRequest
{
    /// <summary>The number to call; Indian forms or E.164.</summary>
    public string? To { get; init; }

    /// <summary>One of <see cref="Purposes"/>.</summary>
    public string? Purpose { get; init; }

    /// <summary>Left out: <c>default</c>.</summary>
    public string? Account { get; init; }
}

/// <summary>
/// Single calls go the way of every other: each is a lead of a standing campaign of its account and purpose, so that last look,
/// budget, ledger and trail hold for them unchanged.
/// </summary>
internal sealed class TriggeredCalls(PacerDbContext db, AccountSettings accounts, TimeProvider clock)
{
    public async Task<IResult> Trigger(TriggerRequest request, string key, string by, CancellationToken cancel)
    {
        List<FieldProblem> wrong = [];
        if (!PhoneNumber.TryParse(request.To, "IN", out var number, out var expected))
            wrong.Add(new("to", Masked.Text(request.To ?? ""), expected));
        if (request.Purpose is null || !Purposes.All.Contains(request.Purpose))
            wrong.Add(new("purpose", request.Purpose, $"one of {string.Join(", ", Purposes.All)}"));
        if (key.Length is 0 or > 200)
            wrong.Add(new("Idempotency-Key", key.Length == 0 ? null : $"{key.Length} characters", "a header of 1 to 200 characters that names this call; the same key never calls twice"));
        if (accounts.Find(request.Account ?? "default") is not { } account)
            wrong.Add(new("account", request.Account ?? "default", $"a configured provider account: {string.Join(", ", accounts.All.Select(a => a.Name))}"));
        else if (account.Flow is null)
            wrong.Add(new("account", account.Name, "an account with a default flow (Accounts:…:Flow)"));
        if (wrong.Count > 0)
            return ApiProblem.Invalid([.. wrong]);

        var campaign = await Standing(request.Account ?? "default", request.Purpose!, cancel);
        var lead = await Find(campaign, key, cancel) ?? await Add(campaign, number, key, cancel);
        if (lead.Number != number)
            return ApiProblem.Conflict("This Idempotency-Key was used for another number.");
        return TypedResults.Accepted($"/api/v1/leads/{lead.Id}", new { leadId = lead.Id, campaignId = campaign, lead.State, lead.Reason, by });
    }

    private Task<Lead?> Find(Guid campaign, string key, CancellationToken cancel) =>
        db.Leads.AsNoTracking().SingleOrDefaultAsync(l => l.CampaignId == campaign && l.IdempotencyKey == key, cancel);

    private async Task<Lead> Add(Guid campaign, string number, string key, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var lead = Lead.ForSingleCall(campaign, number, PhoneNumber.DefaultTimeZone(number) ?? "Asia/Kolkata", key, now);
        db.Leads.Add(lead);
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            db.Entry(lead).State = EntityState.Detached;
            return await db.Leads.AsNoTracking().SingleAsync(l => l.CampaignId == campaign && l.IdempotencyKey == key, cancel);
        }

        await db.Database.ExecuteSqlAsync($"update campaign_pulses set next_at = {now} where campaign_id = {campaign}", cancel);
        return lead;
    }

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
            // An alert about one's own money may come at night; everything else keeps to the calling hours.
            Window = purpose == Purposes.Transactional ? CallingWindow.Always : CallingWindow.Default,
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
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into campaigns (id, name, mode, purpose, account, state, rules, created_at, created_by, started_at)
            values ({Guid.CreateVersion7(now)}, {$"Single calls, {purpose}"}, {CampaignModes.Triggered}, {purpose}, {account}, {CampaignStates.Running},
              {System.Text.Json.JsonSerializer.Serialize(rules, System.Text.Json.JsonSerializerOptions.Web)}::jsonb, {now}, 'platform', {now})
            on conflict do nothing
            """, cancel);
        var made = await db.Campaigns.Where(c => c.Account == account && c.Purpose == purpose && c.Mode == CampaignModes.Triggered)
            .Select(c => c.CorrelationId).SingleAsync(cancel);
        await db.Database.ExecuteSqlAsync(
            $"insert into campaign_pulses (campaign_id, next_at) values ({made}, {now}) on conflict do nothing", cancel);
        return made;
    }
}
