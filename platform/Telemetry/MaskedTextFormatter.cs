using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Outdial.Platform;

/// <summary>One line for people: time, level, category, message, exception.</summary>
internal sealed class MaskedTextFormatter(TimeProvider clock) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "outdial-simple";

    public override void Write<TState>(in LogEntry<TState> entry, IExternalScopeProvider? scopes, TextWriter writer)
    {
        var line = string.Create(CultureInfo.InvariantCulture,
            $"{clock.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss.fff'Z'} {Word(entry.LogLevel)} {entry.Category}[{entry.EventId.Id}] {entry.Formatter(entry.State, entry.Exception)}");
        writer.WriteLine(Masked.Text(entry.Exception is null ? line : $"{line}{Environment.NewLine}{entry.Exception}"));
    }

    public static string Word(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "error",
        _ => "critical",
    };
}
