namespace Outdial.Simulator;

/// <summary>One use of one person's phone: a call, or a leg that a flow dialed.</summary>
/// <param name="EndedAt"><see cref="SimulatedCall.NotYet"/> while it lasts.</param>
/// <param name="CalledUs">The person called an own number: not the client's doing.</param>
public sealed record Contact(string Number, string Sid, DateTimeOffset From, DateTimeOffset EndedAt, bool IsAgent, bool CalledUs)
{
    public static IEnumerable<Contact> Of(IRecordedCall call)
    {
        var flow = call as FlowCall;
        yield return new Contact(
            call.Person, call.Sid, call.CreatedAt, call.EndsAt ?? SimulatedCall.NotYet, flow is { IsLine: true },
            flow is { Whose: FlowCallKind.Inbound });
        foreach (var leg in flow?.Legs ?? [])
            yield return new Contact(leg.Number, call.Sid, leg.DialedAt, leg.EndedAt ?? SimulatedCall.NotYet, leg.ToAgent, false);
    }

    /// <summary>Every contact that began while an earlier one with the same person lasted. Who calls us while being called is no fault.</summary>
    public static IEnumerable<Overlap> Overlaps(IEnumerable<Contact> contacts)
    {
        foreach (var person in contacts.GroupBy(c => c.Number))
        {
            Contact? longest = null;
            foreach (var contact in person.OrderBy(c => c.From))
            {
                if (longest is not null && longest.EndedAt > contact.From && !contact.CalledUs)
                    yield return new Overlap(person.Key, longest.Sid, contact.Sid);
                longest = longest is null || contact.EndedAt > longest.EndedAt ? contact : longest;
            }
        }
    }
}
