using MassTransit;

namespace Outdial.Platform.Tests.Sagas;

/// <summary>One more for a tally; the first one creates it.</summary>
public record Counted(Guid TallyId, int Amount);

/// <summary>Asks every tally of a name to close.</summary>
public record CloseByName(string Name);

/// <summary>A tally went up.</summary>
public record TallyRose(Guid TallyId, int Total);

public sealed class TallyStateMachine<TTally> : MassTransitStateMachine<TTally>
    where TTally : Tally
{
    public TallyStateMachine()
    {
        InstanceState(tally => tally.CurrentState);
        Event(() => Counted, e => e.CorrelateById(x => x.Message.TallyId));
        Event(() => CloseByName, e =>
        {
            e.CorrelateBy((tally, x) => tally.Name == x.Message.Name);
            e.OnMissingInstance(missing => missing.Discard());
        });

        Initially(When(Counted).Then(x => x.Saga.Name = x.Saga.CorrelationId.ToString("N")).Rise().TransitionTo(Open));
        During(Open,
            When(Counted).Rise(),
            When(CloseByName).TransitionTo(Closed));
        During(Closed, Ignore(Counted), Ignore(CloseByName));
    }

    public State Open { get; private set; } = null!;
    public State Closed { get; private set; } = null!;
    public Event<Counted> Counted { get; private set; } = null!;
    public Event<CloseByName> CloseByName { get; private set; } = null!;
}

internal static class TallyVerbs
{
    public static EventActivityBinder<TTally, Counted> Rise<TTally>(this EventActivityBinder<TTally, Counted> tally)
        where TTally : Tally =>
        tally.Then(x => x.Saga.Total += x.Message.Amount).Publish(x => new TallyRose(x.Saga.CorrelationId, x.Saga.Total));
}

public sealed class TallyDefinition<TTally> : SagaDefinition<TTally>
    where TTally : Tally
{
    protected override void ConfigureSaga(
        IReceiveEndpointConfigurator endpointConfigurator, ISagaConfigurator<TTally> sagaConfigurator, IRegistrationContext context) =>
        endpointConfigurator.UseEntityFrameworkOutbox<TestDb>(context);
}
