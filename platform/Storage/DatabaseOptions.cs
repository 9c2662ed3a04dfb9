using System.ComponentModel.DataAnnotations;

namespace Outdial.Platform;

/// <summary>Section <c>Database</c>: how services start on their databases.</summary>
public sealed class DatabaseOptions
{
    public const string Section = "Database";

    /// <summary>
    /// Whether a starting process creates its database and applies the scripts that are not applied yet. Default true.
    /// Set false where an operator migrates in a step of its own (the verb <c>migrate</c>): a process then waits for the scripts.
    /// </summary>
    public bool Migrate { get; init; } = true;

    /// <summary>
    /// How long the verb <c>migrate</c> waits for database and broker before it gives up. Real time, default 2 minutes. A
    /// process that is to serve waits on, alive and not ready; only one that is not run by <c>RunServiceAsync</c> gives up too.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00")]
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// An existing role that the verb <c>migrate</c> gives the rights to read and change rows, also of later tables, and no
    /// more. Default none: the owner serves.
    /// </summary>
    public string? GrantTo { get; init; }

    /// <summary>
    /// Largest number of connections per process and database, where the connection string names none. Default 32:
    /// four services in one process stay under twice PostgreSQL's own default of 100.
    /// </summary>
    [Range(1, 10_000)] public int MaxPoolSize { get; init; } = 32;

    /// <summary>
    /// How many statements each connection keeps prepared, where the connection string names no <c>Max Auto Prepare</c>.
    /// Default 100. Set 0 behind a pooler that hands a server connection to another client between transactions.
    /// </summary>
    [Range(0, 10_000)] public int MaxPreparedStatements { get; init; } = 100;
}
