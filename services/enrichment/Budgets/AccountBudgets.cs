using Microsoft.Extensions.Options;

namespace Outdial.Enrichment.Budgets;

/// <summary>What one provider account grants this service; from section <c>Accounts:{name}</c>.</summary>
internal sealed class AccountBudget
{
    /// <summary>Look-ups of numbers that campaigns and single calls wait for, in any 60 seconds, over all replicas. At least 1.</summary>
    public int NumberLookupsPerMinute { get; init; } = 200;

    /// <summary>Look-ups that people ask for at the API, in any 60 seconds, over all replicas; beside the others. At least 1.</summary>
    public int PeopleLookupsPerMinute { get; init; } = 20;

    /// <summary>Call records read in any 60 seconds, over all replicas. At least 1.</summary>
    public int CallDetailsPerMinute { get; init; } = 200;
}

/// <summary>The budgets of all configured accounts.</summary>
internal sealed class AccountBudgets
{
    private static readonly AccountBudget Default = new();

    public Dictionary<string, AccountBudget> Accounts { get; } = new(StringComparer.Ordinal);

    /// <summary>How many requests of a kind the account may make in any 60 seconds.</summary>
    public int Limit(string account, string kind)
    {
        var budget = Accounts.GetValueOrDefault(account, Default);
        return kind switch
        {
            BudgetKinds.Numbers => budget.NumberLookupsPerMinute,
            BudgetKinds.People => budget.PeopleLookupsPerMinute,
            _ => budget.CallDetailsPerMinute,
        };
    }
}

/// <summary>What a budget is spent on; each kind has its own.</summary>
internal static class BudgetKinds
{
    public const string Numbers = "numbers";

    /// <summary>Numbers that people look up. A single call draws on it too where a list has spent the other: both are somebody who waits.</summary>
    public const string People = "people";

    public const string Details = "details";
}

internal sealed class AccountBudgetsSetup(IConfiguration configuration) : IConfigureOptions<AccountBudgets>, IValidateOptions<AccountBudgets>
{
    public void Configure(AccountBudgets options) => configuration.GetSection("Accounts").Bind(options.Accounts);

    public ValidateOptionsResult Validate(string? name, AccountBudgets options)
    {
        var failures = (
            from account in options.Accounts
            from limit in new[]
            {
                (Name: nameof(AccountBudget.NumberLookupsPerMinute), Value: account.Value.NumberLookupsPerMinute),
                (Name: nameof(AccountBudget.PeopleLookupsPerMinute), Value: account.Value.PeopleLookupsPerMinute),
                (Name: nameof(AccountBudget.CallDetailsPerMinute), Value: account.Value.CallDetailsPerMinute),
            }
            where limit.Value is < 1 or > 100_000
            select $"Accounts:{account.Key}:{limit.Name} is {limit.Value}; expected 1 to 100000.").ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
