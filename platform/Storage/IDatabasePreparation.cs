namespace Outdial.Platform.Storage;

/// <summary>One database of this process on its way to being usable.</summary>
internal interface IDatabasePreparation
{
    /// <summary>Name of the service and of its connection string.</summary>
    string Name { get; }

    /// <summary>False: the process serves without it until it is there.</summary>
    bool IsAwaited { get; }

    /// <summary>Why it is not usable yet, in words; null when it is.</summary>
    string? WaitsFor { get; }

    /// <summary>
    /// For a process that is to serve: waits for the database, and applies the scripts or, under <c>Database:Migrate=false</c>,
    /// waits until they are applied. Returns at once when that is done already.
    /// </summary>
    /// <param name="limit">Real time; may be infinite.</param>
    /// <exception cref="ServerAwayException">The time is over.</exception>
    /// <exception cref="SchemaRefusedException">An applied script has another text.</exception>
    Task PrepareAsync(TimeSpan limit, CancellationToken cancel);

    /// <summary>For the verb: creates the database if it is absent, applies the scripts, grants the rights of <c>Database:GrantTo</c>.</summary>
    /// <inheritdoc cref="PrepareAsync"/>
    Task MigrateAsync(CancellationToken cancel);

    /// <summary>For the verb: a database that was restored from a dump may serve here from now on.</summary>
    /// <exception cref="Npgsql.NpgsqlException">It is away, or not migrated.</exception>
    Task MoveHereAsync(CancellationToken cancel);
}

/// <summary>A server did not answer in time. The message is a sentence for the operator.</summary>
public sealed class ServerAwayException(string message, Exception? inner = null) : InvalidOperationException(message, inner);

/// <summary>The database was built from scripts that differ from ours. The message names the script and says what to do.</summary>
public sealed class SchemaRefusedException(string message) : InvalidOperationException(message);
