using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Outdial.Platform;

/// <summary>
/// The PostgreSQL database of the service whose context is <typeparamref name="TDb"/>: for claims, <c>COPY</c> and
/// other statements that Entity Framework has no words for.
/// </summary>
public sealed class ServiceDatabase<TDb> : IAsyncDisposable
    where TDb : DbContext
{
    /// <param name="name">Name of the service and of its connection string, for example <c>pacer</c>.</param>
    /// <param name="source">Pooled connections, owned by this object from now on.</param>
    /// <param name="connectionString">What the pool was made from. Carries the password: never logged, hence internal.</param>
    public ServiceDatabase(string name, NpgsqlDataSource source, string connectionString) =>
        (Name, Source, ConnectionString) = (name, source, connectionString);

    /// <summary>Name of the service and of its connection string.</summary>
    public string Name { get; }

    /// <summary>Pooled connections.</summary>
    public NpgsqlDataSource Source { get; }

    internal string ConnectionString { get; }

    /// <summary>Opens a connection from the pool; dispose it to give it back.</summary>
    /// <exception cref="NpgsqlException">The database is away, or the pool stayed empty for too long.</exception>
    public ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancel) => Source.OpenConnectionAsync(cancel);

    public ValueTask DisposeAsync() => Source.DisposeAsync();
}
