using Outdial.Pacer.CallerIds;
using Outdial.Pacer.CallingHours;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Pacing;

namespace Outdial.Pacer.Pulse;

/// <summary>
/// Whether leads that are due may be called at one instant, lead by lead in the order of dialing: the last look, then the agent of a personal
/// call-back, then the number of ours to be seen. Whoever asks goes by this: the pulse that writes attempts, and people who ask why a lead waits.
/// </summary>
/// <param name="agents">The agents at work, for whom personal call-backs wait; null: the campaign has none.</param>
internal sealed class LeadLooks(
    CampaignRules rules, CampaignHours hours, CallerIdChooser chooser, IReadOnlySet<Guid>? agents, TimeSpan circleWait, DateTimeOffset now)
{
    private static readonly TimeSpan LookForAgentAgain = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LookForRoomAgain = TimeSpan.FromSeconds(30), LookForNumbersAgain = TimeSpan.FromMinutes(1);

    private readonly HashSet<string> _taken = [];

    /// <param name="triesBefore">As <see cref="PulseQueries.TriesBefore"/> tells.</param>
    /// <param name="callerId">What the lead sees; null unless it may be dialed.</param>
    public LookVerdict At(Lead lead, NumberFacts number, Dictionary<Guid, int> triesBefore, out CallerId? callerId)
    {
        callerId = null;
        var facts = number.ForLead(lead, hours.Law(lead.TimeZone, lead.Number), triesBefore.GetValueOrDefault(lead.Id), circleWait) with
        {
            PersonBusy = number.PersonBusy || _taken.Contains(lead.Number),
        };
        var verdict = LastLook.Check(facts, rules, now);
        if (verdict is not LookVerdict.Dial)
            return verdict;
        if (lead.PersonalUntil(rules) is { } until && now < until && agents?.Contains(lead.CallBackAgentId!.Value) == false)
        {
            var again = now + LookForAgentAgain;
            return new LookVerdict.Hold(LeadReasons.AwaitingAgent,
                $"The agent who promised the call-back is not at work; anyone may dial it from {until:u}.", again < until ? again : until);
        }

        callerId = chooser.Choose(number.Circle);
        if (callerId is not null)
            return verdict;
        var (why, passes) = chooser.WhyNone();
        return new LookVerdict.Hold(LeadReasons.NoCallerId, why, now + (passes ? LookForRoomAgain : LookForNumbersAgain));
    }

    /// <summary>The lead is dialed with this number: neither the person nor the number's room is there for another.</summary>
    public void Take(Lead lead, CallerId callerId)
    {
        _taken.Add(lead.Number);
        chooser.Take(callerId);
    }
}
