using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Outdial.Platform;

/// <summary>Something that must never be so, as a question that can be asked of a running service.</summary>
/// <param name="Name">Kebab-case, as operators and metrics call it.</param>
/// <param name="Description">What it means when there are any, in a sentence.</param>
/// <param name="Ask">Finds the violations; the services are a scope of their own.</param>
public sealed record Invariant(
    string Name, string Description, Func<IServiceProvider, InvariantMoment, CancellationToken, Task<InvariantFinding>> Ask)
{
    private const int Examples = 20;

    /// <summary>An invariant over the rows of one service.</summary>
    /// <param name="name">Kebab-case.</param>
    /// <param name="description">A sentence.</param>
    /// <param name="sql">
    /// Selects one column <c>id</c>, a row for each violation. May use <c>@now</c>, and <c>@overdue</c>: what is due before it should have
    /// been seen to. Ids only: no number of a person.
    /// </param>
    public static Invariant Rows<TDb>(string name, string description, string sql)
        where TDb : DbContext => new(name, description, async (services, moment, cancel) =>
    {
        await using var connection = await services.GetRequiredService<ServiceDatabase<TDb>>().OpenAsync(cancel);
        await using var command = new NpgsqlCommand($"select count(*), coalesce((array_agg(id::text))[1:{Examples}], '{{}}') from ({sql}) found", connection);
        command.Parameters.AddWithValue("now", moment.Now);
        command.Parameters.AddWithValue("overdue", moment.Overdue);
        await using var row = await command.ExecuteReaderAsync(cancel);
        await row.ReadAsync(cancel);
        return new InvariantFinding(row.GetInt64(0), row.GetFieldValue<string[]>(1));
    });

    /// <summary>A finding from ids.</summary>
    public static InvariantFinding Found(IReadOnlyCollection<string> ids) => new(ids.Count, [.. ids.Take(Examples)]);
}

/// <param name="Now">On the platform's clock.</param>
/// <param name="Overdue">What was due before this instant and is not done is a violation, not a moment's delay.</param>
public readonly record struct InvariantMoment(DateTimeOffset Now, DateTimeOffset Overdue);

/// <param name="Violations">How many there are.</param>
/// <param name="Examples">Some of their ids.</param>
public sealed record InvariantFinding(long Violations, IReadOnlyList<string> Examples);

/// <summary>One invariant as it was last found.</summary>
/// <param name="Service">Whose rows were asked.</param>
/// <param name="Violations">Null when the question could not be asked; <see cref="Error"/> says why.</param>
/// <param name="Examples">Some of the ids.</param>
/// <param name="CheckedAt">On the platform's clock.</param>
/// <param name="Error">Without personal data.</param>
public sealed record InvariantReport(
    string Service, string Name, string Description, long? Violations, IReadOnlyList<string> Examples, DateTimeOffset CheckedAt,
    string? Error = null);
