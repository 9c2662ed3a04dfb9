using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Outdial.AgentRouter.Data;
using Outdial.AgentRouter.Sessions;
using Outdial.AgentRouter.Trunks;
using Outdial.Contracts;
using Outdial.Providers;

namespace Outdial.AgentRouter.Calls.Inbound;

/// <summary>
/// Hears who picked up for a customer that called in, and how it ended. Each word may come twice, late, or never, and may name another number than
/// the one that was given, or none.
/// </summary>
internal sealed class InboundListener(
    RouterDbContext db, InboundChanges changes, AgentOffers offers, IOptions<RouterOptions> options, TimeProvider clock)
{
    public Task<bool> Heard(DialPopup popup, CancellationToken cancel) =>
        Hear(popup, call => Task.FromResult(IsBetter(call, popup)), async (call, overAt) =>
    {
        if (popup.Stage is not (PopupStages.Answered or PopupStages.Terminal))
            return;
        var open = await offers.Open(call.Id, cancel);
        if (await IsLate(call, open, popup, popup.DialedNumber, cancel))
            return;
        var named = WhosePhone.Named(open, popup.DialedNumber);
        if (popup.Stage == PopupStages.Answered)
        {
            var did = await DidOf(call, cancel);
            var meant = named ?? WhosePhone.PickedUp(open, At(call, popup), did is { Strategy: not Strategies.Parallel } ? did.Ring : null);
            await Connected(call, did, open, meant, At(call, popup), [popup.DialedNumber], cancel);
            if (meant?.Offer.ReleasedAt is not null)
                await Released(call, open, meant, At(call, popup), isNamed: false, cancel);
            if (overAt > At(call, popup))
                await changes.End(call, "the conversation had ended", overAt.Value, cancel);
        }
        else if ((named ?? (open is [var alone] ? alone : null)) is { } meant)
        {
            await Released(call, open, meant, At(call, popup), isNamed: named is not null, cancel);
        }
        else if (call is { ConnectedAt: { } since, AgentId: null, AnsweredBy: { } number }
            && number == popup.DialedNumber && At(call, popup) > since)
        {
            // Whoever it was is through.
            (call.EndedAt, call.DeadlineAt) = (At(call, popup), clock.GetUtcNow() + options.Value.SettleAfter);
        }
    }, cancel);

    public Task<bool> Heard(DialEnded ended, CancellationToken cancel) => Hear(ended, call => IsBetter(call, ended, cancel), async (call, overAt) =>
    {
        var open = await offers.Open(call.Id, cancel);
        if (ended.Outcome == Outcomes.Completed)
        {
            // The popup's "Answered" is an extra that not every account has.
            var talk = ended.TalkTime ?? TimeSpan.Zero;
            var meant = WhosePhone.Named(open, ended.DialedNumber, ended.OtherNumber)
                ?? WhosePhone.PickedUp(WhosePhone.NotInVain(open, ended), At(call, ended) - talk / 2, inOrderFor: null);
            if (overAt is null)
                call.EndedAt = At(call, ended);
            TakeTalk(call, ended);
            await Connected(
                call, await DidOf(call, cancel), open, meant, Began(call, At(call, ended) - talk), [ended.DialedNumber, ended.OtherNumber], cancel);
            await changes.End(call, "the conversation ended", At(call, ended), cancel);
            return;
        }
        var isMessage = IsMessage(ended);
        if (isMessage)
        {
            call.ConnectedAt ??= At(call, ended);
            call.RecordingUrl ??= ended.RecordingUrl;
            if (call is { AgentId: null, Outcome: not InboundOutcomes.Fallback })
                call.Outcome = InboundOutcomes.Voicemail;
        }
        // A phone that rang before does not end the conversation with who picked up since.
        if (!ended.FromHungUp
            && (await IsLate(call, open, ended, ended.DialedNumber, cancel) || (!isMessage && await IsOfBefore(call, ended, cancel))))
            return;
        if (ended.FromHungUp || call.ConnectedAt is not null)
        {
            await changes.End(call, "the caller hung up", At(call, ended), cancel);
            return;
        }
        // Whoever rang is free. It is a step: the flow may ask again, dial another, take a message, or end without a further word.
        await changes.FreeUnanswered(call, offer => WhosePhone.IsMissedBy(offer, ended), cancel);
        if (call.State != InboundStates.Fallback)
            call.State = InboundStates.Waiting;
        call.DeadlineAt = clock.GetUtcNow() + options.Value.StepDeadline;
    }, cancel);

    /// <summary>The popup tells of an answer where nobody was held to have answered.</summary>
    private static bool IsBetter(InboundCall call, DialPopup popup) =>
        popup.Stage == PopupStages.Answered && call.Outcome is InboundOutcomes.Missed or InboundOutcomes.Voicemail;

    /// <summary>
    /// The word tells more of how a call ended than that by which it was held to be over: a conversation, a message, how long they talked, with whom.
    /// </summary>
    private async Task<bool> IsBetter(InboundCall call, DialEnded ended, CancellationToken cancel)
    {
        if (ended.Outcome != Outcomes.Completed)
            return call.Outcome == InboundOutcomes.Missed && IsMessage(ended);
        return call.Outcome is InboundOutcomes.Missed or InboundOutcomes.Voicemail
            || TellsTalk(call, ended) || (call.RecordingUrl is null && ended.RecordingUrl is not null)
            || (call.Outcome == InboundOutcomes.Unidentified
                && await offers.OfPhone(call.Account, cancel, ended.DialedNumber, ended.OtherNumber) is not null);
    }

    private static bool IsMessage(DialEnded ended) => ended.RawStatus?.Trim().Equals("voicemail", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Of several conversations in one call the longest counts.</summary>
    private static bool TellsTalk(InboundCall call, DialEnded ended) =>
        ended.TalkTime > TimeSpan.Zero && (!call.TalkTold || call.TalkTime is null || ended.TalkTime > call.TalkTime);

    private static void TakeTalk(InboundCall call, DialEnded ended)
    {
        if (TellsTalk(call, ended))
        {
            (call.EndedAt, call.TalkTime, call.TalkTold) = (At(call, ended), ended.TalkTime, true);
            call.RecordingUrl = ended.RecordingUrl ?? call.RecordingUrl;
        }
        call.RecordingUrl ??= ended.RecordingUrl;
    }

    private static DateTimeOffset At(InboundCall call, IProviderEvent word) => ForeignClock.Held(word.OccurredAt, call.StartedAt, word.ReceivedAt).At;

    private static DateTimeOffset Began(InboundCall call, DateTimeOffset at) => at > call.StartedAt ? at : call.StartedAt;

    /// <param name="isBetter">Whether it changes a call that is held to be over.</param>
    /// <param name="then">With when it was held to be over before this word; null: it was not.</param>
    private async Task<bool> Hear(
        IProviderEvent word, Func<InboundCall, Task<bool>> isBetter, Func<InboundCall, DateTimeOffset?, Task> then, CancellationToken cancel)
    {
        if (word.ProviderCallId is not { } id || await changes.Lock(word.Account, id, cancel) is not { } call)
            return false;
        if (!call.IsOver)
            await then(call, null);
        else if (await isBetter(call))
            await then(call, await changes.Reopen(call, cancel));
        await db.SaveChangesAsync(cancel);
        return true;
    }

    /// <summary>
    /// About phones that rang for this caller before those that ring now: the flow was faster with its question than this word. A number of which
    /// nothing is known may be a forwarded phone's, so only its time speaks against it.
    /// </summary>
    private async Task<bool> IsLate(InboundCall call, List<OpenOffer> open, IProviderEvent word, string? number, CancellationToken cancel)
    {
        if (open.Count == 0)
            return false;
        if (!open.Exists(o => o.Offer.IsRungBy(word, call.StartedAt)))
            return true;
        if (number is null || WhosePhone.Named(open, number) is not null)
            return false;
        return await IsOfTried(call, number, cancel);
    }

    /// <summary>
    /// About phones that rang in vain before somebody picked up, who need not be one of ours: then none rings any more by which <see cref="IsLate"/>
    /// could tell.
    /// </summary>
    private async Task<bool> IsOfBefore(InboundCall call, DialEnded word, CancellationToken cancel) =>
        call.ConnectedAt is { } since && (At(call, word) < since
            || (word.DialedNumber is { } number && number != call.AnsweredBy && await IsOfTried(call, number, cancel)));

    /// <summary>The number of an agent who rang for this caller before and did not answer.</summary>
    private async Task<bool> IsOfTried(InboundCall call, string number, CancellationToken cancel)
    {
        var before = await db.Agents.AsNoTracking().Where(a => call.Tried.Contains(a.Id) && a.Id != call.AgentId).Select(a => a.Phone)
            .ToListAsync(cancel);
        return before.Exists(phone => WhosePhone.IsAlike(phone, number));
    }

    private Task<Did?> DidOf(InboundCall call, CancellationToken cancel) =>
        db.Dids.AsNoTracking().SingleOrDefaultAsync(d => d.Number == call.Did, cancel);

    /// <summary>Somebody picked up. Where it was only inferred who, or is not known, a word that names an agent's own phone says it.</summary>
    /// <param name="meant">Whose phone it was, among those that ring; null: it is not told, or none of them.</param>
    /// <param name="numbers">What the word calls the phone.</param>
    private async Task Connected(
        InboundCall call, Did? did, List<OpenOffer> open, OpenOffer? meant, DateTimeOffset at, string?[] numbers, CancellationToken cancel)
    {
        if (call is { ConnectedAt: not null, AgentId: not null, AnsweredBy: null })
            return;
        var isFallback = call.Outcome == InboundOutcomes.Fallback || (call.State == InboundStates.Fallback && open.Count == 0)
            || (did?.FallbackNumber is { } fallback && numbers.Contains(fallback));
        var isNamed = meant is not null && numbers.Contains(meant.Offer.Phone);
        var named = isFallback || isNamed ? null : await offers.OfPhone(call.Account, cancel, numbers);
        if (call.ConnectedAt is not null && (named is null || named.AgentId == call.AgentId))
            return;

        var campaign = await changes.CampaignOf(call, cancel);
        if (named is not null)
            meant = open.Find(o => o.Session.Id == named.Id);
        var reason = meant is null && named is null ? "somebody answered, and it is not known who" : "another answered";
        foreach (var other in open.Where(o => o != meant))
            await offers.End(other, campaign, talked: false, reason, cancel);
        var deadline = clock.GetUtcNow() + options.Value.TalkDeadline(campaign);
        if (meant is not null)
            await offers.Connect(meant, deadline, cancel);
        else if (named is not null)
            await offers.TalkedAfterAll(named, campaign, null, call.EndedAt ?? at, cancel);
        (call.State, call.AgentId, call.DeadlineAt) = (InboundStates.Connected, meant?.Session.AgentId ?? named?.AgentId, deadline);
        call.ConnectedAt ??= at;
        call.Outcome = call.AgentId is not null ? InboundOutcomes.Completed : isFallback ? InboundOutcomes.Fallback : InboundOutcomes.Unidentified;
        call.AnsweredBy = named is null ? numbers.FirstOrDefault(n => n is not null && n != meant?.Offer.Phone) : null;
        await changes.TalkedLast(call, cancel);
    }

    /// <summary>
    /// This phone rings or talks no more. The Passthru's word, which knows whether it talked and how long, is waited for. Was it down before somebody
    /// picked up, it was another that did.
    /// </summary>
    private async Task Released(InboundCall call, List<OpenOffer> open, OpenOffer meant, DateTimeOffset at, bool isNamed, CancellationToken cancel)
    {
        if (call.ConnectedAt is not { } since)
        {
            await offers.PhoneDown(meant, at, cancel);
            if (open.TrueForAll(o => o == meant || o.Offer.ReleasedAt is not null))
                call.DeadlineAt = clock.GetUtcNow() + options.Value.StepDeadline;
            return;
        }
        var campaign = await changes.CampaignOf(call, cancel);
        if (isNamed && at < since && call.AnsweredBy is not null)
        {
            (call.AgentId, call.Outcome) = (null, InboundOutcomes.Unidentified);
            await offers.End(meant, campaign, talked: false, "another answered", cancel);
            return;
        }
        await offers.End(meant, campaign, talked: true, "the conversation ended", cancel);
        (call.EndedAt, call.DeadlineAt) = (at, clock.GetUtcNow() + options.Value.SettleAfter);
    }
}
