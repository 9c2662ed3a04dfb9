using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Outdial.Platform;

/// <summary>What an address is for. Its token opens addresses of this purpose and no others. The numbers are on the wire.</summary>
public enum CallbackPurpose : byte
{
    /// <summary>The provider reports the call of one attempt.</summary>
    Attempt = 1,
    /// <summary>The provider reports one agent's line.</summary>
    Line = 2,
    /// <summary>A flow's Passthru applets.</summary>
    Passthru = 3,
    /// <summary>The popup of a flow's Connect applet.</summary>
    Popup = 4,
    /// <summary>The Passthru behind a Connect applet.</summary>
    Dialed = 5,
    /// <summary>The health of the account's numbers.</summary>
    Heartbeat = 6,
    /// <summary>All call events of an account whose provider sends them to one address.</summary>
    Events = 7,
    /// <summary>A Connect applet asks whom to dial.</summary>
    DialWhom = 8,
    /// <summary>A flow that dialed nobody asks whether to wait.</summary>
    Stay = 9,
}

/// <summary>Which purposes open which address.</summary>
public static class CallbackPurposes
{
    private static readonly Dictionary<string, CallbackPurpose[]> ByKind = new(StringComparer.OrdinalIgnoreCase)
    {
        ["status"] = [CallbackPurpose.Attempt],
        ["events"] = [CallbackPurpose.Attempt, CallbackPurpose.Events],
        ["line"] = [CallbackPurpose.Line],
        ["passthru"] = [CallbackPurpose.Passthru],
        ["popup"] = [CallbackPurpose.Popup],
        ["dialed"] = [CallbackPurpose.Dialed],
        ["heartbeat"] = [CallbackPurpose.Heartbeat],
    };

    /// <summary>Whom to dial next.</summary>
    public static IReadOnlyCollection<CallbackPurpose> DialWhom { get; } = [CallbackPurpose.DialWhom];

    /// <summary>Whether to wait after nobody was dialed.</summary>
    public static IReadOnlyCollection<CallbackPurpose> Stay { get; } = [CallbackPurpose.Stay];

    /// <param name="kind">The last word of a webhook's address, in any case. One that we never gave out is opened by nothing.</param>
    public static IReadOnlyCollection<CallbackPurpose> OfWebhook(string? kind) => kind is null ? [] : ByKind.GetValueOrDefault(kind, []);

    /// <summary>True for the addresses that a person enters at the provider; false for those that go with one call or line.</summary>
    public static bool IsOfAccount(this CallbackPurpose purpose) => purpose is not (CallbackPurpose.Attempt or CallbackPurpose.Line);
}

/// <summary>How a token that was not believed is told.</summary>
public static class TokenRefusals
{
    /// <summary>For the metrics: <c>token</c>, <c>expired</c>, <c>purpose</c> or <c>revoked</c>.</summary>
    public static string Word(this TokenRefusal refusal) => refusal switch
    {
        TokenRefusal.Expired => "expired",
        TokenRefusal.WrongPurpose => "purpose",
        TokenRefusal.Revoked => "revoked",
        _ => "token",
    };

    /// <summary>401 for what is not ours, 403 for what is and opens nothing here.</summary>
    public static ProblemHttpResult Answer(this TokenRefusal refusal) => refusal switch
    {
        TokenRefusal.Expired => ApiProblem.Of(StatusCodes.Status403Forbidden, "The token of this address has expired."),
        TokenRefusal.WrongPurpose => ApiProblem.Of(
            StatusCodes.Status403Forbidden,
            "The token of this address was made for another purpose. Use each address for that which it was given out for, whole and unchanged."),
        TokenRefusal.Revoked => ApiProblem.Of(StatusCodes.Status403Forbidden, "This address was revoked. Enter the account's new one at the provider."),
        _ => ApiProblem.Of(StatusCodes.Status401Unauthorized, "The token of this address is not ours."),
    };
}
