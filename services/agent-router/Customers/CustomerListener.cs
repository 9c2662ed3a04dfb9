using Outdial.AgentRouter.Data;
using Outdial.AgentRouter.Loop;
using Outdial.AgentRouter.Offers;
using Outdial.Contracts;
using Outdial.Providers;

namespace Outdial.AgentRouter.Customers;

/// <summary>Hears whether the agent picked up for a customer who was called first, and when they are through.</summary>
internal sealed class CustomerListener(RouterDbContext db, CustomerDesk desk, AgentOffers offers) : IDialListener
{
    public Task<bool> HeardAsync(DialPopup popup, CancellationToken cancel) => Hear(popup, async call =>
    {
        if (popup.Stage is not (PopupStages.Answered or PopupStages.Terminal))
            return;
        foreach (var agent in (await offers.Open(call.AttemptId, cancel)).Where(o => o.Offer.IsMeantBy(popup, popup.DialedNumber, call.PlacedAt)))
        {
            if (popup.Stage == PopupStages.Answered)
                await desk.Connect(call, agent, popup, At(call, popup), cancel);
            if (call.ConnectedAt is null)
                await offers.PhoneDown(agent, At(call, popup), cancel);
            else if (popup.Stage == PopupStages.Terminal || agent.Offer.ReleasedAt is not null)
                await desk.Release(call, agent, "the conversation ended", cancel);
        }
    }, cancel);

    public Task<bool> HeardAsync(DialEnded ended, CancellationToken cancel) => Hear(ended, async call =>
    {
        foreach (var agent in (await offers.Open(call.AttemptId, cancel)).Where(o => o.Offer.IsMeantBy(ended, ended.DialedNumber, call.PlacedAt)))
        {
            // The popup's "Answered" is an extra that not every account has.
            if (ended.Outcome == Outcomes.Completed)
                await desk.Connect(call, agent, ended, At(call, ended) - (ended.TalkTime ?? TimeSpan.Zero), cancel);
            await desk.Release(call, agent, ended.Outcome == Outcomes.Completed ? "the conversation ended" : ended.FromHungUp ? "the customer left" : "did not answer", cancel);
        }
        await desk.TellTalk(call, ended, cancel);
    }, cancel);

    private static DateTimeOffset At(CustomerCall call, IProviderEvent word) => ForeignClock.Held(word.OccurredAt, call.PlacedAt, word.ReceivedAt).At;

    private async Task<bool> Hear(IProviderEvent word, Func<CustomerCall, Task> then, CancellationToken cancel)
    {
        if (word.ProviderCallId is not { } id || await desk.Lock(word.Account, id, cancel) is not { } call)
            return false;
        await then(call);
        await db.SaveChangesAsync(cancel);
        return true;
    }
}
