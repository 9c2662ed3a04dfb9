using System.Text.Json;
using Outdial.Cli.Demo;
using Refit;

namespace Outdial.Cli.Api;

/// <summary>
/// What the commands need of Outdial's HTTP API, in its words; <see cref="OutdialApi"/> has what takes more than one request. A refusal is a
/// <see cref="Processes.CommandFailure"/> with the API's own reason.
/// </summary>
public interface IOutdialApi : IDisposable
{
    /// <summary>Takes over the numbers that the provider lists for the account <c>default</c>; leads will see them.</summary>
    [Post("/api/v1/caller-ids/sync")]
    Task<List<CallerId>> SyncCallerIdsAsync(CancellationToken cancel);

    [Get("/api/v1/caller-ids")]
    Task<IApiResponse<List<CallerId>>> PageCallerIdsAsync(int limit, string? after, CancellationToken cancel);

    /// <summary>Changes what is known of numbers of ours.</summary>
    [Put("/api/v1/caller-ids")]
    Task<JsonElement> PutCallerIdsAsync([Body] CallerId[] callerIds, CancellationToken cancel);

    /// <summary>Where the provider's flows are to report the calls of the account <c>default</c>. The addresses are secrets.</summary>
    [Get("/api/v1/accounts/default/flow-addresses")]
    Task<FlowAddresses> GetFlowAddressesAsync(CancellationToken cancel);

    /// <summary>Where the provider's Connect applets ask whom to dial for the account <c>default</c>. The addresses are secrets.</summary>
    [Get("/api/v1/accounts/default/dialwhom-addresses")]
    Task<DialWhomAddresses> GetDialWhomAddressesAsync(CancellationToken cancel);

    [Post("/api/v1/campaigns")]
    Task<CampaignStatus> PostCampaignAsync([Body] object campaign, CancellationToken cancel);

    [Post("/api/v1/campaigns/{campaign}/leads"), Headers("Content-Type: text/csv")]
    Task<ImportResult> UploadLeadsAsync(Guid campaign, [Body] Stream csv, string fileName, CancellationToken cancel);

    [Post("/api/v1/campaigns/{campaign}/start")]
    Task<JsonElement> StartAsync(Guid campaign, CancellationToken cancel);

    [Get("/api/v1/campaigns/{campaign}")]
    Task<CampaignStatus> GetCampaignAsync(Guid campaign, CancellationToken cancel);

    [Get("/api/v1/campaigns/{campaign}/leads")]
    Task<IApiResponse<List<LeadRow>>> PageLeadsAsync(Guid campaign, int limit, string? after, CancellationToken cancel);

    /// <summary>Leads in a state, such as <c>Waiting</c>, with what they wait for.</summary>
    [Get("/api/v1/campaigns/{campaign}/leads")]
    Task<List<WaitingLead>> GetWaitingLeadsAsync(Guid campaign, string state, int limit, CancellationToken cancel);

    [Get("/api/v1/calls")]
    Task<IApiResponse<List<CallRow>>> PageCallsAsync(Guid campaign, int limit, string? after, CancellationToken cancel);

    [Get("/api/v1/campaigns/{campaign}/report")]
    Task<CampaignReport> ReadReportAsync(Guid campaign, CancellationToken cancel);

    [Get("/api/v1/campaigns/{campaign}/agents")]
    Task<AgentReport> ReadAgentsAsync(Guid campaign, CancellationToken cancel);

    [Get("/api/v1/campaigns/{campaign}/hopper")]
    Task<HopperStatus> ReadHopperAsync(Guid campaign, CancellationToken cancel);

    /// <summary>What must never be so, asked of all services now. Only where a gateway answers for all.</summary>
    [Get("/api/v1/invariants")]
    Task<InvariantsReport> GetInvariantsAsync(CancellationToken cancel);

    /// <summary>How the router would route a call from one number to another now.</summary>
    [Get("/api/v1/inbound/explain")]
    Task<Explanation> ExplainInboundAsync(string from, string to, CancellationToken cancel);

    [Post("/api/v1/agents")]
    Task<AgentRow> PostAgentAsync([Body] NewAgent agent, CancellationToken cancel);

    [Get("/api/v1/sessions")]
    Task<IApiResponse<List<AgentSession>>> PageSessionsAsync(int limit, string? after, CancellationToken cancel);

    [Post("/api/v1/agents/{agent}/sign-in")]
    Task<AgentSession> SignInAsync(Guid agent, CancellationToken cancel);

    [Post("/api/v1/agents/{agent}/sign-in")]
    Task<AgentSession> SignInAsync(Guid agent, [Body] AgentReach reach, CancellationToken cancel);

    [Post("/api/v1/agents/{agent}/sign-out")]
    Task<AgentSession> SignOutAsync(Guid agent, CancellationToken cancel);

    [Post("/api/v1/agents/{agent}/pause")]
    Task<AgentSession> PauseAsync(Guid agent, [Body] AgentReason reason, CancellationToken cancel);

    [Post("/api/v1/agents/{agent}/ready")]
    Task<AgentSession> ReadyAsync(Guid agent, CancellationToken cancel);

    [Post("/api/v1/agents/{agent}/accept")]
    Task<AgentSession> AcceptAsync(Guid agent, CancellationToken cancel);

    [Post("/api/v1/agents/{agent}/skip")]
    Task<AgentSession> SkipAsync(Guid agent, [Body] AgentReason reason, CancellationToken cancel);

    /// <summary>What came of a conversation.</summary>
    [Post("/api/v1/agents/{agent}/disposition")]
    Task<JsonElement> DispositionAsync(Guid agent, [Body] DispositionOfACall disposition, CancellationToken cancel);

    [Get("/api/v1/agents/{agent}/stream")]
    Task<HttpResponseMessage> OpenStreamAsync(Guid agent, CancellationToken cancel);
}
