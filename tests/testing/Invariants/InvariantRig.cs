using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Outdial.Platform;

namespace Outdial.Testing;

/// <summary>
/// A service's invariants and a database of its own for the test to fill. The service is composed as in production, its scripts are applied,
/// and it is never started: nothing but the test moves the rows.
/// </summary>
public sealed class InvariantRig : IAsyncDisposable
{
    /// <summary>Wednesday 14 January 2026, 12:00 in India: what the questions take for now.</summary>
    public static readonly DateTimeOffset Now = new(2026, 1, 14, 6, 30, 0, TimeSpan.Zero);

    /// <summary>What was due before it is forgotten, not late.</summary>
    public static readonly DateTimeOffset Overdue = Now.AddMinutes(-10);

    private static readonly JsonSerializerOptions s_snakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly WebApplication _app;
    private readonly NpgsqlDataSource _source;

    private InvariantRig(WebApplication app, NpgsqlDataSource source) => (_app, _source) = (app, source);

    public IServiceProvider Services => _app.Services;

    /// <param name="service">Name of the service's connection string.</param>
    /// <param name="add">Composes the service.</param>
    public static async Task<InvariantRig> CreateAsync(
        string service, Action<WebApplicationBuilder> add, params IEnumerable<KeyValuePair<string, string?>>[] settings)
    {
        var database = await PostgresServer.CreateDatabaseAsync(service);
        var code = await Build().RunServiceAsync(["migrate"]);
        return code == 0 ? new(Build(), NpgsqlDataSource.Create(database)) : throw new InvalidOperationException($"The scripts of {service} were not applied: exit code {code}.");

        WebApplication Build()
        {
            var builder = TestApp.Builder(service, database, new FakeTimeProvider(Now), ("a-key-for-the-tests-only", "supervisor"), settings);
            add(builder);
            builder.AddBus();
            return builder.Build();
        }
    }

    /// <summary>Takes all rows away.</summary>
    public async Task ClearAsync()
    {
        await using var tables = _source.CreateCommand(
            "select string_agg(quote_ident(tablename), ', ') from pg_tables where schemaname = 'public' and tablename not in ('schema_history', 'database_home')");
        await ExecuteAsync($"truncate {await tables.ExecuteScalarAsync()} cascade");
    }

    /// <summary>Adds a row. Columns that none of the objects names have the table's default.</summary>
    /// <param name="columns">See <see cref="Merged"/>.</param>
    public async Task InsertAsync(string table, params IEnumerable<object?> columns)
    {
        var row = Merged(columns);
        var names = string.Join(", ", row.Select(column => column.Key));
        await using var insert = _source.CreateCommand($"insert into {table} ({names}) select {names} from jsonb_populate_record(null::{table}, $1::jsonb)");
        insert.Parameters.AddWithValue(row.ToJsonString());
        await insert.ExecuteNonQueryAsync();
    }

    /// <summary>One row out of several objects.</summary>
    /// <param name="columns">Objects whose properties are the columns, in Pascal case; the last word on a column counts.</param>
    public static JsonObject Merged(params IEnumerable<object?> columns)
    {
        var row = new JsonObject();
        foreach (var some in columns.OfType<object>())
        {
            foreach (var (name, value) in JsonSerializer.SerializeToNode(some, s_snakeCase)!.AsObject())
                row[name] = value?.DeepClone();
        }
        return row;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = _source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Asks as the monitor does.</summary>
    public async Task<InvariantFinding> AskAsync(Invariant invariant)
    {
        await using var scope = Services.CreateAsyncScope();
        return await invariant.Ask(scope.ServiceProvider, new InvariantMoment(Now, Overdue), CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        await _app.DisposeAsync();
    }
}
