using Outdial.Contracts;

namespace Outdial.AgentRouter.Calls;

/// <summary>
/// Whose phone a provider's word is about. What it names is not always the number we gave: a phone was forwarded, the number is written in another
/// form, is masked, or is left out. Pure.
/// </summary>
internal static class WhosePhone
{
    /// <summary>Numbers that end alike so far are one phone, whose country code was left out or read wrongly.</summary>
    private const int SameEnd = 9;

    /// <summary>The one of these phones that a number names: as it is, else the only one that ends alike.</summary>
    public static OpenOffer? Named(IReadOnlyCollection<OpenOffer> offers, params ReadOnlySpan<string?> numbers)
    {
        foreach (var number in numbers)
        {
            if (number is not null && offers.FirstOrDefault(o => o.Offer.Phone == number) is { } exact)
                return exact;
        }
        foreach (var number in numbers)
        {
            if (number is not null && Only([.. offers.Where(o => IsAlike(o.Offer.Phone, number))]) is { } alike)
                return alike;
        }
        return null;
    }

    public static bool IsAlike(string phone, string number) =>
        phone == number
            || (phone.Length > SameEnd && number.Length >= SameEnd && number.AsSpan()[^SameEnd..].SequenceEqual(phone.AsSpan()[^SameEnd..]));

    /// <summary>
    /// The only one whose phone can have been picked up at an instant, where the word names none of them. Who was told to have rung in vain is not
    /// meant; of phones that ring one after the other the first that is left is, as long as it may ring: the end of its ringing would have been told.
    /// </summary>
    /// <param name="inOrderFor">How long each rings, where they ring one after the other; null: at once, or it is not known which rang.</param>
    public static OpenOffer? PickedUp(IReadOnlyCollection<OpenOffer> offers, DateTimeOffset at, TimeSpan? inOrderFor)
    {
        if (offers.Count <= 1)
            return offers.FirstOrDefault();
        List<OpenOffer> left = [.. offers.Where(o => o.Offer.ReleasedAt is not { } down || down > at).OrderBy(o => o.Offer.Place)];
        if (inOrderFor is { } ring && left is [var first, ..] && at <= first.Offer.AskedAt + ring * first.Offer.Place + SetUp)
            return first;
        return Only(left);
    }

    /// <summary>Between two phones that ring one after the other.</summary>
    private static readonly TimeSpan SetUp = TimeSpan.FromSeconds(5);

    /// <summary>Those whose phones the word does not tell to have rung in vain while another was picked up.</summary>
    public static List<OpenOffer> NotInVain(IReadOnlyCollection<OpenOffer> offers, DialEnded word)
    {
        if (word.Phones is not { } phones)
            return [.. offers];
        var inVain = phones.Where(p => p.Outcome != Outcomes.Completed).Select(p => Named(offers, p.Number)).ToHashSet();
        return [.. offers.Where(o => !inVain.Contains(o))];
    }

    /// <summary>Whether the end of a ringing says that the agent declined or did not pick up; the network's failures do not.</summary>
    /// <param name="outcome">One of <see cref="Outcomes"/>; null: nothing is told.</param>
    public static bool IsMiss(string? outcome) =>
        outcome is Outcomes.NoAnswer or Outcomes.Busy or Outcomes.Rejected or Outcomes.Unreachable or Outcomes.InvalidNumber
            or Outcomes.MachineAnswered;

    /// <summary>Whether this agent's phone was rung and not picked up, by the word of a dialing that reached nobody.</summary>
    public static bool IsMissedBy(OpenOffer offer, DialEnded word)
    {
        if (word.FromHungUp)
            return false;   // who knows whether it would have been picked up
        if (word.Phones is { Count: > 1 } phones)
        {
            var told = phones.Where(p => p.Number is { } number && IsAlike(offer.Offer.Phone, number)).Select(p => p.Outcome).FirstOrDefault();
            if (told is not null)
                return IsMiss(told);
        }
        return IsMiss(word.Outcome);
    }

    private static OpenOffer? Only(List<OpenOffer> offers) => offers is [var one] ? one : null;
}
