using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Outdial.Platform.Hosting;

/// <summary>
/// One look at everything for all who ask at the same time and for a moment afterwards: anybody may ask, and each look asks the database.
/// What was found while the process served does not count once it was told to stop.
/// </summary>
internal sealed class SharedHealth : HealthCheckService
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromMilliseconds(250);

    private readonly HealthCheckService _checks;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly Kept<HealthReport> _serving, _stopping;

    /// <param name="checks">What looks.</param>
    /// <param name="lifetime">Of the process.</param>
    /// <param name="clock">Real time.</param>
    public SharedHealth(HealthCheckService checks, IHostApplicationLifetime lifetime, TimeProvider clock)
    {
        (_checks, _lifetime) = (checks, lifetime);
        _serving = new(() => _checks.CheckHealthAsync(CancellationToken.None), KeptFor, clock);
        _stopping = new(() => _checks.CheckHealthAsync(CancellationToken.None), KeptFor, clock);
    }

    public override Task<HealthReport> CheckHealthAsync(
        Func<HealthCheckRegistration, bool>? predicate, CancellationToken cancellationToken = default) =>
        predicate is null
            ? (_lifetime.ApplicationStopping.IsCancellationRequested ? _stopping : _serving).GetAsync(cancellationToken)
            : _checks.CheckHealthAsync(predicate, cancellationToken);
}

internal static class SharedHealthRegistration
{
    /// <summary>Puts the sharing in front of the checks; after <c>AddHealthChecks</c>.</summary>
    public static void AddSharedHealth(this IServiceCollection services)
    {
        var checks = services.Single(service => service.ServiceType == typeof(HealthCheckService));
        services.Remove(checks);
        services.AddSingleton<HealthCheckService>(provider => new SharedHealth(
            (HealthCheckService)ActivatorUtilities.CreateInstance(provider, checks.ImplementationType!),
            provider.GetRequiredService<IHostApplicationLifetime>(), TimeProvider.System));
    }
}
