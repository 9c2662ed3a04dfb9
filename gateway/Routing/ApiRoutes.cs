using Outdial.Platform;

namespace Outdial.Gateway.Routing;

/// <summary>One address of the API: who owns it, and who may use it.</summary>
/// <param name="Path">Below <c>/api/v1</c>, with parameters in braces.</param>
/// <param name="Policy">One of <see cref="ApiPolicies"/>; the service asks for the same once more.</param>
public sealed record ApiRoute(string Service, string Method, string Path, string Policy, LaneKind Lane = LaneKind.Api);

/// <summary>
/// All that can be reached under <c>/api/v1</c>. What is not here does not exist outside. A test holds the table against the services' own
/// endpoints and policies, in both directions.
/// </summary>
public static class ApiRoutes
{
    public static IReadOnlyList<ApiRoute> All { get; } = [.. Pacer(), .. AgentRouter(), .. Analytics(), .. Ingress(), .. Enrichment()];

    private static IEnumerable<ApiRoute> Pacer() =>
    [
        Read("pacer", "campaigns"),
        Read("pacer", "campaigns/{id}"),
        Read("pacer", "campaigns/{id}/decisions"),
        Read("pacer", "campaigns/{id}/trail"),
        Operate("pacer", "POST", "campaigns"),
        Read("pacer", "campaigns/{id}/changes"),
        Read("pacer", "campaigns/{id}/waiting"),
        Operate("pacer", "PATCH", "campaigns/{id}"),
        Operate("pacer", "DELETE", "campaigns/{id}"),
        Operate("pacer", "POST", "campaigns/{id}/copy"),
        Operate("pacer", "POST", "campaigns/{id}/recycle"),
        Operate("pacer", "POST", "campaigns/{id}/unschedule"),
        Operate("pacer", "POST", "campaigns/{id}/archive"),
        Operate("pacer", "DELETE", "campaigns/{id}/archive"),
        Operate("pacer", "POST", "campaigns/{id}/start"),
        Operate("pacer", "POST", "campaigns/{id}/pause"),
        Operate("pacer", "POST", "campaigns/{id}/resume"),
        Operate("pacer", "POST", "campaigns/{id}/stop"),
        Operate("pacer", "POST", "campaigns/{id}/leads") with { Lane = LaneKind.Upload },
        Read("pacer", "campaigns/{id}/leads"),
        Read("pacer", "campaigns/{id}/leads.csv"),
        Read("pacer", "campaigns/{id}/imports"),
        Read("pacer", "campaigns/{id}/hopper"),
        Read("pacer", "imports/{id}"),
        Operate("pacer", "GET", "imports/{id}/errors"),
        Operate("pacer", "GET", "imports/{id}/errors.csv"),
        Read("pacer", "leads"),
        Read("pacer", "people/{number}"),
        Read("pacer", "leads/{id}"),
        Read("pacer", "leads/{id}/trail"),
        Read("pacer", "leads/{id}/explain"),
        Operate("pacer", "PATCH", "leads/{id}"),
        Operate("pacer", "POST", "leads/{id}/withdraw"),
        Operate("pacer", "PUT", "leads/{id}/time-zone"),
        Read("pacer", "calls"),
        Read("pacer", "calls.csv"),
        Read("pacer", "calls.ndjson"),
        Read("pacer", "calls/{attemptId}"),
        Operate("pacer", "POST", "calls"),
        Read("pacer", "missed-calls"),
        Read("pacer", "suppressions"),
        Operate("pacer", "POST", "suppressions"),
        Operate("pacer", "POST", "suppressions/bulk") with { Lane = LaneKind.Upload },
        Operate("pacer", "POST", "suppressions/upload") with { Lane = LaneKind.Upload },
        Operate("pacer", "GET", "suppressions/export.csv"),
        Operate("pacer", "DELETE", "suppressions/{id}"),
        Read("pacer", "caller-ids"),
        Operate("pacer", "PUT", "caller-ids"),
        Operate("pacer", "POST", "caller-ids/sync"),
        Operate("pacer", "DELETE", "caller-ids/{number}"),
        Read("pacer", "events") with { Lane = LaneKind.Stream },
    ];

    private static IEnumerable<ApiRoute> AgentRouter() =>
    [
        Read("agent-router", "agents"),
        Read("agent-router", "agents/{id}"),
        Operate("agent-router", "POST", "agents"),
        Operate("agent-router", "PUT", "agents/{id}"),
        Operate("agent-router", "DELETE", "agents/{id}"),
        Read("agent-router", "agents/{id}/session"),
        Work("agents/{id}/sign-in"),
        Work("agents/{id}/sign-out"),
        Work("agents/{id}/pause"),
        Work("agents/{id}/ready"),
        Work("agents/{id}/accept"),
        Work("agents/{id}/skip"),
        Work("agents/{id}/disposition"),
        Work("agents/{id}/stream") with { Method = "GET", Lane = LaneKind.Stream },
        Operate("agent-router", "POST", "agents/{id}/release"),
        Read("agent-router", "sessions"),
        Operate("agent-router", "GET", "audit"),
        Operate("agent-router", "GET", "campaigns/{id}/hopper/leads"),
        Read("agent-router", "trunks"),
        Admin("agent-router", "PUT", "trunks/{name}"),
        Admin("agent-router", "DELETE", "trunks/{name}"),
        Read("agent-router", "dids"),
        Admin("agent-router", "PUT", "dids/{number}"),
        Admin("agent-router", "DELETE", "dids/{number}"),
        Read("agent-router", "inbound/explain"),
        Admin("agent-router", "GET", "accounts/{account}/dialwhom-addresses"),
        Admin("agent-router", "POST", "accounts/{account}/dialwhom-addresses/{id}/rotate"),
        Admin("agent-router", "DELETE", "accounts/{account}/dialwhom-addresses/{id}"),
    ];

    private static IEnumerable<ApiRoute> Analytics() =>
    [
        Read("analytics", "campaigns/{id}/report"),
        Read("analytics", "campaigns/{id}/report.csv"),
        Read("analytics", "campaigns/{id}/agents"),
        Read("analytics", "campaigns/{id}/agents.csv"),
        Read("analytics", "agents/report"),
        Read("analytics", "agents/report.csv"),
        Read("analytics", "inbound/report"),
        Read("analytics", "inbound/report.csv"),
    ];

    private static IEnumerable<ApiRoute> Ingress() =>
    [
        Read("ingress", "webhooks"),
        Read("ingress", "webhooks/{id}"),
        Operate("ingress", "POST", "webhooks/{id}/replay"),
        Admin("ingress", "GET", "accounts/{account}/flow-addresses"),
        Admin("ingress", "POST", "accounts/{account}/flow-addresses/{id}/rotate"),
        Admin("ingress", "DELETE", "accounts/{account}/flow-addresses/{id}"),
    ];

    private static IEnumerable<ApiRoute> Enrichment() => [Read("enrichment", "numbers/{e164}")];

    private static ApiRoute Read(string service, string path) => new(service, "GET", path, ApiPolicies.Read);

    private static ApiRoute Operate(string service, string method, string path) => new(service, method, path, ApiPolicies.Operate);

    private static ApiRoute Admin(string service, string method, string path) => new(service, method, path, ApiPolicies.Admin);

    private static ApiRoute Work(string path) => new("agent-router", "POST", path, ApiPolicies.Work);
}
