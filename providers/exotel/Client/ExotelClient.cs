using System.Globalization;
using Outdial.Contracts;
using Outdial.Providers.Exotel.Words;

namespace Outdial.Providers.Exotel.Client;

/// <summary>One account's HTTP client. Never repeats a request; the methods are named as the platform names them.</summary>
internal sealed class ExotelClient(string name, ExotelAccount account, IHttpClientFactory http, TimeProvider clock) : ITelephonyProvider
{
    /// <summary>Exotel's caps: one minute of ringing, four hours of call.</summary>
    private const int MaxRingSeconds = 60, MaxCallSeconds = 14_400;

    /// <summary>A search that needs more pages than this asks too much of the provider; the window should be smaller.</summary>
    private const int MaxPages = 10, MaxPagesOfAll = 1000;

    private readonly string _root = $"v1/Accounts/{Uri.EscapeDataString(account.AccountSid)}/";

    public string Account => name;

    public async Task<OriginateResult> OriginateAsync(OriginateRequest request, CancellationToken cancel)
    {
        if (!Numbers.IsE164(request.To))
        {
            return new OriginateResult.Refused(
                Outcomes.InvalidNumber, "The number is not in E.164 form; nothing was sent.", null, null, LeadKeepsTry: false, AccountTrouble: false);
        }
        cancel.ThrowIfCancellationRequested();   // nothing was sent yet; from here on every doubt is reported as such
        using var span = ExotelTelemetry.Start("Calls/connect");
        try
        {
            using var client = http.CreateClient(account);
            using var body = new FormUrlEncodedContent(Form(request));
            using var response = await client.PostAsync(_root + "Calls/connect.json", body, cancel);
            span.Answered(response);
            return OriginateAnswer.Read(await ExotelReply.ReadAsync(response, clock, cancel));
        }
        catch (HttpRequestException e) when (NothingWasSent(e))
        {
            span.Failed(e.HttpRequestError.ToString());
            return new OriginateResult.Refused(
                Outcomes.ProviderError, $"The provider could not be reached ({e.HttpRequestError}).", null,
                OriginateAnswer.UnreachableRetryAfter, LeadKeepsTry: true, AccountTrouble: false);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException or InvalidOperationException)
        {
            span.Failed(e.GetType().Name);
            return new OriginateResult.Uncertain($"The answer to the request was lost ({e.GetType().Name}).", null);
        }
    }

    public async Task<CallRecord?> GetCallAsync(string providerCallId, CancellationToken cancel)
    {
        var reply = await GetAsync("Calls/{sid}", $"{_root}Calls/{Uri.EscapeDataString(providerCallId)}.json?details=true", cancel);
        if (reply.Status == 404)
            return null;
        var call = Checked(reply, "call details").Object("Call");
        return call is not null && Record(call) is { } record
            ? record
            : throw new ProviderException("The provider's call details are unreadable.", reply.Status, null);
    }

    public async Task<IReadOnlyList<CallRecord>> FindCallsAsync(string number, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        // From is the number that is dialed first: the lead's, in calls to a flow.
        var (found, _) = await ListAsync($"From={Uri.EscapeDataString(number)}&", from, to, MaxPages, cancel);
        // The filters are the provider's; whether they did what was asked is looked at here, as far as it can be read.
        return [.. found.Where(call => call.To is null || call.To == number)];
    }

    public async Task<IReadOnlyList<CallRecord>> ListCallsAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        var (found, isAll) = await ListAsync("", from, to, MaxPagesOfAll, cancel);
        return isAll ? found : throw new ProviderException($"The provider has more than {found.Count} calls from {from:u} to {to:u}: more than can be read at once.", null, null);
    }

    private async Task<(IReadOnlyList<CallRecord> Found, bool IsAll)> ListAsync(string filter, DateTimeOffset from, DateTimeOffset to, int maxPages, CancellationToken cancel)
    {
        var zone = account.Zone;
        string? next = $"{_root}Calls.json?{filter}"
            + $"DateCreated={Uri.EscapeDataString($"gte:{ExotelTime.Write(from, zone)};lte:{ExotelTime.Write(to, zone)}")}"
            + "&SortBy=DateCreated:asc&PageSize=100";
        var found = new List<CallRecord>();
        for (var page = 0; next is not null && page < maxPages; page++)
        {
            var reply = Checked(await GetAsync("Calls", next, cancel), "list of calls");
            var calls = reply.List("Calls", "Call") ?? throw new ProviderException("The provider's list of calls is unreadable.", reply.Status, null);
            // People who call in are not people who were called.
            found.AddRange(calls.Where(call => call.Word("Direction") != "inbound").Select(Record).OfType<CallRecord>());
            next = calls.Count == 0 ? null : Relative(reply.Object("Metadata")?.Text("NextPageUri"));
        }
        var earliest = from.AddTicks(-(from.Ticks % TimeSpan.TicksPerSecond));
        return ([.. found
            .Where(call => !(call.CreatedAt < earliest) && !(call.CreatedAt > to))
            .DistinctBy(call => call.ProviderCallId)
            .OrderBy(call => call.CreatedAt)], next is null);
    }

    public async Task<NumberMetadata?> GetNumberAsync(string number, CancellationToken cancel)
    {
        // As the provider itself writes Indian numbers. It knows no others.
        var asked = number.StartsWith("+91", StringComparison.Ordinal) ? "0" + number[3..] : number;
        var reply = await GetAsync("Numbers/{number}", $"{_root}Numbers/{Uri.EscapeDataString(asked)}.json", cancel);
        if (reply.Status == 404)
            return null;
        return Checked(reply, "number metadata").Object("Numbers") is { } found
            ? ExotelRecords.Number(number, found)
            : throw new ProviderException("The provider's number metadata is unreadable.", reply.Status, null);
    }

    public async Task<IReadOnlyList<OwnNumber>> ListOwnNumbersAsync(CancellationToken cancel)
    {
        var reply = Checked(
            await GetAsync("IncomingPhoneNumbers", $"v2_beta/Accounts/{Uri.EscapeDataString(account.AccountSid)}/IncomingPhoneNumbers", cancel), "list of numbers");
        var numbers = reply.List("incoming_phone_numbers", "incoming_phone_number")
            ?? throw new ProviderException("The provider's list of numbers is unreadable.", reply.Status, null);
        return [.. numbers.Select(ExotelRecords.OwnNumber).OfType<OwnNumber>()];
    }

    private CallRecord? Record(Fields call)
    {
        var record = ExotelRecords.Call(call, account.Zone);
        if (call.Notes.Contains(WebAddress.Oddity))
            ExotelTelemetry.Odd("call", WebAddress.Oddity);
        return record;
    }

    private IEnumerable<KeyValuePair<string, string>> Form(OriginateRequest request)
    {
        yield return new("From", request.To);
        yield return new("CallerId", request.CallerId);
        yield return new("Url", FlowUrl(request.Flow));
        yield return new("CallType", "trans");
        yield return new("TimeOut", Seconds(request.RingTimeout, MaxRingSeconds));
        if (request.TimeLimit is { } limit)
            yield return new("TimeLimit", Seconds(limit, MaxCallSeconds));
        yield return new("CustomField", request.Echo ?? request.AttemptId.ToString("D"));
        yield return new("StatusCallback", request.StatusCallback.AbsoluteUri);
        for (var i = 0; i < account.StatusCallbackEvents.Count; i++)
            yield return new($"StatusCallbackEvents[{i}]", account.StatusCallbackEvents[i]);
    }

    /// <summary>A flow's number becomes the address that Exotel documents; an address stays as it is.</summary>
    private string FlowUrl(string flow) =>
        flow.All(char.IsAsciiDigit) ? $"http://my.exotel.com/{account.AccountSid}/exoml/start_voice/{flow}" : flow;

    /// <summary>The path of a page, so that our credentials go to no other host than the configured one.</summary>
    private static string? Relative(string? page) =>
        (Uri.TryCreate(page, UriKind.Absolute, out var absolute) && !absolute.IsFile ? absolute.PathAndQuery : page)?.TrimStart('/');

    private static string Seconds(TimeSpan duration, int cap) =>
        ((int)Math.Clamp(Math.Ceiling(duration.TotalSeconds), 1, cap)).ToString(CultureInfo.InvariantCulture);

    private static bool NothingWasSent(HttpRequestException e) => e.HttpRequestError is
        HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError;

    private async Task<ExotelReply> GetAsync(string template, string address, CancellationToken cancel)
    {
        using var span = ExotelTelemetry.Start(template);
        try
        {
            using var client = http.CreateClient(account);
            using var response = await client.GetAsync(address, cancel);
            span.Answered(response);
            return await ExotelReply.ReadAsync(response, clock, cancel);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidOperationException
            || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            span.Failed(e.GetType().Name);
            throw new ProviderException($"The provider could not be asked ({e.GetType().Name}).", null, null, e);
        }
    }

    private static ExotelReply Checked(ExotelReply reply, string what)
    {
        if (!reply.Succeeded)
            throw new ProviderException($"The provider answered {reply.Status} to a request for {what}.", reply.Status, reply.RetryAfter);
        return reply.Readable ? reply : throw new ProviderException($"The provider's {what} cannot be parsed.", reply.Status, null);
    }
}
