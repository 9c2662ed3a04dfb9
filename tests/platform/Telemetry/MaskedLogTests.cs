using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Time.Testing;

namespace Outdial.Platform.Tests.Telemetry;

public sealed class MaskedLogTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 14, 12, 0, 0, TimeSpan.Zero);
    private static readonly InvalidOperationException Failure = new("no such lead: +919876540240");

    [Fact]
    public void A_line_for_people_carries_time_level_category_and_no_whole_number()
    {
        var line = Write(new MaskedTextFormatter(new FakeTimeProvider(Noon)));

        Assert.StartsWith("2026-01-14T12:00:00.000Z warn Outdial.Pacer[7] Dialing +91••••••0240", line);
        Assert.Contains("no such lead: +91••••••0240", line);
        Assert.DoesNotContain("9876540240", line);
    }

    [Fact]
    public void A_line_for_machines_stays_valid_JSON_whatever_is_masked_in_it()
    {
        var line = Write(new MaskedJsonFormatter(new FakeTimeProvider(Noon)));

        var entry = JsonSerializer.Deserialize<JsonElement>(line);
        Assert.Equal("Dialing +91••••••0240", entry.GetProperty("message").GetString());
        Assert.Equal("+91••••••0240", entry.GetProperty("fields").GetProperty("Number").GetString());
        Assert.Equal("••••••0240", entry.GetProperty("fields").GetProperty("Caller").GetString());
        Assert.DoesNotContain("9876540240", line);
    }

    private static string Write(ConsoleFormatter formatter)
    {
        var scopes = new LoggerExternalScopeProvider();
        using var scope = scopes.Push(new Dictionary<string, object?> { ["Caller"] = 919876540240L });
        var state = new Dictionary<string, object?> { ["Number"] = "+919876540240", ["{OriginalFormat}"] = "Dialing {Number}" };
        using var writer = new StringWriter();
        var entry = new LogEntry<Dictionary<string, object?>>(LogLevel.Warning, "Outdial.Pacer", new EventId(7), state, Failure, (_, _) => "Dialing +919876540240");
        formatter.Write(entry, scopes, writer);
        return writer.ToString();
    }
}
