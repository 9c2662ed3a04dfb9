using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Outdial.Platform;

/// <summary>Logs on the console, for people or (<c>Logs:Format=json</c>) for machines; no line carries a whole phone number.</summary>
internal static class MaskedLogs
{
    // What others log about every request, statement and client call: of use only when one is looking for it.
    private static readonly string[] Talkative = ["Microsoft.AspNetCore", "Microsoft.EntityFrameworkCore", "System.Net.Http.HttpClient", "Npgsql", "Yarp"];

    public static void AddMaskedLogs(this IHostApplicationBuilder builder)
    {
        var format = builder.Configuration["Logs:Format"] ?? "simple";
        var formatter = format switch
        {
            "simple" => MaskedTextFormatter.FormatterName,
            "json" => MaskedJsonFormatter.FormatterName,
            _ => throw new InvalidOperationException($"Logs:Format is '{format}'; expected simple or json."),
        };
        builder.Logging.ClearProviders();
        builder.Logging.AddConsole(console => console.FormatterName = formatter);
        builder.Logging.AddConsoleFormatter<MaskedTextFormatter, ConsoleFormatterOptions>();
        builder.Logging.AddConsoleFormatter<MaskedJsonFormatter, ConsoleFormatterOptions>();
        // In front of the configured rules, which therefore still win.
        builder.Services.Configure<LoggerFilterOptions>(filters =>
        {
            foreach (var category in Talkative)
                filters.Rules.Insert(0, new LoggerFilterRule(null, category, LogLevel.Warning, null));
            // Whoever asks is told why we are not ready; a line for every probe would bury what led to it.
            filters.Rules.Insert(0, new LoggerFilterRule(null, "Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.Critical, null));
        });
    }
}
