namespace Outdial.Platform;

/// <summary>Names of the authorization policies that endpoints ask for.</summary>
public static class ApiPolicies
{
    /// <summary>Look, do not touch: any role.</summary>
    public const string Read = "read";

    /// <summary>Do an agent's work: agent, supervisor or admin. A key that is tied to an agent does only that agent's.</summary>
    public const string Work = "work";

    /// <summary>Run campaigns: supervisor or admin.</summary>
    public const string Operate = "operate";

    /// <summary>Change what the installation is: admin only.</summary>
    public const string Admin = "admin";
}

/// <summary>The roles an API key can have.</summary>
public static class ApiRoles
{
    /// <summary>May do everything.</summary>
    public const string Admin = "admin";

    /// <summary>Runs campaigns.</summary>
    public const string Supervisor = "supervisor";

    /// <summary>Talks to leads.</summary>
    public const string Agent = "agent";

    /// <summary>A customer database that reads results.</summary>
    public const string Crm = "crm";

    /// <summary>
    /// A telephony provider whose request the gateway let in by the token of its address. Not a role of keys: it opens nothing of the API.
    /// </summary>
    public const string Provider = "provider";

    /// <summary>Every role that a key can have.</summary>
    public static IReadOnlyList<string> All { get; } = [Admin, Supervisor, Agent, Crm];
}
