using MassTransit;
using MassTransit.Context;
using MassTransit.Saga;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Outdial.Platform.Sagas;

/// <summary>Loads and saves instances for one message, in the transaction that <see cref="SagaStore{TContext,TSaga}"/> opened.</summary>
internal sealed class SagaSession<TContext, TSaga, T>(
    TContext db, ConsumeContext<T> context, ISagaConsumeContextFactory<TContext, TSaga> contexts, ConcurrencyMode mode)
    : ConsumeContextScope<T>(context, db), SagaRepositoryContext<TSaga, T>
    where TContext : DbContext
    where TSaga : class, ISaga
    where T : class
{
    private const string BeforeInsert = "saga_insert";
    private readonly ConsumeContext<T> _context = context;

    public Task<SagaConsumeContext<TSaga, T>> Add(TSaga instance) => Context(instance, SagaConsumeContextMode.Add);

    public async Task<SagaConsumeContext<TSaga, T>> Insert(TSaga instance)
    {
        // PostgreSQL gives up the whole transaction after a failed statement, unless there is a point to go back to.
        var transaction = db.Database.CurrentTransaction!;
        await transaction.CreateSavepointAsync(BeforeInsert, CancellationToken);
        var entry = db.Set<TSaga>().Add(instance);
        try
        {
            await db.SaveChangesAsync(CancellationToken);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            entry.State = EntityState.Detached;
            await transaction.RollbackToSavepointAsync(BeforeInsert, CancellationToken);
            return null!; // Another event created it first; the policy loads that one.
        }

        return await Context(instance, SagaConsumeContextMode.Insert);
    }

    public async Task<SagaConsumeContext<TSaga, T>> Load(Guid correlationId) =>
        await Find(correlationId) is { } instance ? await Context(instance, SagaConsumeContextMode.Load) : null!;

    // Of two events that both found no instance, the unique key lets one insert; the other fails and is retried.
    public Task Save(SagaConsumeContext<TSaga> saved)
    {
        db.Set<TSaga>().Add(saved.Saga);
        return db.SaveChangesAsync(CancellationToken);
    }

    public Task Update(SagaConsumeContext<TSaga> updated) => db.SaveChangesAsync(CancellationToken);

    public Task Delete(SagaConsumeContext<TSaga> completed)
    {
        db.Set<TSaga>().Remove(completed.Saga);
        return db.SaveChangesAsync(CancellationToken);
    }

    public Task Discard(SagaConsumeContext<TSaga> unused) => Task.CompletedTask;

    public Task Undo(SagaConsumeContext<TSaga> undone)
    {
        db.Entry(undone.Saga).State = EntityState.Unchanged;
        return Task.CompletedTask;
    }

    public Task<SagaConsumeContext<TSaga, TOther>> CreateSagaConsumeContext<TOther>(
        ConsumeContext<TOther> consumeContext, TSaga instance, SagaConsumeContextMode how)
        where TOther : class =>
        contexts.CreateSagaConsumeContext(db, consumeContext, instance, how);

    private async Task<TSaga?> Find(Guid correlationId)
    {
        if (mode == ConcurrencyMode.Optimistic)
            return await db.Set<TSaga>().SingleOrDefaultAsync(saga => saga.CorrelationId == correlationId, CancellationToken);

        // Nothing may be composed onto a locking statement, hence the list of at most one.
        var locked = await db.Set<TSaga>().FromSqlRaw(SagaLock<TSaga>.Statement(db), correlationId).ToListAsync(CancellationToken);
        return locked.SingleOrDefault();
    }

    private Task<SagaConsumeContext<TSaga, T>> Context(TSaga instance, SagaConsumeContextMode how) =>
        contexts.CreateSagaConsumeContext(db, _context, instance, how);
}
