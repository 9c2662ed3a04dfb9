namespace Outdial.AgentRouter.Calls.Lines;

/// <summary>What is known of the lead that a line was given last.</summary>
/// <param name="Number">E.164.</param>
/// <param name="IsOver">Nothing more will happen on the phone.</param>
/// <param name="AskedAt">When the line asked that got it, by the provider's clock.</param>
/// <param name="AskedAfter">Whom the line named as dialed last when it asked that got it, E.164; null: nobody.</param>
/// <param name="LastWord">The newest word that it was really dialed, by the provider's clock; null: none.</param>
internal sealed record LeadAtHand(string Number, bool IsOver, DateTimeOffset AskedAt, DateTimeOffset? LastWord, string? AskedAfter = null);

/// <summary>Decides whether a line that asks again is to have the same lead, or the next. Pure.</summary>
internal static class LineAsks
{
    /// <param name="sameWithin">So long a line that asks without a word of any dialing gets the same lead.</param>
    /// <returns>True: the same lead. False: the lead at hand, if any, is over.</returns>
    public static bool SameLead(LeadAtHand? lead, DialWhomRequest request, TimeSpan sameWithin) =>
        lead switch
        {
            null or { IsOver: true } => false,
            _ when request.LastDialed == lead.Number => false,
            _ when request.AskedAt <= lead.AskedAt => true,   // a copy of the request that got it
            // Somebody was dialed since: this lead, by a forwarded phone's number.
            _ when request.LastDialed is { } last && last != lead.AskedAfter => false,
            { LastWord: { } word } => request.AskedAt <= word,   // newer than the word: the flow has come round
            _ => request.AskedAt - lead.AskedAt < sameWithin,
        };
}
