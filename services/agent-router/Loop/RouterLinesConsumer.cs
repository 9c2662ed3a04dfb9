using MassTransit;
using Outdial.AgentRouter.Data;
using Outdial.AgentRouter.Telemetry;
using Outdial.Contracts;

namespace Outdial.AgentRouter.Loop;

/// <summary>What the provider tells of calls with Connect applets: agents' lines are known here, of others the listeners hear.</summary>
internal sealed class RouterLinesConsumer(
    LineLoop loop, IEnumerable<IDialListener> listeners, RouterDbContext db, RouterMetrics metrics, ILogger<RouterLinesConsumer> log)
    : IConsumer<DialPopup>, IConsumer<DialEnded>, IConsumer<LineEnded>, IConsumer<AgentLineOpened>, IConsumer<AgentLineFailed>
{
    public Task Consume(ConsumeContext<DialPopup> context) =>
        Tell(context.Message, loop.Heard(context.Message, context.CancellationToken), x => x.HeardAsync(context.Message, context.CancellationToken), context.CancellationToken);

    public Task Consume(ConsumeContext<DialEnded> context) =>
        Tell(context.Message, loop.Heard(context.Message, context.CancellationToken), x => x.HeardAsync(context.Message, context.CancellationToken), context.CancellationToken);

    public Task Consume(ConsumeContext<LineEnded> context) =>
        Tell(context.Message, loop.Heard(context.Message, context.CancellationToken), _ => Task.FromResult(false), context.CancellationToken);

    public async Task Consume(ConsumeContext<AgentLineOpened> context)
    {
        await loop.Heard(context.Message, context.CancellationToken);
        await db.SaveChangesAsync(context.CancellationToken);
    }

    public async Task Consume(ConsumeContext<AgentLineFailed> context)
    {
        await loop.Heard(context.Message, context.CancellationToken);
        await db.SaveChangesAsync(context.CancellationToken);
    }

    private async Task Tell(IProviderEvent word, Task<bool> line, Func<IDialListener, Task<bool>> listen, CancellationToken cancel)
    {
        var known = await line;
        foreach (var listener in listeners)
            known = known || await listen(listener);
        if (!known)
        {
            log.UnknownCall(word.GetType().Name, word.Account, word.ProviderCallId);
            metrics.UnknownCall(word.GetType().Name);
        }
        await db.SaveChangesAsync(cancel);
    }
}

internal sealed class RouterLinesConsumerDefinition : ConsumerDefinition<RouterLinesConsumer>
{
    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<RouterLinesConsumer> consumerConfigurator,
        IRegistrationContext context) =>
        endpointConfigurator.UseEntityFrameworkOutbox<RouterDbContext>(context);
}
