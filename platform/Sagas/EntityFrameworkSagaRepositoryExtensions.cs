using MassTransit.Configuration;
using MassTransit.Saga;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Outdial.Platform.Sagas;

// See EntityFrameworkOutboxExtensions for the namespace.
namespace MassTransit;

/// <summary>How a saga is stored on PostgreSQL.</summary>
public interface IEntityFrameworkSagaRepositoryConfigurator<TSaga>
    where TSaga : class, ISaga
{
    /// <summary>
    /// <see cref="ConcurrencyMode.Pessimistic"/> (default): the row is locked while an event is handled, events queue up.
    /// For instances that many events hit at once. <see cref="ConcurrencyMode.Optimistic"/>: no lock; of two events that
    /// meet, the loser sees a changed <c>Version</c> and is retried. The saga should implement <see cref="ISagaVersion"/> in both.
    /// </summary>
    ConcurrencyMode ConcurrencyMode { set; }

    /// <summary>The context of the service, as the container's scope has it.</summary>
    void ExistingDbContext<TContext>() where TContext : DbContext;
}

public static class EntityFrameworkSagaRepositoryExtensions
{
    /// <summary>Stores the saga in the table that the service's context maps it to.</summary>
    /// <exception cref="ConfigurationException">No context was named.</exception>
    public static ISagaRegistrationConfigurator<TSaga> EntityFrameworkRepository<TSaga>(
        this ISagaRegistrationConfigurator<TSaga> configurator, Action<IEntityFrameworkSagaRepositoryConfigurator<TSaga>> configure)
        where TSaga : class, ISaga
    {
        var repository = new Configurator<TSaga>();
        configure(repository);
        return configurator.Repository(repository.Register);
    }

    private sealed class Configurator<TSaga> : IEntityFrameworkSagaRepositoryConfigurator<TSaga>
        where TSaga : class, ISaga
    {
        private Action<IServiceCollection>? _register;

        public ConcurrencyMode ConcurrencyMode { get; set; } = ConcurrencyMode.Pessimistic;

        public void ExistingDbContext<TContext>() where TContext : DbContext => _register = services =>
        {
            services.AddSingleton(new SagaConcurrency<TSaga>(ConcurrencyMode));
            services.RegisterLoadSagaRepository<TSaga, SagaStore<TContext, TSaga>>();
            services.RegisterQuerySagaRepository<TSaga, SagaStore<TContext, TSaga>>();
            services.RegisterSagaRepository<TSaga, TContext, SagaConsumeContextFactory<TContext, TSaga>, SagaStore<TContext, TSaga>>();
        };

        public void Register(ISagaRepositoryRegistrationConfigurator<TSaga> services) =>
            (_register ?? throw new ConfigurationException($"The saga {typeof(TSaga).Name} needs ExistingDbContext<TContext>()."))(services);
    }
}
