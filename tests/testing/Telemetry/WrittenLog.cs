using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace Outdial.Testing;

/// <summary>One line of a program's log.</summary>
/// <param name="Failure">The exception that its reader sees with its stack trace; null: none.</param>
/// <param name="IsOfRequest">Written for a request or its connection, and not by what the program does on its own.</param>
public sealed record LogLine(LogLevel Level, string Category, string Text, Exception? Failure, bool IsOfRequest);

/// <summary>All that a program logs, down to the last detail.</summary>
public sealed class WrittenLog : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentQueue<LogLine> _lines = new();
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

    public IReadOnlyList<LogLine> Lines => [.. _lines];

    /// <summary>
    /// What stands in the log of an installation because of requests and looks like a fault of the program. What its loops, its server's
    /// heartbeat and its databases have to say depends on the machine and its moment, and is nothing that a test's request did.
    /// </summary>
    public IReadOnlyList<LogLine> AlarmsOfRequests =>
        [.. _lines.Where(line => line.IsOfRequest
            && (line.Level >= LogLevel.Warning || (line.Failure is not null && line.Level >= LogLevel.Information)))];

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
    }

    /// <summary>The server names a connection, the host a request, in a scope around all that is done for it.</summary>
    private bool IsInRequest()
    {
        var found = new StrongBox<bool>();
        _scopes.ForEachScope(static (scope, found) =>
            found.Value |= scope is IEnumerable<KeyValuePair<string, object?>> named
                && named.Any(pair => pair.Key is "ConnectionId" or "RequestId"), found);
        return found.Value;
    }

    private sealed class Category(WrittenLog log, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => log._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log._lines.Enqueue(new(logLevel, name, formatter(state, exception), exception, log.IsInRequest()));
    }
}
