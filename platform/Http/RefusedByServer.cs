using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Outdial.Platform.Http;

/// <summary>
/// Says which requests the server itself refused, because they are no HTTP: nothing that comes later sees them. One line a second at most, since
/// anybody can send such; the metric counts all.
/// </summary>
internal sealed partial class RefusedByServer(IServiceProvider services, ILogger<RefusedByServer> log)
    : IHostedService, ICountsFromZero, IObserver<KeyValuePair<string, object?>>
{
    private const string Refused = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";
    private static readonly Meter Figures = new("Outdial.Http");
    private static readonly Counter<long> Count = Figures.CreateCounter<long>(
        "outdial.http.malformed", "{request}", "Requests that were refused before anything looked at them, by the status of the answer.");

    private IDisposable? _subscription;
    private long _said;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = services.GetService<DiagnosticListener>()?.Subscribe(this, name => name == Refused);   // none without a server
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _subscription?.Dispose();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Begin() => Count.Add(0, new KeyValuePair<string, object?>("status", StatusCodes.Status400BadRequest));

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Key != Refused || (value.Value as IFeatureCollection)?.Get<IBadRequestExceptionFeature>()?.Error is not { } error)
            return;
        var status = (error as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status400BadRequest;
        Count.Add(1, new KeyValuePair<string, object?>("status", status));
        var (now, said) = (TimeProvider.System.GetTimestamp(), Volatile.Read(ref _said));
        var isQuiet = said == 0 || TimeProvider.System.GetElapsedTime(said, now) >= TimeSpan.FromSeconds(1);
        if (isQuiet && Interlocked.CompareExchange(ref _said, now, said) == said)
            Malformed(status, Masked.Text(error.Message));
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    [LoggerMessage(EventId = 1110, Level = LogLevel.Information, Message = "A request was answered {Status} before anything looked at it: {Reason}")]
    private partial void Malformed(int status, string reason);
}
