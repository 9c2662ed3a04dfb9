using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Outdial.Providers.Exotel.Client;

/// <summary>Spans named for the kind of request; never the address itself, which may carry a phone number.</summary>
internal static class ExotelTelemetry
{
    private const string Name = "Outdial.Providers.Exotel";

    private static readonly ActivitySource Source = new(Name);
    private static readonly Counter<long> Oddities =
        new Meter(Name).CreateCounter<long>("outdial.provider.oddities", "{oddity}", "Oddities in the provider's own records that were left out, by kind.");

    /// <summary>Counts what was odd in a record.</summary>
    /// <param name="kind">Of the record; a bounded word.</param>
    /// <param name="oddity">A bounded word.</param>
    public static void Odd(string kind, string oddity) => Oddities.Add(1, new("kind", kind), new("oddity", oddity));

    public static Activity? Start(string template)
    {
        var span = Source.StartActivity($"exotel {template}", ActivityKind.Client);
        span?.SetTag("url.template", template);
        return span;
    }

    public static void Answered(this Activity? span, HttpResponseMessage response)
    {
        span?.SetTag("http.response.status_code", (int)response.StatusCode);
        if ((int)response.StatusCode >= 400)
            span?.SetStatus(ActivityStatusCode.Error);
    }

    public static void Failed(this Activity? span, string error) => span?.SetTag("error.type", error).SetStatus(ActivityStatusCode.Error);
}
