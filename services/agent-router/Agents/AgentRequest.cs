using System.ComponentModel.DataAnnotations;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.AgentRouter.Agents;

/// <summary>An agent as people ask for one.</summary>
internal sealed record AgentRequest
{
    private const int MostSkills = 100;
    private const int MostCampaigns = 1000;

    /// <summary>What people call the agent, 1 to 200 characters.</summary>
    [Required, StringLength(200, MinimumLength = 1)]
    public string? Name { get; init; }

    /// <summary>The agent's own phone, as people write it. Personal data.</summary>
    [Required]
    public string? Phone { get; init; }

    /// <summary>What the agent can do, in words of 1 to 100 characters that campaigns ask for, at most 100; left out: none.</summary>
    [MaxLength(MostSkills)]
    public List<string>? Skills { get; init; }

    /// <summary>The campaigns that the agent works for, at most 1000; left out: none.</summary>
    [MaxLength(MostCampaigns)]
    public List<Guid>? Campaigns { get; init; }

    /// <summary>Name of a configured provider account; left out: <c>default</c>.</summary>
    public string? Account { get; init; }

    /// <summary>All that is wrong, field by field; empty when nothing is.</summary>
    /// <param name="regions">Where the phone is read.</param>
    internal List<FieldProblem> Check(AccountSettings accounts, NumberRegions regions, out string phone)
    {
        List<FieldProblem> wrong = [];
        if (Name is not { Length: >= 1 and <= 200 } || Name.Trim() == "")
            wrong.Add(new("name", Name, "a name of 1 to 200 characters"));
        if (!regions.TryParseCallee(Phone, out phone, out var expected))
            wrong.Add(new("phone", Phone is null ? null : Masked.Text(Phone), expected));
        if (Skills is { Count: > MostSkills })
            wrong.Add(new("skills", $"{Skills.Count} skills", $"at most {MostSkills} skills"));
        if (Campaigns is { Count: > MostCampaigns })
            wrong.Add(new("campaigns", $"{Campaigns.Count} campaigns", $"at most {MostCampaigns} campaigns"));
        foreach (var skill in (Skills ?? []).Take(MostSkills).Where(s => s?.Trim() is not { Length: >= 1 and <= 100 }))
            wrong.Add(new("skills", skill, "skills of 1 to 100 characters"));
        if (accounts.Find(Account ?? "default") is null)
            wrong.Add(new("account", Account ?? "default", $"a configured provider account: {string.Join(", ", accounts.All.Select(a => a.Name))}"));
        return wrong;
    }
}

internal sealed record AgentView(
    Guid Id, string Name, string Phone, IReadOnlyList<string> Skills, IReadOnlyList<Guid> Campaigns, string Account, DateTimeOffset CreatedAt)
{
    public static AgentView Of(Agent a) => new(a.Id, a.Name, a.Phone, a.Skills, a.Campaigns, a.Account, a.CreatedAt);
}
