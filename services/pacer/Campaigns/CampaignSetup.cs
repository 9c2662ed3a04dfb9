using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Outdial.Contracts;
using Outdial.Pacer.CallerIds;
using Outdial.Pacer.CallingHours;
using Outdial.Pacer.Data;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.Pacer.Campaigns;

/// <summary>Whether what a campaign is set up with can work, beyond what its form alone shows: told when it is made, changed or started.</summary>
internal sealed class CampaignSetup(
    PacerDbContext db, AccountSettings accounts, NumberDoors doors, IOptions<PacerOptions> options, TimeProvider clock)
{
    /// <summary>All that cannot work, field by field.</summary>
    /// <param name="changed">The fields that are new; null: all are.</param>
    public async Task<List<FieldProblem>> Check(Campaign campaign, IReadOnlySet<string>? changed, CancellationToken cancel)
    {
        List<FieldProblem> wrong = [];
        bool Is(params ReadOnlySpan<string> fields)
        {
            foreach (var field in fields)
            {
                if (changed?.Contains(field) != false)
                    return true;
            }
            return false;
        }

        var rules = campaign.Rules;
        if (Is("endsAt") && rules.EndsAt is { } end && end <= clock.GetUtcNow())
            wrong.Add(new("endsAt", $"{end:u}", $"an instant to come; it is {clock.GetUtcNow():u}"));
        if (Is("mode", "account") && CampaignModes.IsAgentFirst(campaign.Mode) && accounts.Find(campaign.Account) is { AgentFlow: null } account)
        {
            wrong.Add(new("mode", campaign.Mode,
                $"a mode without agents' lines, or an account with a flow for them: account '{account.Name}' has no AgentFlow"));
        }
        if (Is("window", "purpose", "timeZone", "account") && Lawful(campaign) is { } hours && !hours.Allow(rules.Window))
        {
            wrong.Add(new("window", $"{CallingWindowForm.Of(rules.Window)}",
                $"hours within {hours}, outside of which the regulator allows no {campaign.Purpose} calls"));
        }
        if (rules.CallerIds is { } only && Is("callerIds", "account", "purpose"))
            wrong.AddRange(await CheckCallerIds(campaign, only, cancel));
        return wrong;
    }

    /// <summary>The hours in which the law of the campaign's country allows its calls; null: any.</summary>
    public LawfulHours? Lawful(Campaign campaign) =>
        LawfulHours.Of(CampaignCountry.Of(campaign, doors), campaign.Purpose, options.Value.LawfulHours);

    /// <summary>Whether a campaign that is started now has something to say first; null: it has not.</summary>
    public async Task<string?> Notice(Guid campaign, CancellationToken cancel) =>
        await db.Leads.AnyAsync(l => l.CampaignId == campaign, cancel) ? null
            : "The campaign has no leads yet: it dials as soon as some are added, and does not complete before.";

    /// <summary>Why it may not be started; null: it may.</summary>
    public async Task<string?> WhyNotStart(Guid id, CancellationToken cancel)
    {
        var campaign = await db.Campaigns.AsNoTracking().SingleOrDefaultAsync(c => c.CorrelationId == id, cancel);
        return campaign is { State: CampaignStates.Draft or CampaignStates.Scheduled } ? await WhyNotStart(campaign, cancel) : null;
    }

    /// <summary>Why it would dial nobody if it were started, with what to change; null: nothing is known that keeps it from dialing.</summary>
    public async Task<string?> WhyNotStart(Campaign campaign, CancellationToken cancel)
    {
        if (campaign.Rules.EndsAt is { } end && end <= clock.GetUtcNow())
            return $"Its end, {end:u}, is past: change endsAt first.";
        if (Lawful(campaign) is { } hours && !hours.Allow(campaign.Rules.Window))
            return $"Its hours are not within {hours}, outside of which the regulator allows no {campaign.Purpose} calls: change window first.";
        if (accounts.Find(campaign.Account) is not { } account)
            return $"There is no provider account '{campaign.Account}' any more: configure it, or make the campaign for another.";
        if (CampaignModes.IsAgentFirst(campaign.Mode) ? account.AgentFlow is null : (campaign.Rules.Flow ?? account.Flow) is null)
        {
            return CampaignModes.IsAgentFirst(campaign.Mode)
                ? $"Account '{account.Name}' has no flow for agents' lines: set Accounts:{account.Name}:AgentFlow."
                : $"Neither the campaign nor account '{account.Name}' names a flow: change flow first.";
        }
        var numbers = await db.CallerIds.AsNoTracking().Where(c => c.Account == campaign.Account).ToListAsync(cancel);
        var chooser = new CallerIdChooser(numbers, new Dictionary<string, CallerIdUse>(), campaign.Purpose, campaign.Rules.CallerIds);
        return chooser.Choose(null) is null ? chooser.WhyNone().Text : null;
    }

    private async Task<IEnumerable<FieldProblem>> CheckCallerIds(Campaign campaign, IReadOnlyList<string> only, CancellationToken cancel)
    {
        if (only.Count == 0)
            return [new("callerIds", "[]", "at least one number of ours, or nothing for all that the account has")];
        var known = await db.CallerIds.AsNoTracking().Where(c => only.Contains(c.Number)).ToDictionaryAsync(c => c.Number, cancel);
        return only.Select((number, index) => (number, index)).Where(n => Expected(known.GetValueOrDefault(n.number), campaign) is not null)
            .Select(n => new FieldProblem($"callerIds[{n.index}]", n.number, Expected(known.GetValueOrDefault(n.number), campaign)!));
    }

    private static string? Expected(CallerId? number, Campaign campaign) => number switch
    {
        null => "a number of ours: this one is not registered; add it with PUT /api/v1/caller-ids first",
        _ when number.Account != campaign.Account => $"a number of account '{campaign.Account}': this one belongs to '{number.Account}'",
        { Enabled: false } => "a number that is switched on",
        _ when !number.Purposes.Contains(campaign.Purpose) =>
            $"a number that may be shown for the purpose {campaign.Purpose}: this one is for {string.Join(", ", number.Purposes)}",
        _ => null,
    };
}
