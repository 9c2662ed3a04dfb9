namespace Outdial.AgentRouter.Calls;

/// <summary>What a Connect applet asks: this call is at its door, whom shall it dial?</summary>
/// <param name="Account">From the address's token.</param>
/// <param name="CallId">The provider's id of the call (<c>CallSid</c>).</param>
/// <param name="From">Who is at the open end, E.164; null when it cannot be read. Personal data.</param>
/// <param name="To">The number of ours, E.164; null when it cannot be read.</param>
/// <param name="LastDialed">Whom this call dialed last (<c>DialWhomNumber</c>), E.164; null: nobody, or unreadable.</param>
/// <param name="TalkedBefore">The last dialing was a conversation (<c>CallType</c> is <c>completed</c>).</param>
/// <param name="AskedAt">When it asked, by the provider's clock; the time of receipt where it names none.</param>
/// <param name="WantsJson">The applet named the version of its schema (<c>Exotel-Version</c>), which only the JSON form has.</param>
/// <param name="EchoOf">
/// The line or attempt that our own request for this call was for, by what we gave along with it and signed; null: not sent back.
/// </param>
internal sealed record DialWhomRequest(
    string Account, string CallId, string? From, string? To, string? LastDialed, bool TalkedBefore, DateTimeOffset AskedAt, bool WantsJson,
    Guid? EchoOf = null);
