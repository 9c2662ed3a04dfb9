using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Data;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.Pacer.Campaigns;

/// <summary>Which campaigns a list is about: those to which all of it applies. Words of closed sets are checked before it is asked.</summary>
internal sealed record CampaignFilter
{
    [Description("A part of the name, in any case.")]
    [FromQuery(Name = "name")]
    public string? Name { get; init; }

    [Description("Only campaigns in this state, such as Running.")]
    [FromQuery(Name = "state"), OneOf(typeof(CampaignStates))]
    public string? State { get; init; }

    [Description("Only campaigns that dial so, such as power.")]
    [FromQuery(Name = "mode"), OneOf(typeof(CampaignModes))]
    public string? Mode { get; init; }

    [Description("Only campaigns of this provider account.")]
    [FromQuery(Name = "account")]
    public string? Account { get; init; }

    [Description("Made at this instant or later, with its offset: 2026-12-24T18:00:00Z.")]
    [FromQuery(Name = "from")]
    public QueryInstant? From { get; init; }

    [Description("Made before this instant.")]
    [FromQuery(Name = "to")]
    public QueryInstant? To { get; init; }

    [Description("true: archived ones only; left out: the others.")]
    [FromQuery(Name = "archived")]
    public bool? Archived { get; init; }

    public async Task<List<FieldProblem>> Check(PacerDbContext db, AccountSettings accounts, CancellationToken cancel)
    {
        List<FieldProblem> wrong = [];
        if (await db.UnknownAccount(Account, accounts, cancel) is { } unknown)
            wrong.Add(unknown);
        if (From?.Value >= To?.Value)
            wrong.Add(new("to", $"{To?.Value:u}", "an instant after from"));
        return wrong;
    }

    public IQueryable<Campaign> Of(PacerDbContext db)
    {
        var (from, to) = (From?.Value, To?.Value);
        var name = Name is null ? null : $"%{Literal(Name.Trim())}%";
        return db.Campaigns.AsNoTracking().Where(c => (State == null || c.State == State) && (Mode == null || c.Mode == Mode)
            && (Account == null || c.Account == Account) && (name == null || EF.Functions.ILike(c.Name, name, "\\"))
            && (from == null || c.CreatedAt >= from) && (to == null || c.CreatedAt < to)
            && db.Archived.Any(a => a.CampaignId == c.CorrelationId) == (Archived ?? false));
    }

    /// <summary>No letter of it means another.</summary>
    private static string Literal(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
}
