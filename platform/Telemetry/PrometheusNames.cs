using System.Text.RegularExpressions;

namespace Outdial.Platform;

/// <summary>Names as Prometheus wants them, by the rules of the OpenTelemetry specification ("Prometheus and OpenMetrics compatibility").</summary>
internal static partial class PrometheusNames
{
    private static readonly Dictionary<string, string> Units = new()
    {
        ["s"] = "seconds",
        ["ms"] = "milliseconds",
        ["us"] = "microseconds",
        ["ns"] = "nanoseconds",
        ["min"] = "minutes",
        ["h"] = "hours",
        ["d"] = "days",
        ["By"] = "bytes",
        ["KiBy"] = "kibibytes",
        ["MiBy"] = "mebibytes",
        ["%"] = "percent",
        ["Cel"] = "celsius",
        ["Hz"] = "hertz",
    };

    /// <summary><c>outdial.call.ring.duration</c> in <c>s</c> becomes <c>outdial_call_ring_duration_seconds</c>; a counter ends in <c>_total</c>.</summary>
    public static string Metric(string name, string? unit, PrometheusType type)
    {
        var result = Clean(name);
        if (Unit(unit, type) is { } suffix && !result.EndsWith("_" + suffix, StringComparison.Ordinal) && !result.EndsWith($"_{suffix}_total", StringComparison.Ordinal))
            result = result.EndsWith("_total", StringComparison.Ordinal) ? $"{result[..^6]}_{suffix}_total" : $"{result}_{suffix}";
        return type == PrometheusType.Counter && !result.EndsWith("_total", StringComparison.Ordinal) ? result + "_total" : result;
    }

    public static string Label(string name) => Clean(name);

    private static string? Unit(string? unit, PrometheusType type)
    {
        // What stands in braces is an annotation, not a unit: {call} counts calls.
        var plain = Annotation().Replace(unit ?? "", "");
        if (plain == "1")
            return type == PrometheusType.Gauge ? "ratio" : null;
        var parts = plain.Split('/', 2);
        var first = Word(parts[0]);
        return parts.Length == 2 && Word(parts[1]) is { } per ? $"{first}_per_{per.TrimEnd('s')}".TrimStart('_') : first;
    }

    private static string? Word(string unit) => unit.Length == 0 ? null : Units.GetValueOrDefault(unit) ?? Clean(unit);

    private static string Clean(string name)
    {
        var clean = Runs().Replace(Forbidden().Replace(name, "_"), "_");
        return char.IsAsciiDigit(clean[0]) ? "_" + clean : clean;
    }

    [GeneratedRegex("[^A-Za-z0-9_]")]
    private static partial Regex Forbidden();

    [GeneratedRegex("__+")]
    private static partial Regex Runs();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Annotation();
}

internal enum PrometheusType
{
    Counter,
    Gauge,
    Histogram,
}
