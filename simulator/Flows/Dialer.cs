using System.Globalization;
using Microsoft.Extensions.Options;

namespace Outdial.Simulator;

/// <summary>What a phone that is dialed will do, if nobody hangs up before.</summary>
/// <param name="leg">As it stands in its call.</param>
/// <param name="answersAt">null: it is not answered.</param>
/// <param name="endsAt">When it ends unanswered.</param>
/// <param name="ending">How.</param>
/// <param name="talk">Seconds the two would talk.</param>
public sealed class DialPlan(Leg leg, DateTimeOffset? answersAt, DateTimeOffset endsAt, Ending ending, int talk)
{
    public Leg Leg { get; set; } = leg;
    public DateTimeOffset? AnswersAt => answersAt;
    public DateTimeOffset EndsAt => endsAt;
    public Ending Ending => ending;
    public int Talk => talk;
}

/// <summary>Dials the phones of leads and agents for Connect. A phone in use is busy.</summary>
public sealed class Dialer(
    People people, NumberDirectory numbers, AgentRoster roster, Phones phones, CallBook book, FaultPlan faults, IOptions<SimulatorOptions> options)
{
    private const int ShortTalk = 3;

    public DialPlan Dial(FlowCall call, string number, ExoPhone callerId, int ringLimit, DateTimeOffset at)
    {
        var agent = roster.Find(number);
        var occasion = book.NextCall(number);
        var leg = call.Add(new Leg(
            0, number, callerId.Number, at, null, null, null, null, agent is not null ? number : call.IsLine ? call.Person : null, agent is not null,
            occasion)
        { ForwardedTo = ForwardedTo(number, agent, occasion) });
        var reaction = !phones.TryTake(number, new Phones.Use(call, leg.Index), at) ? Reaction.OnAnotherCall
            : agent is not null ? agent.React(options.Value.Seed, occasion, ringLimit, faults)
            : React(number, callerId, occasion, ringLimit, at);
        var over = at.AddSeconds(reaction.Setup + reaction.Ring);
        // Who calls us talks as long as they like; else the called person decides.
        var talk = agent is not null ? call.Reaction.Talk : reaction.Talk;
        return new DialPlan(leg, reaction.Ending == Ending.Answered ? over : null, over, reaction.Ending, talk > 0 ? talk : ShortTalk);
    }

    /// <summary>Puts the phone of a leg down.</summary>
    public void Free(FlowCall call, Leg leg)
    {
        if (phones.UseOf(leg.Number) is not { } use || !ReferenceEquals(use.Call, call) || use.LegIndex != leg.Index)
            return;   // it was busy with something else
        phones.Release(leg.Number, call);
        if (leg is { AnsweredAt: not null, EndedAt: { } end } && roster.Find(leg.Number) is { WrapUpSeconds: > 0 and var wrapUp })
            phones.WrapUp(leg.Number, end.AddSeconds(wrapUp));
    }

    /// <summary>What the provider names in place of a phone that is forwarded: another number, or none.</summary>
    private string? ForwardedTo(string number, AgentPhone? agent, int occasion)
    {
        if (agent?.ForwardedTo is { } set)
            return PhoneNumbers.TryRead(set, out var e164) ? e164 : "";
        if (!faults.Strikes(Fault.ForwardedPhone, number, occasion))
            return null;
        faults.Count(Fault.ForwardedPhone);
        var digits = Dice.Between(0, 99_999_999, options.Value.Seed, number, 0, "forwarded-to");
        return Dice.Roll(options.Value.Seed, number, occasion, "forwarded") < 0.5
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $"+9160{digits:D8}");
    }

    private Reaction React(string number, ExoPhone callerId, int occasion, int ringLimit, DateTimeOffset at)
    {
        var circle = numbers.Find(number)?.Circle;
        return people.React(new Ringing(
            number, occasion, circle, circle is not null && circle == callerId.Region, IndianTime.Local(at).Hour, ringLimit,
            ConnectRequest.MaxTimeLimit));
    }
}
