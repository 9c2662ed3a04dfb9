using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Outdial.Ingress.Data;
using Outdial.Ingress.Retention;
using Outdial.Testing;

namespace Outdial.Ingress.Tests.Retention;

public sealed class WebhookPrunerTests
{
    [Fact]
    public async Task Pruning_goes_on_while_the_database_is_away_and_says_so_once()
    {
        await using var services = new ServiceCollection()
            .AddDbContext<IngressDbContext>(db => db.UseNpgsql("Host=127.0.0.1;Port=1;Database=ingress;Username=nobody;Timeout=1"))
            .BuildServiceProvider();
        var (clock, log) = (new FakeTimeProvider(), new Lines());
        using var pruner = new WebhookPruner(services.GetRequiredService<IServiceScopeFactory>(), Options.Create(new IngressOptions()), clock, log);

        await pruner.StartAsync(default);
        await Eventually.Async(() => log.Warnings.Count == 1);
        for (var hour = 1; hour <= 3; hour++)
        {
            clock.Advance(TimeSpan.FromHours(1));
            Assert.False(pruner.ExecuteTask!.IsCompleted);
        }

        await pruner.StopAsync(default);
        Assert.False(pruner.ExecuteTask!.IsFaulted);
        Assert.StartsWith("The pruning of webhooks waits for its database", Assert.Single(log.Warnings), StringComparison.Ordinal);
    }

    private sealed class Lines : ILogger<WebhookPruner>
    {
        private readonly ConcurrentQueue<string> _written = new();

        public IReadOnlyCollection<string> Warnings => _written;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                _written.Enqueue(formatter(state, exception));
        }
    }
}
