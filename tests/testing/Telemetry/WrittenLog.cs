using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Outdial.Testing;

/// <summary>One line of a program's log.</summary>
/// <param name="Failure">The exception that its reader sees with its stack trace; null: none.</param>
public sealed record LogLine(LogLevel Level, string Category, string Text, Exception? Failure);

/// <summary>All that a program logs, down to the last detail.</summary>
public sealed class WrittenLog : ILoggerProvider
{
    private readonly ConcurrentQueue<LogLine> _lines = new();

    public IReadOnlyList<LogLine> Lines => [.. _lines];

    /// <summary>What stands in the log of an installation and looks like a fault of the program.</summary>
    public IReadOnlyList<LogLine> Alarms =>
        [.. _lines.Where(line => line.Level >= LogLevel.Warning || (line.Failure is not null && line.Level >= LogLevel.Information))];

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Category(WrittenLog log, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log._lines.Enqueue(new(logLevel, name, formatter(state, exception), exception));
    }
}
