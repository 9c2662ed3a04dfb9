using Outdial.Cli.Demo;

namespace Outdial.Cli.Api;

/// <summary>
/// What the commands need of Outdial's HTTP API, in their words; <see cref="OutdialApi"/> has what takes more than one request. A refusal is a
/// <see cref="Processes.CommandFailure"/> with the API's own reason.
/// </summary>
public interface IOutdialApi : IDisposable
{
    /// <summary>Takes over the numbers that the provider lists for the account <c>default</c>; leads will see them.</summary>
    Task<List<CallerId>> SyncCallerIdsAsync(CancellationToken cancel);

    /// <summary>All numbers of ours that Outdial knows.</summary>
    Task<List<CallerId>> GetCallerIdsAsync(CancellationToken cancel);

    /// <summary>Changes what is known of a number of ours.</summary>
    Task PutCallerIdAsync(CallerId callerId, CancellationToken cancel);

    /// <summary>Where the provider's flows are to report the calls of the account <c>default</c>. The addresses are secrets.</summary>
    Task<FlowAddresses> GetFlowAddressesAsync(CancellationToken cancel);

    /// <summary>Where the provider's Connect applets ask whom to dial for the account <c>default</c>. The addresses are secrets.</summary>
    Task<DialWhomAddresses> GetDialWhomAddressesAsync(CancellationToken cancel);

    /// <param name="campaign">As its JSON has it.</param>
    /// <returns>The new campaign's id.</returns>
    Task<Guid> CreateCampaignAsync(object campaign, CancellationToken cancel);

    /// <param name="fileName">Its end says what the list is: CSV, or a workbook, packed or not.</param>
    Task<ImportResult> AddLeadsAsync(Guid campaign, Stream list, string fileName, CancellationToken cancel);

    Task StartAsync(Guid campaign, CancellationToken cancel);

    Task<CampaignStatus> GetCampaignAsync(Guid campaign, CancellationToken cancel);

    Task<List<LeadRow>> GetLeadsAsync(Guid campaign, CancellationToken cancel);

    /// <summary>What the campaign's leads wait for.</summary>
    Task<WaitingStatus> GetWaitingAsync(Guid campaign, CancellationToken cancel);

    Task<List<CallRow>> GetCallsAsync(Guid campaign, CancellationToken cancel);

    Task<CampaignReport> ReadReportAsync(Guid campaign, CancellationToken cancel);

    Task<AgentReport> ReadAgentsAsync(Guid campaign, CancellationToken cancel);

    Task<HopperStatus> ReadHopperAsync(Guid campaign, CancellationToken cancel);

    /// <summary>What must never be so, asked of all services now. Only where a gateway answers for all.</summary>
    Task<InvariantsReport> GetInvariantsAsync(CancellationToken cancel);

    /// <summary>How the router would route a call from one number to another now.</summary>
    Task<Explanation> ExplainInboundAsync(string from, string to, CancellationToken cancel);

    /// <param name="phone">The agent's own phone, as people write it.</param>
    /// <param name="campaign">The campaign that the agent works for.</param>
    /// <returns>The agent's id.</returns>
    Task<Guid> CreateAgentAsync(string name, string phone, Guid campaign, CancellationToken cancel);

    /// <summary>All open sessions.</summary>
    Task<List<AgentSession>> GetSessionsAsync(CancellationToken cancel);

    Task<AgentSession> SignInAsync(Guid agent, CancellationToken cancel);

    /// <summary>Signs in an agent whose phone is rung for each call.</summary>
    Task<AgentSession> SignInByPhoneAsync(Guid agent, CancellationToken cancel);

    Task<AgentSession> SignOutAsync(Guid agent, CancellationToken cancel);

    Task<AgentSession> PauseAsync(Guid agent, AgentReason reason, CancellationToken cancel);

    Task<AgentSession> ReadyAsync(Guid agent, CancellationToken cancel);

    Task<AgentSession> AcceptAsync(Guid agent, CancellationToken cancel);

    Task<AgentSession> SkipAsync(Guid agent, AgentReason reason, CancellationToken cancel);

    /// <summary>What came of a conversation.</summary>
    Task DispositionAsync(Guid agent, DispositionOfACall disposition, CancellationToken cancel);

    /// <summary>An agent's screen: a snapshot, then what changes, until the connection ends.</summary>
    IAsyncEnumerable<ScreenEvent> StreamAsync(Guid agent, CancellationToken cancel);
}
