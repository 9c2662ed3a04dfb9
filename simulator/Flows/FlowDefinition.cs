using System.Text.Json.Serialization;

namespace Outdial.Simulator;

/// <summary>
/// A call flow as a person would build it in the provider's flow builder: Connect (with a dynamic URL, a popup and a
/// Passthru behind it), the branch "we didn't dial anyone", and for agents' lines the Transfer back to the beginning.
/// Durations in seconds of virtual time.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record FlowDefinition
{
    /// <summary>Connect's ceilings for ringing and conversation.</summary>
    public const int MaxRinging = 60;
    public const int MaxConversation = 4500;

    /// <summary>The last segment of the flow's address, and what callbacks carry as <c>flow_id</c>. Taken from the path.</summary>
    public string? Id { get; init; }

    /// <summary>Connect's primary URL: asked whom to dial.</summary>
    public string? DialWhomUrl { get; init; }

    /// <summary>Asked when the primary URL does not answer 200, in time, with an answer that can be read.</summary>
    public string? FallbackUrl { get; init; }

    /// <summary>
    /// The branch "we didn't dial anyone": 200 plays music for <see cref="HoldSeconds"/> and asks again, anything else hangs up. null: the flow hangs
    /// up.
    /// </summary>
    public string? StayUrl { get; init; }

    public string? PopupUrl { get; init; }

    /// <summary>The Passthru behind Connect. The flow waits for its answer.</summary>
    public string? DialedUrl { get; init; }

    /// <summary>The Passthru before Connect, in customers' calls; null: the one that <c>PUT /simulator/flow</c> set.</summary>
    public string? PassthruUrl { get; init; }

    public int HoldSeconds { get; init; } = 5;

    /// <summary>Whether the account has the popup <c>Answered</c>, which the provider has to enable.</summary>
    public bool PopupAnswered { get; init; } = true;

    /// <summary>A line ends after so many dialings; null: never.</summary>
    public int? MaxLoops { get; init; }

    /// <summary>How long Connect lets a phone ring when the answer does not say.</summary>
    public int RingSeconds { get; init; } = 30;

    /// <summary>Whether Connect records when the answer does not say.</summary>
    public bool Record { get; init; } = true;

    /// <summary>Mean time a customer waits for somebody to talk to, from the answer; each waits half of it to one and a half times.</summary>
    public int NoAgentPatience { get; init; } = 60;

    /// <summary>A customer who reaches nobody may speak for so long; 0: the flow has no voicemail.</summary>
    public int VoicemailSeconds { get; init; }

    /// <returns>What is wrong, in one sentence; null when nothing is.</returns>
    public string? Problem()
    {
        if (!IsWebAddress(DialWhomUrl))
            return "dialWhomUrl must be an http or https URL.";
        foreach (var (name, url) in ((string, string?)[])
            [("fallbackUrl", FallbackUrl), ("stayUrl", StayUrl), ("popupUrl", PopupUrl), ("dialedUrl", DialedUrl), ("passthruUrl", PassthruUrl)])
            if (url is not null && !IsWebAddress(url))
                return $"{name} must be an http or https URL, or absent.";
        return HoldSeconds is < 1 or > 600 ? "holdSeconds must be from 1 to 600."
            : RingSeconds is < 1 or > MaxRinging ? $"ringSeconds must be from 1 to {MaxRinging}."
            : MaxLoops is < 1 ? "maxLoops must be 1 or more, or absent."
            : NoAgentPatience is < 1 or > 3600 ? "noAgentPatience must be from 1 to 3600."
            : VoicemailSeconds is < 0 or > 600 ? "voicemailSeconds must be from 0 to 600."
            : null;
    }

    public static bool IsWebAddress(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme is "http" or "https");
}
