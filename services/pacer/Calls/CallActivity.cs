using MassTransit;

namespace Outdial.Pacer.Calls;

/// <summary>A step of <see cref="CallStateMachine"/> that needs services: what it does, and nothing of how it is chained.</summary>
/// <param name="name">Of the step, in the description of the state machine.</param>
internal abstract class CallActivity<T>(string name) : IStateMachineActivity<Attempt, T>
    where T : class
{
    protected abstract Task Run(BehaviorContext<Attempt, T> context);

    public async Task Execute(BehaviorContext<Attempt, T> context, IBehavior<Attempt, T> next)
    {
        await Run(context);
        await next.Execute(context);
    }

    public Task Faulted<TException>(BehaviorExceptionContext<Attempt, T, TException> context, IBehavior<Attempt, T> next)
        where TException : Exception => next.Faulted(context);

    public void Probe(ProbeContext context) => context.CreateScope(name);

    public void Accept(StateMachineVisitor visitor) => visitor.Visit(this);
}
