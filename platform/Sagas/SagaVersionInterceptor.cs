using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Outdial.Platform.Sagas;

/// <summary>
/// Counts up <see cref="ISagaVersion.Version"/> of every saga row that is about to be changed, whoever changes it: a
/// state machine or an HTTP handler. The column is a concurrency token, so the second of two writers is refused.
/// </summary>
internal sealed class SagaVersionInterceptor : SaveChangesInterceptor
{
    public static readonly SagaVersionInterceptor Instance = new();

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        CountUp(eventData.Context);
        return ValueTask.FromResult(result);
    }

    public override InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result)
    {
        CountUp(eventData.Context);
        return result;
    }

    private static void CountUp(DbContext? db)
    {
        foreach (var saga in db?.ChangeTracker.Entries<ISagaVersion>() ?? [])
            if (saga.State == EntityState.Modified)
                saga.Entity.Version++;
    }
}
