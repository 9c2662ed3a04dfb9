using System.Globalization;
using Outdial.Contracts;
using Outdial.Providers.Exotel.Words;

namespace Outdial.Providers.Exotel.Client;

/// <summary>One account; the methods are named as the platform names them.</summary>
/// <param name="mayRepeat">Handlers may repeat a read. A request for a call they never repeat.</param>
internal sealed class ExotelClient(string name, ExotelAccount account, IExotelApi api, TimeProvider clock, bool mayRepeat = true) : ITelephonyProvider
{
    /// <summary>Exotel's caps: one minute of ringing, four hours of call.</summary>
    private const int MaxRingSeconds = 60, MaxCallSeconds = 14_400;

    /// <summary>A search that needs more pages than this asks too much of the provider; the window should be smaller.</summary>
    private const int MaxPages = 10, MaxPagesOfAll = 1000;

    private const int PageSize = 100;

    public string Account => name;

    public ITelephonyProvider Unrepeated => mayRepeat ? new ExotelClient(name, account, api, clock, mayRepeat: false) : this;

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
            using var response = await api.ConnectAsync(account.AccountSid, Form(request), cancel);
            span.Answered(response);
            return OriginateAnswer.Read(await ExotelReply.ReadAsync(response, clock, cancel));
        }
        catch (Exception e) when (ProviderFailure.NothingWasSent(e))
        {
            span.Failed(e.GetType().Name);
            return new OriginateResult.Refused(
                Outcomes.ProviderError, ProviderFailure.WhyNotSent(e), null, OriginateAnswer.UnreachableRetryAfter, LeadKeepsTry: true,
                AccountTrouble: false);
        }
        catch (Exception e) when (ProviderFailure.IsOfTheWay(e))
        {
            span.Failed(e.GetType().Name);
            return new OriginateResult.Uncertain($"The answer to the request was lost ({e.GetType().Name}).", null);
        }
    }

    public async Task<CallRecord?> GetCallAsync(string providerCallId, CancellationToken cancel)
    {
        var reply = await ReadAsync("Calls/{sid}", () => api.GetCallAsync(account.AccountSid, providerCallId, mayRepeat, cancel), cancel);
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
        var (found, _) = await ListAsync(number, from, to, MaxPages, cancel);
        // The filters are the provider's; whether they did what was asked is looked at here, as far as it can be read.
        return [.. found.Where(call => call.To is null || call.To == number)];
    }

    public async Task<IReadOnlyList<CallRecord>> ListCallsAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        var (found, isAll) = await ListAsync(null, from, to, MaxPagesOfAll, cancel);
        return isAll ? found : throw new ProviderException($"The provider has more than {found.Count} calls from {from:u} to {to:u}: more than can be read at once.", null, null);
    }

    private async Task<(IReadOnlyList<CallRecord> Found, bool IsAll)> ListAsync(
        string? number, DateTimeOffset from, DateTimeOffset to, int maxPages, CancellationToken cancel)
    {
        var created = $"gte:{ExotelTime.Write(from, account.Zone)};lte:{ExotelTime.Write(to, account.Zone)}";
        var found = new List<CallRecord>();
        string? next = null;
        for (var page = 0; page == 0 || (next is not null && page < maxPages); page++)
        {
            var reply = Checked(await ReadAsync("Calls", () => next is null
                ? api.FindCallsAsync(account.AccountSid, number, created, "DateCreated:asc", PageSize, mayRepeat, cancel)
                : api.FindMoreCallsAsync(account.AccountSid, next, mayRepeat, cancel), cancel), "list of calls");
            var calls = reply.List("Calls", "Call") ?? throw new ProviderException("The provider's list of calls is unreadable.", reply.Status, null);
            // People who call in are not people who were called.
            found.AddRange(calls.Where(call => call.Word("Direction") != "inbound").Select(Record).OfType<CallRecord>());
            next = calls.Count == 0 ? null : Query(reply.Object("Metadata")?.Text("NextPageUri"));
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
        var reply = await ReadAsync("Numbers/{number}", () => api.GetNumberAsync(account.AccountSid, asked, mayRepeat, cancel), cancel);
        if (reply.Status == 404)
            return null;
        return Checked(reply, "number metadata").Object("Numbers") is { } found
            ? ExotelRecords.Number(number, found)
            : throw new ProviderException("The provider's number metadata is unreadable.", reply.Status, null);
    }

    public async Task<IReadOnlyList<OwnNumber>> ListOwnNumbersAsync(CancellationToken cancel)
    {
        var reply = Checked(
            await ReadAsync("IncomingPhoneNumbers", () => api.ListOwnNumbersAsync(account.AccountSid, mayRepeat, cancel), cancel), "list of numbers");
        var numbers = reply.List("incoming_phone_numbers", "incoming_phone_number")
            ?? throw new ProviderException("The provider's list of numbers is unreadable.", reply.Status, null);
        return [.. numbers.Select(number => ExotelRecords.OwnNumber(number, account.NumberRegion)).OfType<OwnNumber>()];
    }

    private CallRecord? Record(Fields call)
    {
        var record = ExotelRecords.Call(call, account.Zone, account.NumberRegion);
        if (call.Notes.Contains(WebAddress.Oddity))
            ExotelTelemetry.Odd("call", WebAddress.Oddity);
        return record;
    }

    private ConnectForm Form(OriginateRequest request) => new()
    {
        From = request.To,
        CallerId = request.CallerId,
        Url = FlowUrl(request.Flow),
        TimeOut = Seconds(request.RingTimeout, MaxRingSeconds),
        TimeLimit = request.TimeLimit is { } limit ? Seconds(limit, MaxCallSeconds) : null,
        CustomField = request.Echo ?? request.AttemptId.ToString("D"),
        StatusCallback = request.StatusCallback.AbsoluteUri,
        FirstEvent = account.StatusCallbackEvents.ElementAtOrDefault(0),
        SecondEvent = account.StatusCallbackEvents.ElementAtOrDefault(1),
        ThirdEvent = account.StatusCallbackEvents.ElementAtOrDefault(2),
    };

    /// <summary>A flow's number becomes the address that Exotel documents; an address stays as it is.</summary>
    private string FlowUrl(string flow) =>
        flow.All(char.IsAsciiDigit) ? $"http://my.exotel.com/{account.AccountSid}/exoml/start_voice/{flow}" : flow;

    /// <summary>What stands behind the question mark; null: there is no further page.</summary>
    private static string? Query(string? page) => page?.Split('?', 2) is [_, { Length: > 0 } query] ? query : null;

    private static string Seconds(TimeSpan duration, int cap) =>
        ((int)Math.Clamp(Math.Ceiling(duration.TotalSeconds), 1, cap)).ToString(CultureInfo.InvariantCulture);

    private async Task<ExotelReply> ReadAsync(string template, Func<Task<HttpResponseMessage>> ask, CancellationToken cancel)
    {
        using var span = ExotelTelemetry.Start(template);
        try
        {
            using var response = await ask();
            span.Answered(response);
            return await ExotelReply.ReadAsync(response, clock, cancel);
        }
        catch (Exception e) when (ProviderFailure.EndedRead(e, cancel))
        {
            span.Failed(e.GetType().Name);
            throw ProviderFailure.OfRead(e);
        }
    }

    private static ExotelReply Checked(ExotelReply reply, string what)
    {
        if (!reply.Succeeded)
            throw new ProviderException($"The provider answered {reply.Status} to a request for {what}.", reply.Status, reply.RetryAfter);
        return reply.Readable ? reply : throw new ProviderException($"The provider's {what} cannot be parsed.", reply.Status, null);
    }
}
