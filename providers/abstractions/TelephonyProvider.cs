namespace Outdial.Providers;

/// <summary>
/// One telephony account at one provider. A request for a call goes out once and is never repeated here. A read is repeated a few times, within
/// seconds, when the connection is cut or the provider stumbles; see <see cref="Unrepeated"/>.
/// </summary>
public interface ITelephonyProvider
{
    /// <summary>The account's name in our configuration.</summary>
    string Account { get; }

    /// <summary>
    /// The same account for a caller that repeats reads by itself, say because each of them is paid for: each read is one request to the provider, or
    /// one of each page.
    /// </summary>
    ITelephonyProvider Unrepeated => this;

    /// <summary>False: <see cref="GetNumberAsync"/> never tells anything, because the provider has no such interface.</summary>
    bool HasNumberMetadata => true;

    /// <summary>False: <see cref="GetCallAsync"/> knows calls only while they go on; there is nothing to read of one that is over.</summary>
    bool HasCallDetails => true;

    /// <summary>Asks for one call. Never throws for what the provider or the network did; the result says what is known.</summary>
    Task<OriginateResult> OriginateAsync(OriginateRequest request, CancellationToken cancel);

    /// <summary>The provider's record of one call; null when it knows no such call.</summary>
    /// <exception cref="ProviderException">The provider could not be asked.</exception>
    Task<CallRecord?> GetCallAsync(string providerCallId, CancellationToken cancel);

    /// <summary>The provider's records of calls to a number (E.164) created in [from, to], oldest first.</summary>
    /// <exception cref="ProviderException">The provider could not be asked.</exception>
    Task<IReadOnlyList<CallRecord>> FindCallsAsync(string number, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel);

    /// <summary>
    /// The provider's records of all calls of the account created in [from, to], oldest first, whoever was called or called in. Reads as many pages
    /// as there are: for rare occasions. Empty where <see cref="HasCallDetails"/> is false, whatever was dialed.
    /// </summary>
    /// <exception cref="ProviderException">The provider could not be asked, or has more calls than can be read at once.</exception>
    Task<IReadOnlyList<CallRecord>> ListCallsAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancel);

    /// <summary>Circle, operator, type and DND of a number (E.164); null when the provider knows no such number.</summary>
    /// <exception cref="ProviderException">The provider could not be asked.</exception>
    Task<NumberMetadata?> GetNumberAsync(string number, CancellationToken cancel);

    /// <summary>The account's own numbers.</summary>
    /// <exception cref="ProviderException">The provider could not be asked.</exception>
    Task<IReadOnlyList<OwnNumber>> ListOwnNumbersAsync(CancellationToken cancel);
}

/// <summary>Finds an account by its name.</summary>
public interface ITelephonyProviders
{
    IReadOnlyList<ITelephonyProvider> All { get; }

    /// <exception cref="KeyNotFoundException">No such account; the message lists those that exist.</exception>
    ITelephonyProvider Get(string account);
}

/// <param name="AttemptId">Names the attempt or line.</param>
/// <param name="To">The lead's number, E.164.</param>
/// <param name="CallerId">A number of ours, E.164.</param>
/// <param name="Flow">What the lead hears: the provider's flow, as a URL or id.</param>
/// <param name="StatusCallback">Receives the call's events; carries the attempt's signed token.</param>
/// <param name="RingTimeout">How long it may ring; the provider may cap it.</param>
/// <param name="TimeLimit">How long the call may last; the provider may cap it.</param>
/// <param name="Echo">Sent back by the provider where it can (Exotel: <c>CustomField</c>, at most 128 characters); null: the attempt's id.</param>
public sealed record OriginateRequest(
    Guid AttemptId, string To, string CallerId, string Flow, Uri StatusCallback, TimeSpan RingTimeout, TimeSpan? TimeLimit = null,
    string? Echo = null);

/// <summary>What came of a request for a call. Exactly one of the three cases.</summary>
public abstract record OriginateResult
{
    private OriginateResult() { }

    /// <summary>The provider took the call and names it.</summary>
    public sealed record Accepted(string ProviderCallId, string? RawStatus) : OriginateResult;

    /// <summary>The provider said no: no phone rings. <paramref name="Outcome"/> is one of <see cref="Contracts.Outcomes"/>.</summary>
    /// <param name="LeadKeepsTry">The refusal is not about the lead (throttled, credit, authentication).</param>
    /// <param name="AccountTrouble">The refusal is about the account (authentication, credit, suspended): dialing on is pointless.</param>
    public sealed record Refused(
        string Outcome, string Reason, int? StatusCode, TimeSpan? RetryAfter, bool LeadKeepsTry, bool AccountTrouble) : OriginateResult;

    /// <summary>The request may have reached the provider and the answer did not reach us, or makes no sense.</summary>
    public sealed record Uncertain(string Reason, int? StatusCode) : OriginateResult;
}

/// <summary>A call as the provider's records have it.</summary>
/// <param name="Outcome">One of <see cref="Contracts.Outcomes"/> when the call is over, else null.</param>
/// <param name="To">The number that was called, E.164 where it could be read.</param>
/// <param name="OutcomeFromLedger">
/// The call is over, but these records do not tell how (a list of live calls that no longer shows it): with
/// <paramref name="Outcome"/> null, the outcome follows from what the ledger knows of the call.
/// </param>
/// <param name="Caller">Who called, E.164; null: the records do not tell, or it cannot be read.</param>
/// <param name="Called">Which number was called as the records have it, E.164; likewise.</param>
/// <param name="Inbound">A customer called a number of the account's.</param>
/// <param name="Stage">Where a call that goes on stands, one of <see cref="Contracts.CallStates"/>; null: the records do not tell.</param>
public sealed record CallRecord(
    string ProviderCallId, string RawStatus, string? Outcome, string? To, string? CallerId, DateTimeOffset? CreatedAt, DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt, TimeSpan? Duration, TimeSpan? TalkTime, decimal? Price, string? AnsweredBy, string? RecordingUrl,
    bool OutcomeFromLedger = false, string? Stage = null, string? Caller = null, string? Called = null, bool Inbound = false)
{
    /// <summary>Only an address that <see cref="WebAddress.Kept"/> keeps.</summary>
    public string? RecordingUrl { get; init => field = WebAddress.Kept(value); } = WebAddress.Kept(RecordingUrl);

    /// <summary>
    /// <see cref="Outcome"/> where the record tells outright that an answered call reached nobody: a machine picked up, or whoever was dialed for the
    /// person did not. Null where nothing is told of it: silence is no proof.
    /// </summary>
    public string? InVain { get; init; }
}

/// <param name="Dnd">On the do-not-disturb registry; null when unavailable.</param>
public sealed record NumberMetadata(
    string Number, string? Circle, string? CircleName, string? Operator, string? OperatorName, string? Type, bool? Dnd);

/// <param name="Number">E.164.</param>
/// <param name="Region">The circle, such as <c>GJ</c>; null when none.</param>
public sealed record OwnNumber(string Id, string Number, string? FriendlyName, string? Region, bool Voice);

/// <summary>A read request to the provider failed.</summary>
/// <param name="retryAfter">The provider's wish, where it said one.</param>
public sealed class ProviderException(string message, int? statusCode, TimeSpan? retryAfter, Exception? inner = null)
    : Exception(message, inner)
{
    public int? StatusCode { get; } = statusCode;
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
