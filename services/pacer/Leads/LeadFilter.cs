using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Data;
using Outdial.Pacer.Waiting;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.Pacer.Leads;

/// <summary>Which leads a list is about: those to which all of it applies. Words of closed sets are checked before it is asked.</summary>
internal sealed record LeadFilter
{
    [Description("The whole number, in any form in which it may have been uploaded.")]
    [FromQuery(Name = "number")]
    public string? Number { get; init; }

    [Description("The id that the upload gave the lead.")]
    [FromQuery(Name = "externalId")]
    public string? ExternalId { get; init; }

    [Description("Only leads in this state, such as Waiting.")]
    [FromQuery(Name = "state"), OneOf(typeof(LeadStates))]
    public string? State { get; init; }

    [Description("Only leads whose last call ended so, such as NoAnswer.")]
    [FromQuery(Name = "outcome"), OneOf(typeof(Outcomes))]
    public string? Outcome { get; init; }

    [Description("Only leads with this reason, as it is shown with them, such as OutsideWindow.")]
    [FromQuery(Name = "reason"), OneOf(typeof(LeadReasons))]
    public string? Reason { get; init; }

    public List<FieldProblem> Check() =>
        Number is null || Numbers().Count > 0 ? [] : [new("number", Number, PhoneNumber.ExpectedAbroad)];

    /// <summary>Of one campaign, or of all.</summary>
    public async Task<IQueryable<Lead>> Of(
        PacerDbContext db, StandingLeads standing, Guid? campaign, DateTimeOffset now, CancellationToken cancel)
    {
        var numbers = Numbers();
        var leads = Reason is null ? db.Leads.AsNoTracking()
            : db.LeadsStanding(Reason, await standing.Zones(campaign, now, cancel), now).AsNoTracking();
        if (Reason is not null && LeadReasons.OfWaiting.Contains(Reason))
            leads = leads.Where(l => l.State == LeadStates.Waiting);
        if (campaign is not null)
            leads = leads.Where(l => l.CampaignId == campaign);
        if (Number is not null)
            leads = leads.Where(l => numbers.Contains(l.Number));
        if (ExternalId is not null)
            leads = leads.Where(l => l.ExternalId == ExternalId);
        if (State is not null)
            leads = leads.Where(l => l.State == State);
        return Outcome is null ? leads : leads.Where(l => l.LastOutcome == Outcome);
    }

    /// <summary>An upload, and each of its rows, may name a country of its own: whatever was read from what is written so is found.</summary>
    private List<string> Numbers() => FilterNames.Readings(Number);
}
