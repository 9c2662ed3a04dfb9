using System.ComponentModel;
using System.Linq.Expressions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Data;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.Pacer.Calls;

/// <summary>Which calls are asked for. What is left out filters nothing; all that is given holds at once.</summary>
internal sealed record CallFilter
{
    [Description("The campaign's id.")]
    [FromQuery(Name = "campaign")]
    public Guid? Campaign { get; init; }

    [Description("The lead's id.")]
    [FromQuery(Name = "lead")]
    public Guid? Lead { get; init; }

    [Description("A provider account by its name.")]
    [FromQuery(Name = "account")]
    public string? Account { get; init; }

    [Description("notification, triggered, progressive, preview or power.")]
    [FromQuery(Name = "mode"), OneOf(typeof(CallFilter), nameof(Modes))]
    public string? Mode { get; init; }

    [Description("Offered, Requested, Submitting, Submitted, Ringing, Answered, Queued, Connected or Ended.")]
    [FromQuery(Name = "state"), OneOf(typeof(CallFilter), nameof(States))]
    public string? State { get; init; }

    [Description("One of the outcomes, such as Completed.")]
    [FromQuery(Name = "outcome"), OneOf(typeof(Outcomes))]
    public string? Outcome { get; init; }

    [Description("The number that was called: +919825012345, or as it is written in its country.")]
    [FromQuery(Name = "number")]
    public string? Number { get; init; }

    [Description("The id that the upload gave the lead.")]
    [FromQuery(Name = "externalId")]
    public string? ExternalId { get; init; }

    [Description("The agent's id. Agents are not known here: one that there is not leaves an empty list.")]
    [FromQuery(Name = "agent")]
    public Guid? Agent { get; init; }

    [Description("What the agent said came of it: a code of the campaign.")]
    [FromQuery(Name = "disposition")]
    public string? Disposition { get; init; }

    [Description("The number of ours that was shown.")]
    [FromQuery(Name = "callerId")]
    public string? CallerId { get; init; }

    [Description("The circle of the called number, such as GJ.")]
    [FromQuery(Name = "circle")]
    public string? Circle { get; init; }

    [Description("Calls from this instant on, with its offset: 2026-12-24T18:00:00Z.")]
    [FromQuery(Name = "from")]
    public QueryInstant? From { get; init; }

    [Description("Calls before this instant.")]
    [FromQuery(Name = "to")]
    public QueryInstant? To { get; init; }

    [Description("Which instant of the call from and to are about: requested (left out) or ended.")]
    [FromQuery(Name = "by"), OneOf(typeof(CallFilter), nameof(Instants))]
    public string? By { get; init; }

    private const int LongestText = 200;

    internal static readonly string[] States =
        [CallStates.Offered, CallStates.Requested, Attempt.Submitting, CallStates.Submitted, CallStates.Ringing, CallStates.Answered,
            CallStates.Queued, CallStates.Connected, CallStates.Ended];

    private static readonly string[] Modes =
        [CampaignModes.Notification, CampaignModes.Triggered, CampaignModes.Progressive, CampaignModes.Preview, CampaignModes.Power];

    private static readonly string[] Instants = ["requested", "ended"];

    /// <summary>All that is wrong with it beyond the words of closed sets, which are checked before it is asked; null: nothing.</summary>
    public async Task<ProblemHttpResult?> Refusal(PacerDbContext db, AccountSettings accounts, CancellationToken cancel)
    {
        List<FieldProblem> wrong = [];
        void Must(bool holds, string field, string? value, string expected)
        {
            if (!holds)
                wrong.Add(new(field, value, expected));
        }

        Must(Number is null || Read(Number).Count > 0, "number", Number, PhoneNumber.ExpectedAbroad);
        Must(CallerId is null || Read(CallerId).Count > 0, "callerId", CallerId, PhoneNumber.ExpectedAbroad);
        foreach (var (field, text) in new[] { ("externalId", ExternalId), ("disposition", Disposition) })
            Must(text is not { Length: 0 or > LongestText }, field, $"{text?.Length} characters", $"1 to {LongestText} characters");
        Must(!(From?.Value >= To?.Value), "from", $"{From?.Value:u}", $"an instant before 'to' ({To?.Value:u})");
        Must(By is null || From is not null || To is not null, "by", By, "from or to beside it, or nothing");
        wrong.AddRange(new[]
        {
            await db.UnknownAccount(Account, accounts, cancel), await db.UnknownCampaign(Campaign, cancel), await db.UnknownCircle(Circle, cancel),
        }.OfType<FieldProblem>());
        Must(Lead is null || await db.Leads.AnyAsync(l => l.Id == Lead, cancel), "lead", $"{Lead}", "the id of a lead");
        return wrong.Count == 0 ? null : ApiProblem.Invalid(wrong);
    }

    /// <summary>The calls that it leaves, in no order yet. Of a filter that was not refused.</summary>
    public IQueryable<Attempt> Of(PacerDbContext db)
    {
        var calls = db.Attempts.AsNoTracking();
        void Where<T>(T? given, Expression<Func<Attempt, bool>> holds)
        {
            if (given is not null)
                calls = calls.Where(holds);
        }

        var (numbers, callerIds) = (Read(Number), Read(CallerId));
        var (from, to) = (From?.Value.ToUniversalTime(), To?.Value.ToUniversalTime());
        Where(Campaign, a => a.CampaignId == Campaign);
        Where(Lead, a => a.LeadId == Lead);
        Where(Account, a => a.Account == Account);
        Where(Mode, a => a.Mode == Mode);
        Where(State, a => a.State == State);
        Where(Outcome, a => a.Outcome == Outcome);
        Where(Number, a => numbers.Contains(a.Number));
        Where(ExternalId, a => db.Leads.Any(l => l.Id == a.LeadId && l.ExternalId == ExternalId));
        Where(Agent, a => a.AgentId == Agent);
        Where(Disposition, a => a.Disposition == Disposition);
        Where(CallerId, a => callerIds.Contains(a.CallerId));
        Where(Circle, a => a.Circle == Circle);
        Where(from, By == "ended" ? a => a.EndedAt >= from : a => a.RequestedAt >= from);
        Where(to, By == "ended" ? a => a.EndedAt < to : a => a.RequestedAt < to);
        return calls;
    }

    private static List<string> Read(string? number) => FilterNames.Readings(number);
}
