using Outdial.Contracts;
using Outdial.Providers.PortaSwitch.Session;
using Outdial.Providers.PortaSwitch.Words;

namespace Outdial.Providers.PortaSwitch.Client;

/// <summary>
/// One account's client. PortaSwitch lists active calls and nothing else: how a call ended, only its events tell, and there is no
/// metadata of numbers and no list of numbers of ours.
/// </summary>
/// <param name="mayRepeat">Handlers may repeat a read. A request for a call they never repeat.</param>
internal sealed class PortaSwitchClient(
    string name, PortaSwitchAccount account, PortaRequests requests, PortaSession session, bool mayRepeat = true) : ITelephonyProvider
{
    public string Account => name;

    public ITelephonyProvider Unrepeated => mayRepeat ? new PortaSwitchClient(name, account, requests, session, mayRepeat: false) : this;

    public bool HasNumberMetadata => false;

    public bool HasCallDetails => false;

    public async Task<OriginateResult> OriginateAsync(OriginateRequest request, CancellationToken cancel)
    {
        if (!PortaNumbers.IsE164(request.To))
        {
            return new OriginateResult.Refused(
                Outcomes.InvalidNumber, "The number is not in E.164 form; nothing was sent.", null, null, LeadKeepsTry: false, AccountTrouble: false);
        }
        cancel.ThrowIfCancellationRequested();
        PortaToken? refused = null;
        while (true)
        {
            PortaToken token;
            try
            {
                token = await session.TokenAsync(refused, cancel);
            }
            catch (SessionException e)   // nothing was asked of the provider but to let us in
            {
                return new OriginateResult.Refused(
                    Outcomes.ProviderError, e.Message, e.StatusCode, e.Credentials ? null : OriginateAnswer.DefaultRetryAfter,
                    LeadKeepsTry: true, AccountTrouble: e.Credentials);
            }
            try
            {
                var reply = await requests.AskAsync("CallControl/originate_advanced_call", api => api.OriginateAsync(token.Access, new(Parameters(request)), cancel));
                // The one request that is made again: the fault says that we were not let in, so no call was looked at.
                if (!reply.SessionRefused || refused is not null)
                    return OriginateAnswer.Read(reply, account.Fields);
                refused = token;
            }
            catch (Exception e) when (ProviderFailure.NothingWasSent(e))
            {
                return new OriginateResult.Refused(
                    Outcomes.ProviderError, ProviderFailure.WhyNotSent(e), null, OriginateAnswer.DefaultRetryAfter, LeadKeepsTry: true,
                    AccountTrouble: false);
            }
            catch (Exception e) when (ProviderFailure.IsOfTheWay(e))
            {
                return new OriginateResult.Uncertain($"The answer to the request was lost ({e.GetType().Name}).", null);
            }
        }
    }

    /// <summary>The call while it goes on; when it is not listed any more, a record that leaves the outcome to the ledger. Never null.</summary>
    public async Task<CallRecord?> GetCallAsync(string providerCallId, CancellationToken cancel) =>
        (await ListAsync(cancel)).FirstOrDefault(call => call.ProviderCallId == providerCallId) ?? ActiveCalls.Over(providerCallId);

    /// <summary>Calls to the number that go on. One that is over is not found: nobody can tell it from one that never was.</summary>
    public async Task<IReadOnlyList<CallRecord>> FindCallsAsync(string number, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        var earliest = from.AddTicks(-(from.Ticks % TimeSpan.TicksPerSecond));
        return [.. (await ListAsync(cancel))
            .Where(call => call.To == number && !(call.CreatedAt < earliest) && !(call.CreatedAt > to))
            .OrderBy(call => call.CreatedAt)];
    }

    /// <summary>Calls that are over are in no list: always empty.</summary>
    public Task<IReadOnlyList<CallRecord>> ListCallsAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<CallRecord>>([]);

    /// <summary>PortaSwitch tells nothing about numbers: always null.</summary>
    public Task<NumberMetadata?> GetNumberAsync(string number, CancellationToken cancel) => Task.FromResult<NumberMetadata?>(null);

    /// <summary>The lead sees what the auto-attendant is set up to show: always empty.</summary>
    public Task<IReadOnlyList<OwnNumber>> ListOwnNumbersAsync(CancellationToken cancel) => Task.FromResult<IReadOnlyList<OwnNumber>>([]);

    private OriginateParameters Parameters(OriginateRequest request)
    {
        var parameters = new OriginateParameters(
            PortaNumbers.Write(request.To, account.NumberForm), account.AutoAttendantId, account.AutoAttendantId);
        if (account.Fields.CallbackParameter.Length > 0)
            parameters.Others[account.Fields.CallbackParameter] = request.StatusCallback.AbsoluteUri;
        if (account.Fields.EventsParameter.Length > 0)
            parameters.Others[account.Fields.EventsParameter] = account.Fields.Events.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return parameters;
    }

    private async Task<IReadOnlyList<CallRecord>> ListAsync(CancellationToken cancel)
    {
        try
        {
            var token = await session.TokenAsync(null, cancel);
            var reply = await AskAsync(token);
            if (reply.SessionRefused)
                reply = await AskAsync(await session.TokenAsync(token, cancel));
            if (!reply.Succeeded)
            {
                throw new ProviderException(
                    $"The provider answered {reply.FaultCode ?? reply.Status.ToString()} to a request for the active calls; API notifications may be off for the customer.",
                    reply.Status, reply.RetryAfter);
            }
            return ActiveCalls.Read(reply, account) ?? throw new ProviderException("The provider's list of active calls is unreadable.", reply.Status, null);
        }
        catch (SessionException e)
        {
            throw new ProviderException(e.Message, e.StatusCode, null, e);
        }
        catch (Exception e) when (ProviderFailure.EndedRead(e, cancel))
        {
            throw ProviderFailure.OfRead(e);
        }

        Task<PortaReply> AskAsync(PortaToken token) => requests.AskAsync("CallControl/get_sip_calls_list", api => api.ListCallsAsync(
            token.Access, new(new(long.TryParse(account.CustomerId, out var id) ? id : account.CustomerId)), mayRepeat, cancel));
    }
}
