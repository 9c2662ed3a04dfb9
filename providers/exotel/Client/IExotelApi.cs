using Refit;

namespace Outdial.Providers.Exotel.Client;

/// <summary>
/// Exotel's HTTP interface in its own words. Answers come as they are: JSON or XML, an error where a call should be, or a gateway's page; see
/// <see cref="ExotelReply"/>.
/// </summary>
internal interface IExotelApi
{
    /// <summary>Makes a phone ring, so it is no read and is repeated by nothing.</summary>
    [Post("/v1/Accounts/{account}/Calls/connect.json")]
    Task<HttpResponseMessage> ConnectAsync(string account, [Body(BodySerializationMethod.UrlEncoded)] ConnectForm call, CancellationToken cancel);

    [Get("/v1/Accounts/{account}/Calls/{call}.json?details=true")]
    Task<HttpResponseMessage> GetCallAsync(string account, string call, [Property(ProviderHttp.Read)] bool mayRepeat, CancellationToken cancel);

    /// <param name="from">The number that was dialed first; null: any.</param>
    /// <param name="created"><c>gte:…;lte:…</c>, in the account's own time.</param>
    [Get("/v1/Accounts/{account}/Calls.json")]
    Task<HttpResponseMessage> FindCallsAsync(
        string account, [AliasAs("From")] string? from, [AliasAs("DateCreated")] string created, [AliasAs("SortBy"), Encoded] string sort,
        [AliasAs("PageSize")] int pageSize, [Property(ProviderHttp.Read)] bool mayRepeat, CancellationToken cancel);

    /// <param name="query">
    /// That of <c>NextPageUri</c>, as the provider wrote it. Only that: our credentials go to no other host and path than ours.
    /// </param>
    [Get("/v1/Accounts/{account}/Calls.json")]
    Task<HttpResponseMessage> FindMoreCallsAsync(
        string account, [QueryName, Encoded] string query, [Property(ProviderHttp.Read)] bool mayRepeat, CancellationToken cancel);

    [Get("/v1/Accounts/{account}/Numbers/{number}.json")]
    Task<HttpResponseMessage> GetNumberAsync(string account, string number, [Property(ProviderHttp.Read)] bool mayRepeat, CancellationToken cancel);

    [Get("/v2_beta/Accounts/{account}/IncomingPhoneNumbers")]
    Task<HttpResponseMessage> ListOwnNumbersAsync(string account, [Property(ProviderHttp.Read)] bool mayRepeat, CancellationToken cancel);
}

/// <summary>The fields of <c>Calls/connect</c> for a call to a flow. What is null is not sent.</summary>
internal sealed record ConnectForm
{
    public required string From { get; init; }
    public required string CallerId { get; init; }
    public required string Url { get; init; }
    public string CallType => "trans";
    public required string TimeOut { get; init; }
    public string? TimeLimit { get; init; }
    public required string CustomField { get; init; }
    public required string StatusCallback { get; init; }

    // The events that there are, terminal, answered and ringing, are three.
    [AliasAs("StatusCallbackEvents[0]")] public string? FirstEvent { get; init; }
    [AliasAs("StatusCallbackEvents[1]")] public string? SecondEvent { get; init; }
    [AliasAs("StatusCallbackEvents[2]")] public string? ThirdEvent { get; init; }
}
