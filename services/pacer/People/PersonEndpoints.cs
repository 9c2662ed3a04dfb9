using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Outdial.Pacer.Calls;
using Outdial.Pacer.Data;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Suppressions;
using Outdial.Pacer.Waiting;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.Pacer.People;

/// <summary>All leads with one number are one person: caps, gaps and opt-outs hold over all of them.</summary>
internal static class PersonEndpoints
{
    private const int MostLeads = 500, MostCalls = 500;

    public static void MapPeople(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/people/{number}", Get).WithTags("Leads").RequireAuthorization(ApiPolicies.Read)
            .WithSummary("A person: every lead with the number, every call, every opt-out, in all campaigns");

    private static async Task<Results<Ok<PersonView>, ProblemHttpResult>> Get(
        string number, PacerDbContext db, AnybodysNumbers anybody, StandingLeads standing, TimeProvider clock, CancellationToken cancel)
    {
        var readings = await anybody.Find(NumberDoors.OfQuery(number), cancel);
        if (readings is not [var (e164, region)])
        {
            return ApiProblem.Invalid("number", Masked.Text(number),
                readings.Count > 1 ? NumberRegions.ExpectedOf(readings) : PhoneNumber.ExpectedAbroad);
        }
        var leads = await db.Leads.AsNoTracking().Where(l => l.Number == e164).OrderByDescending(l => l.Id).Take(MostLeads)
            .Join(db.Campaigns, l => l.CampaignId, c => c.CorrelationId, (l, c) => new { Lead = l, c.Name, c.State })
            .OrderByDescending(l => l.Lead.Id).ToListAsync(cancel);
        var views = await standing.Views(leads.ConvertAll(l => l.Lead), clock.GetUtcNow(), cancel);
        var calls = await db.Attempts.AsNoTracking().Where(a => a.Number == e164).OrderByDescending(a => a.RequestedAt).Take(MostCalls)
            .ToListAsync(cancel);
        // A person with more leads than are shown has calls of others, too.
        var dialed = calls.Select(a => a.LeadId).Distinct().ToArray();
        var named = await db.Leads.AsNoTracking().Where(l => dialed.Contains(l.Id) && l.ExternalId != null)
            .ToDictionaryAsync(l => l.Id, l => l.ExternalId, cancel);
        var known = await db.Numbers.AsNoTracking().SingleOrDefaultAsync(n => n.Number == e164, cancel);
        return TypedResults.Ok(new PersonView
        {
            Number = e164,
            Region = region ?? PhoneNumber.Region(e164),
            Circle = known?.Circle,
            Operator = known?.Operator,
            Dnd = known?.Dnd,
            Suppressions = await db.Suppressions.AsNoTracking().Where(s => s.Number == e164).OrderBy(s => s.CreatedAt).ToListAsync(cancel),
            Leads = [.. leads.Zip(views, (l, view) => new PersonsLead(l.Name, l.State, view))],
            Calls = calls.ConvertAll(call => CallView.Of(call, named.GetValueOrDefault(call.LeadId))),
        });
    }
}

/// <summary>What is known of a person in all campaigns.</summary>
internal sealed record PersonView
{
    /// <summary>E.164.</summary>
    public required string Number { get; init; }

    /// <summary>The country of the number, ISO 3166; null: none.</summary>
    public required string? Region { get; init; }

    public required string? Circle { get; init; }
    public required string? Operator { get; init; }

    /// <summary>On the do-not-disturb registry; null: not known.</summary>
    public required bool? Dnd { get; init; }

    /// <summary>Why and for what the person is not called.</summary>
    public required IReadOnlyList<Suppression> Suppressions { get; init; }

    /// <summary>Newest first, 500 at most.</summary>
    public required IReadOnlyList<PersonsLead> Leads { get; init; }

    /// <summary>Newest first, 500 at most; GET /calls has all.</summary>
    public required IReadOnlyList<CallView> Calls { get; init; }
}

/// <summary>A lead of the person, and the campaign that it is one of.</summary>
internal sealed record PersonsLead(string Campaign, string CampaignState, LeadView Lead);
