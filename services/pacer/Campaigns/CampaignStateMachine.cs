using System.Linq.Expressions;
using MassTransit;
using Outdial.Contracts;
using Outdial.Pacer.Data;
using Outdial.Platform;

namespace Outdial.Pacer.Campaigns;

/// <summary>
/// The life of one campaign. Many messages meet here at once (people, pulses, advice), so its row is locked while one is
/// handled. An automatic pause ends by itself; a person's pause is ended by a person only.
/// </summary>
internal sealed class CampaignStateMachine : MassTransitStateMachine<Campaign>
{
    public CampaignStateMachine()
    {
        InstanceState(campaign => campaign.State);
        Correlate();

        WhenEnterAny(campaign => campaign.TellAgents());

        During(Draft,
            When(Start, x => x.IsLater()).Schedule().TransitionTo(Scheduled).Accept(),
            When(Start, x => !x.IsLater()).Begin().TransitionTo(Running).Accept(),
            When(Stop).Stop().TransitionTo(Stopped).Accept(),
            When(Pause).Refuse("A draft is not running; there is nothing to pause."),
            When(Resume).Refuse("A draft has not been started yet: start it."));

        During(Scheduled,
            When(Start, x => x.IsLater()).Schedule().Accept(),
            When(Start, x => !x.IsLater()).Begin().TransitionTo(Running).Accept(),
            When(Pause).Refuse("A scheduled campaign is not running yet; stop it, or start it now."),
            When(Resume).Refuse("A scheduled campaign starts by itself; start it to have it run now."),
            When(Stop).Stop().TransitionTo(Stopped).Accept());

        During(Running,
            When(Start, x => x.IsLater()).Refuse("The campaign is running already: it is not put off. Pause it, or stop it."),
            When(Start, x => !x.IsLater()).Accept(),
            When(Resume).Accept(),
            When(Pause).Pause().TransitionTo(Paused).Accept(),
            When(Exhausted).IfAsync(x => x.IsDone(), done => done.Complete().TransitionTo(Completed)),
            When(RateChanged).TakeAdvice(),
            When(RateChanged, x => x.ShouldCoolOff()).PauseForCompletionRate().TransitionTo(Paused),
            When(Stop).Stop().TransitionTo(Stopped).Accept());

        During(Paused,
            // A person's word beats an automatism's, never the other way round.
            When(Pause, x => x.IsByPerson()).Pause().Accept(),
            When(Pause, x => !x.IsByPerson()).Accept(),
            When(Resume, x => x.MayResume()).Resume().TransitionTo(Running).Accept(),
            When(Resume, x => !x.MayResume()).Refuse("The campaign is paused for another reason."),
            When(Start).Refuse("A paused campaign is resumed, not started."),
            When(RateChanged).TakeAdvice(),
            When(Exhausted).IfAsync(x => x.IsDone(), done => done.Complete().TransitionTo(Completed)),
            When(Stop).Stop().TransitionTo(Stopped).Accept());

        During(Completed, Stopped,
            When(Start).Refuse("The campaign is over; make a new one."),
            When(Pause).Refuse("The campaign is over."),
            When(Resume).Refuse("The campaign is over; make a new one."),
            When(Stop).Accept(),
            Ignore(RateChanged), Ignore(Exhausted));

        During(Draft, Scheduled, Ignore(RateChanged), Ignore(Exhausted));
    }

    public State Draft { get; private set; } = null!;
    public State Scheduled { get; private set; } = null!;
    public State Running { get; private set; } = null!;
    public State Paused { get; private set; } = null!;
    public State Completed { get; private set; } = null!;
    public State Stopped { get; private set; } = null!;

    public Event<StartCampaign> Start { get; private set; } = null!;
    public Event<PauseCampaign> Pause { get; private set; } = null!;
    public Event<ResumeCampaign> Resume { get; private set; } = null!;
    public Event<StopCampaign> Stop { get; private set; } = null!;
    public Event<CampaignExhausted> Exhausted { get; private set; } = null!;
    public Event<CompletionRateChanged> RateChanged { get; private set; } = null!;

    private void Correlate()
    {
        Known(() => Start, x => x.CampaignId);
        Known(() => Pause, x => x.CampaignId);
        Known(() => Resume, x => x.CampaignId);
        Known(() => Stop, x => x.CampaignId);
        Known(() => Exhausted, x => x.CampaignId);
        Known(() => RateChanged, x => x.CampaignId);
    }

    // The API looks before it asks, and analytics may outlive a campaign that was removed: a missing one is answered, not retried.
    private void Known<T>(Expression<Func<Event<T>>> property, Func<T, Guid> campaign) where T : class =>
        Event(property, e =>
        {
            e.CorrelateById(x => campaign(x.Message));
            e.OnMissingInstance(missing => missing.ExecuteAsync(x => x.Answer(new CampaignChange
            {
                CampaignId = campaign(x.Message),
                Accepted = false,
                State = "Missing",
                Refusal = $"There is no campaign {campaign(x.Message)}.",
            })));
        });
}

internal sealed class CampaignStateMachineDefinition : OutboxSagaDefinition<Campaign, PacerDbContext>;
