using MassTransit;
using MassTransit.Saga;
using Microsoft.EntityFrameworkCore;

namespace Outdial.Platform.Sagas;

/// <summary>How the instances of one saga are kept from being changed by two events at once.</summary>
internal sealed record SagaConcurrency<TSaga>(ConcurrencyMode Mode);

/// <summary>
/// Opens the saga's table for one message. Behind the outbox it works in that transaction, so state, messages and
/// whatever activities change through the same scoped context commit together; without it, in one of its own.
/// </summary>
internal sealed class SagaStore<TContext, TSaga>(
    TContext db, ISagaConsumeContextFactory<TContext, TSaga> contexts, SagaConcurrency<TSaga> concurrency)
    : ISagaRepositoryContextFactory<TSaga>, IQuerySagaRepositoryContextFactory<TSaga>, ILoadSagaRepositoryContextFactory<TSaga>
    where TContext : DbContext
    where TSaga : class, ISaga
{
    public Task Send<T>(ConsumeContext<T> context, IPipe<SagaRepositoryContext<TSaga, T>> next)
        where T : class =>
        InTransaction(() => next.Send(Session(context)), context.CancellationToken);

    public Task SendQuery<T>(ConsumeContext<T> context, ISagaQuery<TSaga> query, IPipe<SagaRepositoryQueryContext<TSaga, T>> next)
        where T : class =>
        InTransaction(async () =>
        {
            // Found by their ids, then loaded one by one like any other instance: under the lock the row may have moved
            // on, and the state machine decides on what it is by then. Ordered, so that two queries cannot deadlock.
            var found = await db.Set<TSaga>().AsNoTracking().Where(query.FilterExpression)
                .Select(saga => saga.CorrelationId).OrderBy(id => id).ToListAsync(context.CancellationToken);
            await next.Send(new DefaultSagaRepositoryQueryContext<TSaga, T>(Session(context), found));
        }, context.CancellationToken);

    public Task<T> Execute<T>(Func<QuerySagaRepositoryContext<TSaga>, Task<T>> asyncMethod, CancellationToken cancellationToken = default)
        where T : class =>
        asyncMethod(new SagaReader<TSaga>(db, cancellationToken));

    public Task<T> Execute<T>(Func<LoadSagaRepositoryContext<TSaga>, Task<T>> asyncMethod, CancellationToken cancellationToken = default)
        where T : class =>
        asyncMethod(new SagaReader<TSaga>(db, cancellationToken));

    public void Probe(ProbeContext context)
    {
        context.Add("persistence", "postgresql");
        context.Add("concurrency", concurrency.Mode.ToString());
    }

    private SagaSession<TContext, TSaga, T> Session<T>(ConsumeContext<T> context)
        where T : class =>
        new(db, context, contexts, concurrency.Mode);

    private async Task InTransaction(Func<Task> work, CancellationToken cancel)
    {
        if (db.Database.CurrentTransaction is not null)
        {
            await work();
            return;
        }

        db.Database.AutoSavepointsEnabled = false;
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await work();
        await transaction.CommitAsync(cancel);
    }
}
