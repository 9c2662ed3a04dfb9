using MassTransit;
using Outdial.AgentRouter.Calls.Lines;
using Outdial.AgentRouter.Data;
using Outdial.AgentRouter.Telemetry;
using Outdial.Contracts;
using Outdial.Platform;

namespace Outdial.AgentRouter.Calls;

/// <summary>
/// What the provider tells of calls with Connect applets, whatever their kind; and what became of the lines that we ordered, which name the line.
/// </summary>
internal sealed class RouterLinesConsumer(
    AllCalls calls, LineListener lines, RouterDbContext db, RouterMetrics metrics, ILogger<RouterLinesConsumer> log)
    : IConsumer<DialPopup>, IConsumer<DialEnded>, IConsumer<LineEnded>, IConsumer<AgentLineOpened>, IConsumer<AgentLineFailed>
{
    public Task Consume(ConsumeContext<DialPopup> context) => Tell(context, calls.Heard);

    public Task Consume(ConsumeContext<DialEnded> context) => Tell(context, calls.Heard);

    public Task Consume(ConsumeContext<LineEnded> context) => Tell(context, lines.Heard);

    public async Task Consume(ConsumeContext<AgentLineOpened> context)
    {
        await lines.Heard(context.Message, context.CancellationToken);
        await db.SaveChangesAsync(context.CancellationToken);
    }

    public async Task Consume(ConsumeContext<AgentLineFailed> context)
    {
        await lines.Heard(context.Message, context.CancellationToken);
        await db.SaveChangesAsync(context.CancellationToken);
    }

    private async Task Tell<T>(ConsumeContext<T> context, Func<T, CancellationToken, Task<bool>> hear) where T : class, IProviderEvent
    {
        if (!await hear(context.Message, context.CancellationToken))
        {
            log.UnknownCall(typeof(T).Name, context.Message.Account, context.Message.ProviderCallId);
            metrics.UnknownCall(typeof(T).Name);
        }
        await db.SaveChangesAsync(context.CancellationToken);
    }
}

internal sealed class RouterLinesConsumerDefinition : OutboxConsumerDefinition<RouterLinesConsumer, RouterDbContext>;
