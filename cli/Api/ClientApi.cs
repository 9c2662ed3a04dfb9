using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Outdial.Cli.Demo;
using Outdial.Cli.Processes;
using Outdial.Client;

namespace Outdial.Cli.Api;

/// <summary>The API by the client that is made of its description. Of an answer the commands see what they show.</summary>
/// <param name="http">Knows the address and sends the key; ends with this.</param>
internal sealed class ClientApi(HttpClient http) : IOutdialApi
{
    private const string Account = "default";
    private const int PageSize = 1000;

    private static readonly JsonSerializerOptions Exact = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    private readonly OutdialClient _client = new(http);

    public Task<List<CallerId>> SyncCallerIdsAsync(CancellationToken cancel) =>
        Seen<List<CallerId>>(async () => await _client.SyncCallerIdsAsync(cancellationToken: cancel));

    public Task<List<CallerId>> GetCallerIdsAsync(CancellationToken cancel) =>
        Seen<List<CallerId>>(async () => await AllAsync(
            OutdialClient.AllAsync((string? after) => _client.ListCallerIdsAsync(after, PageSize, cancel), cancel)));

    public Task PutCallerIdAsync(CallerId callerId, CancellationToken cancel) =>
        Told(_client.PutCallerIdsAsync([Meant<CallerIdRequest>(callerId)], cancel));

    public Task<FlowAddresses> GetFlowAddressesAsync(CancellationToken cancel) =>
        Seen<FlowAddresses>(async () => await _client.GetAccountFlowAddressesAsync(Account, cancel));

    public Task<DialWhomAddresses> GetDialWhomAddressesAsync(CancellationToken cancel) =>
        Seen<DialWhomAddresses>(async () => await _client.GetAccountDialwhomAddressesAsync(Account, cancel));

    public async Task<Guid> CreateCampaignAsync(object campaign, CancellationToken cancel) =>
        (await Told(_client.CreateCampaignAsync(Meant<CampaignRequest>(campaign), cancel))).Id;

    public Task<ImportResult> AddLeadsAsync(Guid campaign, Stream list, string fileName, CancellationToken cancel) => Seen<ImportResult>(
        async () => await _client.AddLeadsAsync(campaign, FileParameter.List(list, fileName), fileName: fileName, cancellationToken: cancel));

    public Task StartAsync(Guid campaign, CancellationToken cancel) => Told(_client.StartCampaignAsync(campaign, cancellationToken: cancel));

    public Task<CampaignStatus> GetCampaignAsync(Guid campaign, CancellationToken cancel) =>
        Seen<CampaignStatus>(async () => await _client.GetCampaignAsync(campaign, cancel));

    public Task<List<LeadRow>> GetLeadsAsync(Guid campaign, CancellationToken cancel) => Seen<List<LeadRow>>(async () => await AllAsync(
        OutdialClient.AllAsync(
            (Guid? after) => _client.ListCampaignLeadsAsync(campaign, after: after, limit: PageSize, cancellationToken: cancel), cancel)));

    public Task<WaitingStatus> GetWaitingAsync(Guid campaign, CancellationToken cancel) =>
        Seen<WaitingStatus>(async () => await _client.GetCampaignWaitingAsync(campaign, cancel));

    public Task<List<CallRow>> GetCallsAsync(Guid campaign, CancellationToken cancel) => Seen<List<CallRow>>(async () => await AllAsync(
        OutdialClient.AllAsync((Guid? after) => _client.ListCallsAsync(campaign, after: after, limit: PageSize, cancellationToken: cancel), cancel)));

    public Task<CampaignReport> ReadReportAsync(Guid campaign, CancellationToken cancel) =>
        Seen<CampaignReport>(async () => await _client.GetCampaignReportAsync(campaign, cancel));

    public Task<AgentReport> ReadAgentsAsync(Guid campaign, CancellationToken cancel) =>
        Seen<AgentReport>(async () => await _client.GetCampaignAgentsAsync(campaign, cancel));

    public Task<HopperStatus> ReadHopperAsync(Guid campaign, CancellationToken cancel) =>
        Seen<HopperStatus>(async () => await _client.GetCampaignHopperAsync(campaign, cancel));

    public Task<InvariantsReport> GetInvariantsAsync(CancellationToken cancel) =>
        Seen<InvariantsReport>(async () => await _client.GetInvariantsAsync(cancel));

    public Task<Explanation> ExplainInboundAsync(string from, string to, CancellationToken cancel) =>
        Seen<Explanation>(async () => await _client.ExplainInboundAsync(from, to, cancel));

    public async Task<Guid> CreateAgentAsync(string name, string phone, Guid campaign, CancellationToken cancel) =>
        (await Told(_client.CreateAgentAsync(new() { Name = name, Phone = phone, Campaigns = [campaign] }, cancel))).Id;

    public Task<List<AgentSession>> GetSessionsAsync(CancellationToken cancel) => Seen<List<AgentSession>>(async () => await AllAsync(
        OutdialClient.AllAsync((string? after) => _client.ListSessionsAsync(after: after, limit: PageSize, cancellationToken: cancel), cancel)));

    public Task<AgentSession> SignInAsync(Guid agent, CancellationToken cancel) =>
        Seen<AgentSession>(async () => await _client.SignInAgentAsync(agent, cancellationToken: cancel));

    public Task<AgentSession> SignInByPhoneAsync(Guid agent, CancellationToken cancel) =>
        Seen<AgentSession>(async () => await _client.SignInAgentAsync(agent, new() { Reach = Client.AgentReach.Phone }, cancel));

    public Task<AgentSession> SignOutAsync(Guid agent, CancellationToken cancel) =>
        Seen<AgentSession>(async () => await _client.SignOutAgentAsync(agent, cancel));

    public Task<AgentSession> PauseAsync(Guid agent, AgentReason reason, CancellationToken cancel) =>
        Seen<AgentSession>(async () => await _client.PauseAgentAsync(agent, new() { Reason = reason.Reason }, cancel));

    public Task<AgentSession> ReadyAsync(Guid agent, CancellationToken cancel) =>
        Seen<AgentSession>(async () => await _client.ReadyAgentAsync(agent, cancel));

    public Task<AgentSession> AcceptAsync(Guid agent, CancellationToken cancel) =>
        Seen<AgentSession>(async () => await _client.AcceptAgentAsync(agent, cancel));

    public Task<AgentSession> SkipAsync(Guid agent, AgentReason reason, CancellationToken cancel) =>
        Seen<AgentSession>(async () => await _client.SkipAgentAsync(agent, new() { Reason = reason.Reason }, cancel));

    public Task DispositionAsync(Guid agent, DispositionOfACall disposition, CancellationToken cancel) =>
        Told(_client.DisposeOfCallAsync(agent, Meant<DispositionRequest>(disposition), cancel));

    public async IAsyncEnumerable<ScreenEvent> StreamAsync(Guid agent, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var stream = await Told(_client.StreamAgentAsync(agent, cancellationToken: cancel));
        await foreach (var item in OutdialClient.EventsAsync<StreamedEvent>(stream, cancel))
            yield return new ScreenEvent(item.EventType, item.Data.At, item.Data.Body);
    }

    public void Dispose()
    {
        _client.Dispose();
        http.Dispose();
    }

    /// <summary>What is shown of an answer.</summary>
    private static async Task<TSeen> Seen<TSeen>(Func<Task<object>> ask) =>
        JsonSerializer.Deserialize<TSeen>(
            JsonSerializer.SerializeToUtf8Bytes(await Told(ask()), JsonSerializerOptions.Web), JsonSerializerOptions.Web)!;

    /// <summary>A request of what the commands say; what there is no field for is a fault of theirs.</summary>
    private static TRequest Meant<TRequest>(object said) =>
        JsonSerializer.Deserialize<TRequest>(JsonSerializer.SerializeToUtf8Bytes(said, JsonSerializerOptions.Web), Exact)!;

    private static async Task<T> Told<T>(Task<T> asked)
    {
        try
        {
            return await asked;
        }
        catch (OutdialException e)   // a refusal is told on its way: this is no answer of the API's
        {
            throw new CommandFailure($"Outdial answered something else than expected: {e.Message}");
        }
    }

    private static async Task<List<T>> AllAsync<T>(IAsyncEnumerable<T> items)
    {
        List<T> all = [];
        await foreach (var item in items)
            all.Add(item);
        return all;
    }
}
