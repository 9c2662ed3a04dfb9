using System.Diagnostics;

namespace Outdial.Providers.Exotel.Client;

/// <summary>Spans named for the kind of request; never the address itself, which may carry a phone number.</summary>
internal static class ExotelTelemetry
{
    private static readonly ActivitySource Source = new("Outdial.Providers.Exotel");

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
