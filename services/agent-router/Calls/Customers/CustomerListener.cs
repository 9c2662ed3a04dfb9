using Microsoft.EntityFrameworkCore;
using Outdial.AgentRouter.Data;
using Outdial.Contracts;
using Outdial.Providers;

namespace Outdial.AgentRouter.Calls.Customers;

/// <summary>
/// Hears whether the agent picked up for a customer who was called first, and when they are through. One agent is rung at a time, so a number that
/// is not his is his forwarded phone's, unless it is that of one who was rung before.
/// </summary>
internal sealed class CustomerListener(RouterDbContext db, CustomerChanges changes, AgentOffers offers)
{
    public Task<bool> Heard(DialPopup popup, CancellationToken cancel) => Hear(popup, async call =>
    {
        if (popup.Stage is not (PopupStages.Answered or PopupStages.Terminal))
            return;
        var open = await offers.Open(call.AttemptId, cancel);
        if (await Meant(call, open, popup, cancel, popup.DialedNumber) is not { } agent)
        {
            if (open.Count == 0 && popup.Stage == PopupStages.Answered)
            {
                var known = await offers.OfPhone(call.Account, cancel, popup.DialedNumber);
                await changes.ConnectUnasked(call, known, popup, At(call, popup), At(call, popup), cancel);
            }
            return;
        }
        if (popup.Stage == PopupStages.Answered)
            await changes.Connect(call, agent, popup, At(call, popup), cancel);
        if (call.ConnectedAt is null)
            await offers.PhoneDown(agent, At(call, popup), cancel);
        else if (popup.Stage == PopupStages.Terminal || agent.Offer.ReleasedAt is not null)
            await changes.Release(call, agent, "the conversation ended", cancel);
    }, cancel);

    public Task<bool> Heard(DialEnded ended, CancellationToken cancel) => Hear(ended, async call =>
    {
        await changes.TellTalk(call, ended, cancel);
        var open = await offers.Open(call.AttemptId, cancel);
        var talkedFrom = At(call, ended) - (ended.TalkTime ?? TimeSpan.Zero);
        if (await Meant(call, open, ended, cancel, ended.DialedNumber, ended.OtherNumber) is not { } agent)
        {
            if (open.Count == 0 && ended.Outcome == Outcomes.Completed)
            {
                var known = await offers.OfPhone(call.Account, cancel, ended.DialedNumber, ended.OtherNumber);
                await changes.ConnectUnasked(call, known, ended, talkedFrom, At(call, ended), cancel);
            }
            return;
        }
        // The popup's "Answered" is an extra that not every account has.
        if (ended.Outcome == Outcomes.Completed)
            await changes.Connect(call, agent, ended, talkedFrom, cancel);
        var reason = ended.Outcome == Outcomes.Completed ? "the conversation ended" : ended.FromHungUp ? "the customer left" : "did not answer";
        await changes.Release(call, agent, reason, cancel, WhosePhone.IsMissedBy(agent, ended));
    }, cancel);

    private static DateTimeOffset At(CustomerCall call, IProviderEvent word) => ForeignClock.Held(word.OccurredAt, call.PlacedAt, word.ReceivedAt).At;

    /// <summary>Whom the word is about; null: nobody rings, or it is a late one about another who was rung before.</summary>
    private async Task<OpenOffer?> Meant(
        CustomerCall call, List<OpenOffer> open, IProviderEvent word, CancellationToken cancel, params string?[] numbers)
    {
        List<OpenOffer> rung = open.FindAll(o => o.Offer.IsRungBy(word, call.PlacedAt));
        if (WhosePhone.Named(rung, numbers) is { } named)
            return named;
        if (rung is not [var alone])
            return null;
        var before = await db.Agents.AsNoTracking().Where(a => call.Tried.Contains(a.Id)).Select(a => a.Phone).ToListAsync(cancel);
        return before.Exists(phone => numbers.Any(number => number is not null && WhosePhone.IsAlike(phone, number))) ? null : alone;
    }

    private async Task<bool> Hear(IProviderEvent word, Func<CustomerCall, Task> then, CancellationToken cancel)
    {
        if (word.ProviderCallId is not { } id || await changes.Lock(word.Account, id, cancel) is not { } call)
            return false;
        await then(call);
        await db.SaveChangesAsync(cancel);
        return true;
    }
}
