using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;

namespace Outdial.Platform.Storage;

/// <summary>
/// Waits for the database and its schema. It works in <see cref="StartingAsync"/>, which the host completes for every
/// service before it starts the first: no consumer and no loop ever meets a schema that is not there yet. Under
/// <c>RunServiceAsync</c> the wait was over before, and nothing is left to do here.
/// </summary>
public sealed class DatabaseStarter<TDb> : IHostedLifecycleService
    where TDb : DbContext
{
    private readonly DatabasePreparation<TDb> _preparation;
    private readonly DatabaseOptions _options;

    internal DatabaseStarter(DatabasePreparation<TDb> preparation, DatabaseOptions options) => (_preparation, _options) = (preparation, options);

    public Task StartingAsync(CancellationToken cancellationToken) => _preparation.PrepareAsync(_options.StartTimeout, cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
