using Microsoft.Extensions.Options;
using Outdial.AgentRouter.Data;
using Outdial.AgentRouter.Loop;
using Outdial.AgentRouter.Offers;
using Outdial.Contracts;
using Outdial.Providers;

namespace Outdial.AgentRouter.Inbound;

/// <summary>Hears who picked up for a customer that called in, and how it ended. Each word may come twice, late, or never.</summary>
internal sealed class InboundListener(RouterDbContext db, InboundDesk desk, AgentOffers offers, IOptions<RouterOptions> options, TimeProvider clock) : IDialListener
{
    public Task<bool> HeardAsync(DialPopup popup, CancellationToken cancel) => Hear(popup, async call =>
    {
        if (popup.Stage is not (PopupStages.Answered or PopupStages.Terminal))
            return;
        var open = await offers.Open(call.Id, cancel);
        if (IsLate(call, open, popup, popup.DialedNumber))
            return;
        var meant = Meant(open, popup.DialedNumber);
        if (popup.Stage == PopupStages.Answered)
            await Connected(call, open, meant, At(call, popup), cancel);
        if (meant is not null && (popup.Stage == PopupStages.Terminal || meant.Offer.ReleasedAt is not null))
            await Released(call, open, meant, At(call, popup), cancel);
    }, cancel);

    public Task<bool> HeardAsync(DialEnded ended, CancellationToken cancel) => Hear(ended, async call =>
    {
        if (ended.Outcome == Outcomes.Completed)
        {
            var open = await offers.Open(call.Id, cancel);
            // The popup's "Answered" is an extra that not every account has.
            await Connected(call, open, Meant(open, ended.DialedNumber), Began(call, At(call, ended) - (ended.TalkTime ?? TimeSpan.Zero)), cancel);
            (call.EndedAt, call.TalkTime) = (At(call, ended), ended.TalkTime);
            await desk.End(call, "the conversation ended", At(call, ended), cancel);
            return;
        }
        if (ended.RawStatus == "voicemail")
            call.ConnectedAt ??= At(call, ended);
        // A phone that rang before does not end the conversation with who picked up since.
        if (!ended.FromHungUp && IsLate(call, await offers.Open(call.Id, cancel), ended, ended.DialedNumber))
            return;
        if (ended.FromHungUp || call.ConnectedAt is not null)
        {
            await desk.End(call, "the caller hung up", At(call, ended), cancel);
            return;
        }
        // Whoever rang is free. The flow may ask again, or end without a further word.
        await desk.Free(call, "did not answer", cancel, missed: true);
        if (call.State != InboundStates.Fallback)
            call.State = InboundStates.Waiting;
        call.DeadlineAt = clock.GetUtcNow() + (ended.Outcome is null ? options.Value.LineSilence : options.Value.SettleAfter);
    }, cancel);

    private static DateTimeOffset At(InboundCall call, IProviderEvent word) => ForeignClock.Held(word.OccurredAt, call.StartedAt, word.ReceivedAt).At;

    private static DateTimeOffset Began(InboundCall call, DateTimeOffset at) => at > call.StartedAt ? at : call.StartedAt;

    private async Task<bool> Hear(IProviderEvent word, Func<InboundCall, Task> then, CancellationToken cancel)
    {
        if (word.ProviderCallId is not { } id || await desk.Lock(word.Account, id, cancel) is not { } call)
            return false;
        if (!call.IsOver)
        {
            await then(call);
            await db.SaveChangesAsync(cancel);
        }
        return true;
    }

    /// <summary>About phones that rang for this caller before those that ring now: the flow was faster with its question than this word.</summary>
    private static bool IsLate(InboundCall call, List<OpenOffer> open, IProviderEvent word, string? number) =>
        open.Count > 0 && !open.Exists(o => o.Offer.IsMeantBy(word, number, call.StartedAt));

    /// <summary>Whose phone it was; of one alone it needs no number.</summary>
    private static OpenOffer? Meant(List<OpenOffer> open, string? number) =>
        number is null ? open.Count == 1 ? open[0] : null : open.Find(o => o.Offer.Phone == number);

    private async Task Connected(InboundCall call, List<OpenOffer> open, OpenOffer? meant, DateTimeOffset at, CancellationToken cancel)
    {
        if (call.ConnectedAt is not null)
            return;
        var campaign = await desk.CampaignOf(call, cancel);
        var deadline = clock.GetUtcNow() + desk.Longest(campaign);
        foreach (var other in open.Where(o => o != meant))
            await offers.End(other, campaign, talked: false, "another answered", cancel);
        if (meant is not null)
            await offers.Connect(meant, deadline, cancel);
        (call.State, call.ConnectedAt, call.AgentId, call.DeadlineAt) = (InboundStates.Connected, at, meant?.Session.AgentId, deadline);
    }

    /// <summary>This phone rings or talks no more. The Passthru's word, which knows whether it talked and how long, is waited for.</summary>
    private async Task Released(InboundCall call, List<OpenOffer> open, OpenOffer meant, DateTimeOffset at, CancellationToken cancel)
    {
        if (call.ConnectedAt is null)
        {
            await offers.PhoneDown(meant, at, cancel);
            if (open.TrueForAll(o => o == meant || o.Offer.ReleasedAt is not null))
                call.DeadlineAt = clock.GetUtcNow() + options.Value.LineSilence;
            return;
        }
        await offers.End(meant, await desk.CampaignOf(call, cancel), talked: true, "the conversation ended", cancel);
        (call.EndedAt, call.DeadlineAt) = (at, clock.GetUtcNow() + options.Value.SettleAfter);
    }
}
