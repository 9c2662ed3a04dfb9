using MassTransit.Middleware;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Outdial.Platform.Outbox;
using Outdial.Platform.Sagas;
using Outdial.Platform.Storage;

namespace Outdial.Platform;

public static class DatabaseExtensions
{
    /// <summary>
    /// Gives a service its database: <c>ConnectionStrings:{name}</c>, created and migrated before anything else of the
    /// host starts, with a health check, and with the outbox and inbox that tie its messages to its rows.
    /// Scripts are embedded resources <c>Data/Migrations/NNNN-name.sql</c> of the assembly of <typeparamref name="TDb"/>.
    /// Tables and columns have snake_case names, and so have the columns that a query of one's own gives to a record:
    /// <c>LastUsedAt</c> is read from <c>last_used_at</c>.
    /// </summary>
    /// <param name="name">Name of the service, of its connection string and of the pool in the metrics.</param>
    /// <exception cref="InvalidOperationException">The connection string is missing or cannot be read.</exception>
    public static IHostApplicationBuilder AddDatabase<TDb>(this IHostApplicationBuilder builder, string name)
        where TDb : DbContext
    {
        var services = builder.Services;
        if (services.Any(s => s.ServiceType == typeof(ServiceDatabase<TDb>)))
            return builder;

        var options = builder.Configuration.GetSection(DatabaseOptions.Section).Get<DatabaseOptions>() ?? new();
        var connectionString = ConnectionString(builder.Configuration, name, options);

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(options);
        services.AddOptions<DatabaseOptions>().BindConfiguration(DatabaseOptions.Section).ValidateOnStart();
        services.AddMessagingOptions();
        services.AddSingleton(provider => new ServiceDatabase<TDb>(name, Open(provider, name, connectionString), connectionString));
        services.AddSingleton<SourceInterceptor<TDb>>();
        services.AddMetrics();
        services.TryAddSingleton<OutboxDepths>();
        services.AddSingleton<OutboxSignal<TDb>>();
        services.AddSingleton<CommitInterceptor<TDb>>();

        // Pooled, because one is taken per message: building its options and its inner services each time cost more than
        // the statements that a typical handler runs through it.
        services.AddDbContextPool<TDb>((provider, db) => db
            .UseNpgsql()
            .UseSnakeCaseNamingConvention()
            .LeavesFailuresToCallers()
            .AddInterceptors(
                provider.GetRequiredService<SourceInterceptor<TDb>>(), provider.GetRequiredService<CommitInterceptor<TDb>>(),
                SagaVersionInterceptor.Instance));

        services.AddSingleton(provider => new DatabasePreparation<TDb>(
            provider.GetRequiredService<ServiceDatabase<TDb>>(), provider.GetRequiredService<DatabaseOptions>(),
            provider.GetRequiredService<ILoggerFactory>(),
            provider.GetRequiredService<TimeProvider>(), mayMove: provider.GetService<CareAfterRestore<TDb>>() is null));
        services.AddSingleton<IDatabasePreparation>(provider => provider.GetRequiredService<DatabasePreparation<TDb>>());
        services.AddHostedService(provider => new DatabaseStarter<TDb>(
            provider.GetRequiredService<DatabasePreparation<TDb>>(), provider.GetRequiredService<DatabaseOptions>()));
        services.AddHealthChecks().AddCheck<DatabaseHealthCheck<TDb>>($"database:{name}", tags: ["ready"]);

        services.AddScoped<OutboxWriter<TDb>>();
        services.AddScoped<IOutbox<TDb>>(provider => provider.GetRequiredService<OutboxWriter<TDb>>());
        services.AddScoped<IOutboxContextFactory<TDb>, InboxOutboxContextFactory<TDb>>();
        services.AddSingleton<IConfirmedPublisher<TDb>, ConfirmedPublisher<TDb>>();
        services.AddSingleton<OutboxDelivery<TDb>>();
        services.AddSingleton<OutboxDeliveryLoop<TDb>>();
        services.AddSingleton<IOutboxFlush>(provider => provider.GetRequiredService<OutboxDeliveryLoop<TDb>>());
        services.AddHostedService(provider => provider.GetRequiredService<OutboxDeliveryLoop<TDb>>());
        services.AddHostedService<OutboxPruner<TDb>>();
        return builder.AddInvariants(name, Invariant.Rows<TDb>("outbox-stuck", "A message that was committed long ago has not been handed over.",
            "select message_id as id from outbox_messages where delivered_at is null and greatest(created_at, deliver_at) < @overdue"));
    }

    /// <summary>
    /// Names what is to be done with the service's database after it was restored from a dump. Until it is, the service does not serve.
    /// </summary>
    public static IServiceCollection AddAfterRestore<TDb, TStep>(this IServiceCollection services)
        where TDb : DbContext
        where TStep : class, IAfterRestore
    {
        services.AddSingleton<CareAfterRestore<TDb>>();
        return services.AddScoped<IAfterRestore, TStep>();
    }

    /// <summary>
    /// Gives a process a database that it can be without for a while: no outbox, and the process serves before the database answers. Scripts
    /// apply as soon as it does; meanwhile the health check is degraded, not unhealthy.
    /// </summary>
    /// <inheritdoc cref="AddDatabase{TDb}(IHostApplicationBuilder, string)"/>
    public static IHostApplicationBuilder AddLateDatabase<TDb>(this IHostApplicationBuilder builder, string name)
        where TDb : DbContext
    {
        var services = builder.Services;
        if (services.Any(s => s.ServiceType == typeof(ServiceDatabase<TDb>)))
            return builder;

        var options = builder.Configuration.GetSection(DatabaseOptions.Section).Get<DatabaseOptions>() ?? new();
        var connectionString = ConnectionString(builder.Configuration, name, options);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(options);
        services.AddOptions<DatabaseOptions>().BindConfiguration(DatabaseOptions.Section).ValidateOnStart();
        services.AddSingleton(provider => new ServiceDatabase<TDb>(name, Open(provider, name, connectionString), connectionString));
        services.AddSingleton<SourceInterceptor<TDb>>();
        services.AddDbContextPool<TDb>((provider, db) => db
            .UseNpgsql()
            .UseSnakeCaseNamingConvention()
            .LeavesFailuresToCallers()
            .AddInterceptors(provider.GetRequiredService<SourceInterceptor<TDb>>()));
        services.AddSingleton(provider => new DatabasePreparation<TDb>(provider.GetRequiredService<ServiceDatabase<TDb>>(),
            provider.GetRequiredService<DatabaseOptions>(), provider.GetRequiredService<ILoggerFactory>(),
            provider.GetRequiredService<TimeProvider>(), isAwaited: false));
        services.AddSingleton<IDatabasePreparation>(provider => provider.GetRequiredService<DatabasePreparation<TDb>>());
        services.AddHostedService(provider => new LateDatabaseStarter(
            provider.GetRequiredService<DatabasePreparation<TDb>>(), provider.GetRequiredService<ILogger<LateDatabaseStarter>>()));
        services.AddHealthChecks().AddCheck<DatabaseHealthCheck<TDb>>($"database:{name}", HealthStatus.Degraded, tags: ["ready"]);
        return builder;
    }

    private static string ConnectionString(IConfiguration configuration, string name, DatabaseOptions options)
    {
        var text = configuration.GetConnectionString(name);
        if (string.IsNullOrWhiteSpace(text))
            throw new InvalidOperationException(
                $"ConnectionStrings:{name} is missing: name the PostgreSQL database of the {name} service, " +
                $"for example Host=localhost;Database={name};Username=outdial.");
        try
        {
            var read = new NpgsqlConnectionStringBuilder(text);
            // Not ContainsKey: that one says yes to every word it knows, given or not.
            if (!read.ShouldSerialize("Maximum Pool Size"))
                read.MaxPoolSize = Math.Max(1, options.MaxPoolSize);   // a wrong one is said by its own name
            if (!read.ShouldSerialize("Max Auto Prepare"))
                read.MaxAutoPrepare = Math.Max(0, options.MaxPreparedStatements);
            if (string.IsNullOrEmpty(read.ApplicationName))
                read.ApplicationName = $"outdial-{name}";
            if (string.IsNullOrEmpty(read.Database))
                read.Database = name;
            return read.ConnectionString;
        }
        catch (ArgumentException e)
        {
            // The text itself may carry a password and stays out of the message.
            throw new InvalidOperationException($"ConnectionStrings:{name} cannot be read: {e.Message}", e);
        }
    }

    private static NpgsqlDataSource Open(IServiceProvider provider, string name, string connectionString)
    {
        var source = new NpgsqlDataSourceBuilder(connectionString) { Name = name };
        source.UseLoggerFactory(provider.GetService<ILoggerFactory>());
        return source.Build();
    }
}
