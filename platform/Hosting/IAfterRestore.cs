namespace Outdial.Platform;

/// <summary>
/// What a service has to do with a database that was restored from a dump, before it serves: what happened between the dump and the
/// disaster is not in the rows, and must neither be done again nor be forgotten. Repeated before the
/// service serves, it changes nothing more.
/// </summary>
public interface IAfterRestore
{
    /// <summary>Of the service and its connection string.</summary>
    string Database { get; }

    /// <param name="dumpedAt">When the dump was begun. Earlier than true is harmless, later is not.</param>
    /// <param name="cancel">What was done by then stays done.</param>
    /// <returns>What was done, in sentences for the operator.</returns>
    IAsyncEnumerable<string> RunAsync(DateTimeOffset dumpedAt, CancellationToken cancel);
}
