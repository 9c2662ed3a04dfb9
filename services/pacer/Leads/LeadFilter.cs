using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Data;
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

    [Description("Only leads with this reason, such as RedialDelay.")]
    [FromQuery(Name = "reason"), OneOf(typeof(LeadReasons))]
    public string? Reason { get; init; }

    public List<FieldProblem> Check() =>
        Number is null || Numbers().Count > 0 ? [] : [new("number", Number, PhoneNumber.ExpectedAbroad)];

    /// <summary>Of one campaign, or of all.</summary>
    public IQueryable<Lead> Of(PacerDbContext db, Guid? campaign)
    {
        var numbers = Numbers();
        var leads = db.Leads.AsNoTracking();
        if (campaign is not null)
            leads = leads.Where(l => l.CampaignId == campaign);
        if (Number is not null)
            leads = leads.Where(l => numbers.Contains(l.Number));
        if (ExternalId is not null)
            leads = leads.Where(l => l.ExternalId == ExternalId);
        if (State is not null)
            leads = leads.Where(l => l.State == State);
        if (Outcome is not null)
            leads = leads.Where(l => l.LastOutcome == Outcome);
        return Reason is null ? leads : leads.Where(l => l.Reason == Reason);
    }

    /// <summary>An upload, and each of its rows, may name a country of its own: whatever was read from what is written so is found.</summary>
    private List<string> Numbers() => FilterNames.Readings(Number);
}
