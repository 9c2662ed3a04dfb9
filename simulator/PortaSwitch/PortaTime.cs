using System.Globalization;

namespace Outdial.Simulator.PortaSwitch;

/// <summary>PortaSwitch's times: UTC, without a zone, to the second, such as <c>2026-01-14 06:00:05</c>.</summary>
public static class PortaTime
{
    public static string Text(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    public static string? Text(DateTimeOffset? instant) => instant is { } known ? Text(known) : null;
}
