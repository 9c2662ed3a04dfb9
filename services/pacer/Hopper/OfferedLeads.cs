using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Calls;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Data;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Pulse;

namespace Outdial.Pacer.Hopper;

/// <summary>Puts together what a dialer and an agent's screen need of leads whose attempts were just written.</summary>
internal sealed class OfferedLeads(PacerDbContext db)
{
    /// <summary>Of the earlier attempts the newest so many are told.</summary>
    private const int MostEarlier = 20;

    /// <summary>A call-back that is due goes before every lead of the list.</summary>
    private const int CallBackPriority = int.MaxValue;

    public async Task<List<OfferedLead>> Of(
        Campaign campaign, IReadOnlyCollection<(PickedLead Picked, Attempt Attempt)> picked, DateTimeOffset now, CancellationToken cancel)
    {
        var earlier = await Earlier([.. picked.Select(p => p.Picked.Lead.Id)], cancel);
        return [.. picked.Select(p => Of(campaign, p.Picked, p.Attempt, [.. earlier[p.Picked.Lead.Id]], now))];
    }

    private async Task<ILookup<Guid, EarlierAttempt>> Earlier(Guid[] leads, CancellationToken cancel)
    {
        var attempts = await db.Attempts.AsNoTracking()
            .Where(a => leads.Contains(a.LeadId) && a.State == CallStates.Ended && AttemptStatements.WasCall(a.OfferedAt, a.Dialed))
            .OrderByDescending(a => a.RequestedAt)
            .Select(a => new { a.LeadId, a.RequestedAt, a.Outcome, a.TalkTime, a.AgentId, a.Disposition, a.Note }).ToListAsync(cancel);
        return attempts.GroupBy(a => a.LeadId).SelectMany(g => g.Take(MostEarlier)).ToLookup(a => a.LeadId, a => new EarlierAttempt
        {
            At = a.RequestedAt,
            Outcome = a.Outcome ?? Outcomes.Unknown,
            TalkTime = a.TalkTime,
            AgentId = a.AgentId,
            Disposition = a.Disposition,
            Note = a.Note,
        });
    }

    private static OfferedLead Of(Campaign campaign, PickedLead picked, Attempt attempt, IReadOnlyList<EarlierAttempt> earlier, DateTimeOffset now)
    {
        var lead = picked.Lead;
        return new()
        {
            AttemptId = attempt.CorrelationId,
            LeadId = lead.Id,
            AttemptNumber = attempt.AttemptNumber,
            Number = lead.Number,
            CallerId = attempt.CallerId,
            Circle = attempt.Circle,
            TimeZone = lead.TimeZone,
            Priority = lead.CallBackAt is null ? lead.Priority : CallBackPriority,
            DueAt = lead.DueAt,
            DialUntil = attempt.ExpiresAt,
            ExternalId = lead.ExternalId,
            Attributes = Attributes(lead),
            Earlier = earlier,
            AgentId = lead.PersonalUntil(campaign.Rules) is { } until && now < until ? lead.CallBackAgentId : null,
            CallBackNote = lead.CallBackNote,
        };
    }

    private static Dictionary<string, string> Attributes(Lead lead) =>
        JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(lead.Attributes, JsonSerializerOptions.Web)!
            .ToDictionary(a => a.Key, a => a.Value.ValueKind == JsonValueKind.String ? a.Value.GetString()! : a.Value.GetRawText());
}
