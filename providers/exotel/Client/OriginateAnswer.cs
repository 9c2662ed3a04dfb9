using System.Text.RegularExpressions;
using Outdial.Contracts;

namespace Outdial.Providers.Exotel.Client;

/// <summary>
/// What Exotel's answer to Calls/connect means. In doubt the call may exist: then the answer is uncertain, and the
/// provider's records decide before anybody is called again.
/// </summary>
internal static partial class OriginateAnswer
{
    /// <summary>Exotel names no time to wait. A sixth of its minute's requests have left its window by then.</summary>
    private static readonly TimeSpan DefaultRetryAfter = TimeSpan.FromSeconds(10);

    /// <summary>How long to wait after the provider could not be reached at all.</summary>
    public static readonly TimeSpan UnreachableRetryAfter = TimeSpan.FromSeconds(10);

    public static OriginateResult Read(ExotelReply reply)
    {
        var call = reply.Succeeded ? reply.Object("Call") : null;
        if (call?.Text("Sid") is { } sid)
            return new OriginateResult.Accepted(sid, call.Text("Status"));

        var message = reply.ErrorMessage ?? "";
        return reply.Status switch
        {
            400 or 403 or 404 when DoNotDisturb().IsMatch(message) =>
                Refused(Outcomes.Barred, "The number is barred by the do-not-disturb registry.", reply),
            400 when AboutFrom().IsMatch(message) => Refused(Outcomes.InvalidNumber, "The provider says the number is not valid.", reply),
            400 => Refused(Outcomes.ProviderError, $"The provider refused the request: {Words(message)}", reply),
            401 => Trouble("The provider refused our key or token, or the account is of another region.", reply),
            402 => Trouble("The provider's plan or credit limit is reached.", reply),
            403 when AboutTheNumber().IsMatch(message) => Refused(Outcomes.Barred, "The provider does not carry calls to this number.", reply),
            403 => Trouble("The provider denies access: the account is suspended, or our address is not allowed.", reply),
            404 => Trouble("The provider knows no such account or path; the base address or the account SID may be wrong.", reply),
            429 => Refused(Outcomes.ProviderError, "The provider's rate limit is reached.", reply, keeps: true, after: reply.RetryAfter ?? DefaultRetryAfter),
            >= 300 and < 400 => Trouble("The provider redirects; the base address is wrong.", reply),
            >= 200 and < 300 => new OriginateResult.Uncertain("The provider accepted, and its answer names no call.", reply.Status),
            // Exotel documents 500 and 504 as "no route", but a gateway says the same after the call was placed.
            _ => new OriginateResult.Uncertain($"The provider answered {reply.Status}; the call may have been placed.", reply.Status),
        };
    }

    private static OriginateResult.Refused Trouble(string reason, ExotelReply reply) =>
        new(Outcomes.ProviderError, reason, reply.Status, reply.RetryAfter, LeadKeepsTry: true, AccountTrouble: true);

    private static OriginateResult.Refused Refused(string outcome, string reason, ExotelReply reply, bool keeps = false, TimeSpan? after = null) =>
        new(outcome, reason, reply.Status, after ?? reply.RetryAfter, LeadKeepsTry: keeps, AccountTrouble: false);

    /// <summary>The provider's words without digits, which could be a phone number.</summary>
    private static string Words(string message) =>
        message.Length == 0 ? "no reason given." : Digits().Replace(message.Length > 200 ? message[..200] : message, "…");

    [GeneratedRegex(@"\b(DND|NDNC|NCPR|do[ -]?not[ -]?(disturb|call))\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex DoNotDisturb();

    [GeneratedRegex(@"\bFrom\b['""]?.*\b(invalid|not (a )?valid|incorrect|malformed|wrong)\b|\b(invalid|not (a )?valid|incorrect|malformed|wrong)\b.*\bFrom\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AboutFrom();

    /// <summary>A refusal of one number must not stop the calls to all others.</summary>
    [GeneratedRegex(@"\bthis (number|destination|customer)\b|\b(number|destination)\b.*\b(barred|blocked|blacklisted|not allowed)\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AboutTheNumber();

    [GeneratedRegex(@"\d{4,}")]
    private static partial Regex Digits();
}
