using System.Globalization;

namespace Outdial.Simulator;

/// <summary>A valid <c>Calls/connect</c>. Numbers are E.164.</summary>
/// <param name="To">The second number of a two-number call; null for a flow call.</param>
/// <param name="TimeOut">Seconds of ringing, at most 60.</param>
/// <param name="TimeLimit">Seconds of the whole call, at most 14400.</param>
public sealed record ConnectRequest(
    string From, string? To, ExoPhone CallerId, string? Url, string? CustomField, int TimeOut, int TimeLimit,
    Uri? StatusCallback, IReadOnlyList<string> StatusCallbackEvents, string StatusCallbackContentType)
{
    public const int MaxCustomField = 128;
    public const int MaxTimeOut = 60;
    public const int MaxTimeLimit = 14400;
    private const int DefaultTimeOut = 30;

    private static readonly string[] KnownEvents = ["terminal", "answered", "ringing"];
    private static readonly string[] KnownContentTypes = ["multipart/form-data", "application/json", "application/x-www-form-urlencoded"];

    /// <summary>Reads the form as the reference describes it.</summary>
    /// <returns>The request, or null and the sentence for the 400.</returns>
    public static (ConnectRequest? Request, string? Problem) Read(IFormCollection form, ExoPhones own)
    {
        string? Text(string name) => form[name].ToString() is { Length: > 0 } text ? text : null;

        if (Text("From") is null)
            return Required("From");
        if (Text("CallerId") is null)
            return Required("CallerId");
        if (Text("Url") is null && Text("To") is null)
            return Required("Url");
        if (!PhoneNumbers.TryRead(Text("From"), out var from))
            return Invalid("From", "is not a valid phone number");
        string? to = null;
        if (Text("To") is { } second && !PhoneNumbers.TryRead(second, out to))
            return Invalid("To", "is not a valid phone number");
        if (own.ByNumber(Text("CallerId")) is not { } callerId)
            return Invalid("CallerId", "is not an ExoPhone of this account");
        if (Text("Url") is { } url && !IsFlow(url))
            return Invalid("Url", "is not a call flow");
        if (Text("CustomField") is { Length: > MaxCustomField })
            return Invalid("CustomField", "is longer than 128 characters");
        if (Text("CallType") is not (null or "trans"))
            return Invalid("CallType", "must be trans");
        if (!TryNumber(Text("TimeOut"), DefaultTimeOut, MaxTimeOut, out var timeOut))
            return Invalid("TimeOut", "must be a number of seconds from 1 to 60");
        if (!TryNumber(Text("TimeLimit"), MaxTimeLimit, MaxTimeLimit, out var timeLimit))
            return Invalid("TimeLimit", "must be a number of seconds from 1 to 14400");
        Uri? callback = null;
        if (Text("StatusCallback") is { } address && !IsWebAddress(address, out callback))
            return Invalid("StatusCallback", "is not a URL");
        var events = form.Where(f => f.Key.StartsWith("StatusCallbackEvents", StringComparison.Ordinal))
            .SelectMany(f => f.Value).OfType<string>().Distinct().ToArray();
        if (events.Except(KnownEvents).Any())
            return Invalid("StatusCallbackEvents", "knows terminal, answered and ringing");
        var contentType = Text("StatusCallbackContentType") ?? KnownContentTypes[0];
        if (!KnownContentTypes.Contains(contentType))
            return Invalid("StatusCallbackContentType", "must be multipart/form-data or application/json");

        return (new ConnectRequest(
            from, to, callerId, Text("Url"), Text("CustomField"), timeOut, timeLimit, callback, events, contentType), null);
    }

    // The sentence for a missing parameter is the reference's own; the others follow its pattern.
    private static (ConnectRequest?, string?) Required(string name) => (null, $"The '{name}' parameter is required.");
    private static (ConnectRequest?, string?) Invalid(string name, string why) => (null, $"The '{name}' parameter {why}.");

    private static bool IsFlow(string url) =>
        IsWebAddress(url, out var address) && address!.AbsolutePath.Contains("/exoml/start_voice/", StringComparison.Ordinal);

    private static bool IsWebAddress(string text, out Uri? address) =>
        Uri.TryCreate(text, UriKind.Absolute, out address) && address.Scheme is "http" or "https" && address is not null;

    private static bool TryNumber(string? text, int absent, int max, out int number)
    {
        number = absent;
        return text is null
            || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= 1 && number <= max);
    }
}
