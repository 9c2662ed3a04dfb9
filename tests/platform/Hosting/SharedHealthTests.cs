using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using Outdial.Platform.Hosting;

namespace Outdial.Platform.Tests.Hosting;

public sealed class SharedHealthTests
{
    private readonly Checks _checks = new();
    private readonly Lifetime _lifetime = new();
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task However_many_ask_for_health_everything_is_looked_at_once()
    {
        var health = new SharedHealth(_checks, _lifetime, _clock);
        var asking = Enumerable.Range(0, 200).Select(_ => health.CheckHealthAsync()).ToList();

        _checks.Gate.SetResult();
        await Task.WhenAll(asking);
        await health.CheckHealthAsync();

        Assert.Equal(1, _checks.Looks);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await health.CheckHealthAsync();
        Assert.Equal(2, _checks.Looks);
    }

    [Fact]
    public async Task A_process_that_is_told_to_stop_is_looked_at_anew()
    {
        var health = new SharedHealth(_checks, _lifetime, _clock);
        _checks.Gate.SetResult();
        await health.CheckHealthAsync();

        _lifetime.StopApplication();
        await health.CheckHealthAsync();

        Assert.Equal(2, _checks.Looks);
    }

    private sealed class Checks : HealthCheckService
    {
        public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Looks { get; private set; }

        public override async Task<HealthReport> CheckHealthAsync(
            Func<HealthCheckRegistration, bool>? predicate, CancellationToken cancellationToken = default)
        {
            Looks++;
            await Gate.Task;
            return new HealthReport(new Dictionary<string, HealthReportEntry>(), TimeSpan.Zero);
        }
    }

    private sealed class Lifetime : IHostApplicationLifetime
    {
        private readonly CancellationTokenSource _stopping = new();

        public CancellationToken ApplicationStarted => default;

        public CancellationToken ApplicationStopping => _stopping.Token;

        public CancellationToken ApplicationStopped => default;

        public void StopApplication() => _stopping.Cancel();
    }
}
