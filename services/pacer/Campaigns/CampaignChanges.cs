using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Outdial.Contracts;
using Outdial.Pacer.CallingHours;
using Outdial.Pacer.Data;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Pulse;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.Pacer.Campaigns;

/// <summary>
/// What people change of a campaign after it was made. Its row is locked meanwhile, as its saga locks it, so that pulses, advice and people take
/// turns; what is new holds from the next decision on.
/// </summary>
internal sealed class CampaignChanges(
    PacerDbContext db, IOutbox<PacerDbContext> outbox, CampaignJournal journal, CampaignSetup setup, AccountSettings accounts, WrittenNumbers written,
    NumberDoors doors, IOptions<JsonOptions> json)
{
    /// <summary>What a campaign is, once it was started: attempts, reports and agents go by it.</summary>
    private static readonly string[] Identity = ["mode", "purpose", "account"];

    /// <summary>Rules by which a lead is looked at before it is dialed.</summary>
    private static readonly string[] OfLook = ["window", "timeZone", "endsAt", "callerIds", "dnd", "dndUnknown", "redial", "maxAttemptsPerDay", "minimumGap"];

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private readonly JsonSerializerOptions _json = new(json.Value.SerializerOptions)
    {
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>Changes what the patch names.</summary>
    /// <param name="ifMatch">The revision that whoever asks has seen, as <c>ETag</c> named it; null: whichever holds.</param>
    /// <returns>The campaign as it is now, or why it was not changed.</returns>
    public async Task<(Campaign? Campaign, ProblemHttpResult? Problem)> Change(
        Guid id, JsonObject patch, string? ifMatch, string by, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await db.LockCampaign(id, cancel) is not { } campaign)
            return (null, ApiProblem.NotFound("campaign", id));
        var revision = await db.RevisionOf(id, cancel);
        if (ifMatch is not null && ifMatch != "*" && ifMatch != CampaignHistories.ETag(revision))
        {
            return (null, ApiProblem.Of(StatusCodes.Status412PreconditionFailed,
                $"The campaign was changed meanwhile: its ETag is {CampaignHistories.ETag(revision)}, and If-Match says {ifMatch}. Read it again."));
        }
        if (campaign.Mode == CampaignModes.Triggered)
            return (null, ApiProblem.Conflict("The standing campaign of single calls is not changed."));

        var before = Document(campaign);
        if (await Apply(campaign, before, patch, cancel) is { } problem)
            return (null, problem);
        var changes = MergePatch.Differences(before, Document(campaign));
        if (changes.Count == 0)
            return (campaign, null);
        var now = journal.Now;
        campaign.Version++;
        db.Revisions.Add(new()
        {
            CampaignId = id,
            Revision = revision + 1,
            At = now,
            By = by,
            Changes = JsonSerializer.Serialize(changes, JsonSerializerOptions.Web),
        });
        await journal.Write(campaign, "changed", $"Changed by {by}: {string.Join(", ", changes.Select(Words))}");
        await Tell(campaign, by, now, cancel);
        // What waits in the agents' hopper was looked at by the rules before.
        if (CampaignModes.IsAgentFirst(campaign.Mode) && changes.Exists(change => OfLook.Contains(change.Field.Split('.')[0])))
            await outbox.Publish(new ReturnLeads { CampaignId = id, Reason = "the campaign's rules were changed" }, cancel);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        // It holds, whoever is still there to hear it.
        await LookAtHeld(campaign, changes, CancellationToken.None);
        return (campaign, null);
    }

    /// <summary>A scheduled campaign is a draft again.</summary>
    public Task<ProblemHttpResult?> Unschedule(Guid id, string by, CancellationToken cancel) => Alter(id, async campaign =>
    {
        if (campaign.State != CampaignStates.Scheduled)
            return ApiProblem.Conflict($"The campaign is not scheduled (state: {campaign.State}).");
        (campaign.State, campaign.ScheduledFor) = (CampaignStates.Draft, null);
        await journal.Write(campaign, "unscheduled", $"Taken off the schedule by {by}");
        return null;
    }, cancel);

    /// <summary>Lists leave it out from now on.</summary>
    public Task<ProblemHttpResult?> Archive(Guid id, string by, CancellationToken cancel) => Alter(id, async campaign =>
    {
        if (!campaign.IsOver && campaign.State != CampaignStates.Draft)
            return ApiProblem.Conflict($"A campaign that is {campaign.State} is not archived: stop it first.");
        if (await db.Archived.AnyAsync(a => a.CampaignId == id, cancel))
            return null;
        db.Archived.Add(new() { CampaignId = id, At = journal.Now, By = by });
        await journal.Write(campaign, "archived", $"Archived by {by}");
        return null;
    }, cancel);

    public Task<ProblemHttpResult?> Unarchive(Guid id, string by, CancellationToken cancel) => Alter(id, async campaign =>
    {
        if (await db.Archived.Where(a => a.CampaignId == id).ExecuteDeleteAsync(cancel) > 0)
            await journal.Write(campaign, "unarchived", $"Taken out of the archive by {by}");
        return null;
    }, cancel);

    /// <summary>A campaign that never dialed is gone with its leads.</summary>
    public async Task<ProblemHttpResult?> Delete(Guid id, string by, CancellationToken cancel)
    {
        db.Database.SetCommandTimeout(Longest);   // a list of a million
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await db.LockCampaign(id, cancel) is not { } campaign)
            return ApiProblem.NotFound("campaign", id);
        if (!campaign.IsOver && campaign.State != CampaignStates.Draft)
            return ApiProblem.Conflict($"A campaign that is {campaign.State} is not deleted: stop it, or take it off the schedule first.");
        if (await db.HasRunningImport(id, cancel))
            return ApiProblem.Conflict("Leads are being uploaded to the campaign: wait for the end of the upload.");
        if (await db.Attempts.AnyAsync(a => a.CampaignId == id, cancel))
            return ApiProblem.Conflict("The campaign has dialed: its calls are kept. Archive it instead.");
        campaign.Version++;
        campaign.State = CampaignStates.Stopped;   // whoever keeps a copy has nothing to do with it any more
        await Tell(campaign, by, journal.Now, cancel);
        await db.SaveChangesAsync(cancel);
        await db.DeleteCampaign(id, cancel);
        await transaction.CommitAsync(cancel);
        return null;
    }

    private async Task<ProblemHttpResult?> Alter(Guid id, Func<Campaign, Task<ProblemHttpResult?>> alter, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await db.LockCampaign(id, cancel) is not { } campaign)
            return ApiProblem.NotFound("campaign", id);
        if (await alter(campaign) is { } problem)
            return problem;
        campaign.Version++;
        if (AgentCampaign.Of(campaign, journal.Now) is { } told)
            await outbox.Publish(told with { Version = campaign.Version }, cancel);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return null;
    }

    private async Task<ProblemHttpResult?> Apply(Campaign campaign, JsonObject before, JsonObject patch, CancellationToken cancel)
    {
        var merged = before.DeepClone().AsObject();
        var unknown = MergePatch.Apply(merged, patch);
        bool Names(string field) => patch.Any(p => p.Key.Equals(field, StringComparison.OrdinalIgnoreCase));
        merged["mode"] ??= CampaignModes.Notification;
        merged["account"] ??= "default";
        ForMode(merged, patch, campaign.Mode);
        if (!JsonNode.DeepEquals(before["purpose"], merged["purpose"]) && !Names("dndUnknown"))
            merged["dndUnknown"] = null;   // its default is the purpose's
        if (campaign.IsOver && patch.All(p => p.Key.Equals("name", StringComparison.OrdinalIgnoreCase)))
            return Rename(campaign, merged["name"]);
        // The values that cannot be read are the patch's own, and stand in it where they stand in the whole.
        var unread = StrictBody.Wrong(JsonSerializer.SerializeToElement(merged), typeof(CampaignRequest), _json);
        if (unknown.Count + unread.Count > 0)
            return ApiProblem.Invalid([.. unknown, .. unread]);
        var request = merged.Deserialize<CampaignRequest>(_json)!;

        if (campaign.IsOver && patch.Any(p => !p.Key.Equals("name", StringComparison.OrdinalIgnoreCase)))
            return ApiProblem.Conflict($"The campaign is {campaign.State}: nothing but its name is changed. Copy it to dial with other rules.");
        if (campaign.State != CampaignStates.Draft
            && Identity.Where(field => !JsonNode.DeepEquals(before[field], merged[field])).ToList() is [_, ..] fixedOnes)
        {
            return ApiProblem.Invalid([.. fixedOnes.Select(field => new FieldProblem(
                field, merged[field]?.ToString(), $"what it is ({before[field]}): it cannot be changed once the campaign was started; copy the campaign"))]);
        }

        var where = CallingZones.TryFind(request.TimeZone, out var zone) ? Countries.OfZone(zone) : null;
        var regions = (await written.OfAccount(request.Account, cancel)).And(where);
        if (request.Check(accounts, regions) is { Count: > 0 } wrong)
            return ApiProblem.Invalid([.. wrong]);
        var (old, sameAccount) = (campaign.Rules, request.Account == campaign.Account);
        campaign.Name = request.Name!.Trim();
        (campaign.Mode, campaign.Purpose, campaign.Account) = (request.Mode!, request.Purpose!, request.Account!);
        var rules = request.Rules(regions, doors.Zone(request.Account));
        campaign.Rules = Names("timeZone") || !sameAccount ? rules : rules with { TimeZone = old.TimeZone, TimeZoneNamed = old.TimeZoneNamed };
        if (request.Window is null && setup.Lawful(campaign)?.Cut(campaign.Rules.Window) is { } lawful)
            campaign.Rules = campaign.Rules with { Window = lawful };   // as of one that is made without
        var changed = MergePatch.Differences(before, Document(campaign)).Select(change => change.Field.Split('.')[0]).ToHashSet();
        return await setup.Check(campaign, changed, cancel) is { Count: > 0 } impossible ? ApiProblem.Invalid([.. impossible]) : null;
    }

    /// <summary>Of one that is over nothing else is looked at: its account may be gone, and what it went by may be allowed no more.</summary>
    private static ProblemHttpResult? Rename(Campaign campaign, JsonNode? name)
    {
        var text = name is JsonValue value && value.TryGetValue<string>(out var given) ? given : null;
        if (!CampaignRequest.IsName(text))
            return ApiProblem.Invalid("name", text ?? name?.ToJsonString(), CampaignRequest.ExpectedName);
        campaign.Name = text!.Trim();
        return null;
    }

    /// <summary>Another mode leaves behind what only the one before had, unless the change itself names it.</summary>
    private static void ForMode(JsonObject merged, JsonObject patch, string mode)
    {
        if (merged["mode"]?.ToString() is not { } wanted || wanted == mode)
            return;
        if (!CampaignModes.HasAgents(wanted) && !patch.ContainsKey("agents"))
            merged["agents"] = null;
        else if (wanted != CampaignModes.Power && merged["agents"] is JsonObject agents && (patch["agents"] as JsonObject)?.ContainsKey("ratio") != true)
            agents["ratio"] = null;
    }

    private JsonObject Document(Campaign campaign) => JsonSerializer.SerializeToNode(CampaignRequest.Of(campaign), _json)!.AsObject();

    private async Task Tell(Campaign campaign, string by, DateTimeOffset now, CancellationToken cancel)
    {
        if (AgentCampaign.Of(campaign, now) is { } told)
            await outbox.Publish(told with { Version = campaign.Version }, cancel);
        if (campaign.StartedAt is null)
            return;   // whoever reports on it hears of it by its start
        await outbox.Publish(new CampaignChanged
        {
            EventId = Guid.CreateVersion7(now),
            CampaignId = campaign.CorrelationId,
            Name = campaign.Name,
            CompletionFloor = campaign.Rules.Completion.Floor,
            CompletionWindow = campaign.Rules.Completion.Window,
            Skill = campaign.Rules.Agents?.Skill,
            By = by,
            OccurredAt = now,
        }, cancel);
    }

    /// <summary>Leads that a rule held back which is another now are looked at anew.</summary>
    private async Task LookAtHeld(Campaign campaign, List<FieldChange> changes, CancellationToken cancel)
    {
        string[] reasons =
        [
            .. changes.SelectMany(change => change.Field.Split('.')[0] switch
            {
                "window" or "timeZone" => [LeadReasons.OutsideWindow, LeadReasons.LawfulHours, LeadReasons.ZoneUnknown],
                "maxAttemptsPerDay" => [LeadReasons.DailyCap],
                "minimumGap" => [LeadReasons.MinimumGap],
                "redial" => [LeadReasons.CoolDown, LeadReasons.OutsideWindow],
                "purpose" => [LeadReasons.NoCallerId, LeadReasons.LawfulHours],
                "callerIds" or "account" => [LeadReasons.NoCallerId],
                "dnd" or "dndUnknown" => [LeadReasons.DndUnknown],
                "agents" => [LeadReasons.AwaitingAgent],
                _ => Array.Empty<string>(),
            }).Distinct(),
        ];
        while (reasons.Length > 0 && await db.LookAtHeldLeads(campaign.CorrelationId, reasons, journal.Now, cancel) > 0)
        {
        }
        if (reasons.Length > 0)
            await db.LookAt(campaign.CorrelationId, journal.Now, cancel);
    }

    /// <summary>Numbers of ours are counted: the trail carries none.</summary>
    private static string Words(FieldChange change) => change.Field == "callerIds"
        ? $"callerIds {Count(change.From)} → {Count(change.To)}"
        : $"{change.Field} {change.From ?? "nothing"} → {change.To ?? "nothing"}";

    private static string Count(string? numbers) =>
        numbers is null ? "all of the account" : $"{JsonNode.Parse(numbers)!.AsArray().Count} of ours";
}
