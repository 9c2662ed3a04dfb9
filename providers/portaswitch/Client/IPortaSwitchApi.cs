using System.Text.Json.Serialization;
using Refit;

namespace Outdial.Providers.PortaSwitch.Client;

/// <summary>
/// PortaSwitch's HTTP interface in its own words: <c>POST /rest/Service/method</c> with <c>{"params": …}</c>. Answers come as they are; see
/// <see cref="PortaReply"/>. Names are written in the provider's way, <c>i_customer</c>.
/// </summary>
internal interface IPortaSwitchApi
{
    [Post("/Session/login")]
    Task<HttpResponseMessage> LoginAsync(
        [Body] PortaCall<LoginParameters> call, [Property(ProviderHttp.Read)] bool mayRepeat, CancellationToken cancel);

    [Post("/Session/refresh_access_token")]
    Task<HttpResponseMessage> RefreshAsync(
        [Body] PortaCall<RefreshParameters> call, [Property(ProviderHttp.Read)] bool mayRepeat, CancellationToken cancel);

    /// <summary>Makes a phone ring, so it is no read and is repeated by nothing.</summary>
    [Post("/CallControl/originate_advanced_call")]
    Task<HttpResponseMessage> OriginateAsync(
        [Authorize("Bearer")] string accessToken, [Body] PortaCall<OriginateParameters> call, CancellationToken cancel);

    [Post("/CallControl/get_sip_calls_list")]
    Task<HttpResponseMessage> ListCallsAsync(
        [Authorize("Bearer")] string accessToken, [Body] PortaCall<CallListParameters> call,
        [Property(ProviderHttp.Read)] bool mayRepeat, CancellationToken cancel);
}

internal sealed record PortaCall<T>(T Params);

/// <summary>Either the password or the token. Secret.</summary>
internal sealed record LoginParameters(string Login, string? Password, string? Token);

/// <summary>Secret.</summary>
internal sealed record RefreshParameters(string RefreshToken);

/// <param name="ICustomer">A number, where it is one.</param>
internal sealed record CallListParameters(object ICustomer);

/// <summary>The values that the published page requires; ring time and call time are the auto-attendant's.</summary>
internal sealed record OriginateParameters(string CalleeId, string BillId, string CallerId)
{
    [JsonPropertyOrder(-1)] public ReceiveActions CallerLegReceiveActions { get; } = new("allow");

    /// <summary>The parameters whose names the page leaves open.</summary>
    [JsonExtensionData] public Dictionary<string, object> Others { get; } = [];
}

internal sealed record ReceiveActions(string Voicemail);
