using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Outdial.LocalServers;

/// <summary>How a private PostgreSQL is to run.</summary>
/// <param name="Folder">Where its data, password and log live; made when absent, taken up again when present.</param>
public sealed record PrivatePostgresOptions(string Folder)
{
    /// <summary>
    /// False gives up safety against a power cut for speed: for tests. What was committed survives the death of the server's processes all the same.
    /// </summary>
    public bool Fsync { get; init; } = true;

    /// <summary>It is to hold hundreds of databases that live for seconds, and need no care.</summary>
    public bool ManyDatabases { get; init; }

    /// <summary>How many connections it admits. Default 300: all services in one process need half of it.</summary>
    public int MaxConnections { get; init; } = 300;

    /// <summary>How long the server may take to answer, in real time. Recovery after a crash is within it.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(120);
}

/// <summary>
/// A PostgreSQL of our own: on a free port of the loopback interface, as an unprivileged user, started and stopped with us.
/// </summary>
public sealed class PrivatePostgres : IAsyncDisposable
{
    /// <summary>
    /// Settings under which statements, parameters, keys and values of rows stay out of the server's log: they hold phone numbers. An error is still
    /// there with its message and the names of table and constraint.
    /// </summary>
    public static IReadOnlyList<string> QuietLog { get; } =
    [
        "log_error_verbosity=terse", "log_min_error_statement=panic", "log_statement=none", "log_min_duration_statement=-1", "log_min_duration_sample=-1",
        "log_parameter_max_length=0", "log_parameter_max_length_on_error=0",
    ];

    private const string User = "outdial";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly PrivatePostgresOptions _options;
    private readonly UnprivilegedUser _user;
    private readonly FolderLock _lock;
    private ServerProcess? _server;
    private bool _stopped;

    private PrivatePostgres(
        PrivatePostgresOptions options, UnprivilegedUser user, ServerProcess server, FolderLock folderLock, int port, string password, string folder)
    {
        (_options, _user, _server, _lock, Port, Folder) = (options, user, server, folderLock, port, folder);
        ConnectionString = Address("postgres", port, password);
    }

    /// <summary>Port on 127.0.0.1; another one at every start.</summary>
    public int Port { get; }

    /// <summary>
    /// Where the data really is: the folder asked for, or one under <c>/var/tmp</c> when root asked for a folder no one else can reach.
    /// </summary>
    public string Folder { get; }

    /// <summary>The server's process; 0 while it is stopped.</summary>
    public int ProcessId => _server?.Id ?? 0;

    /// <summary>Leads to the maintenance database, as superuser of this private server.</summary>
    public string ConnectionString { get; }

    /// <summary>Starts the server and waits until it answers.</summary>
    /// <exception cref="LocalServerException">It is not installed, its folder is in use, or it did not come up; says what to do.</exception>
    public static async Task<PrivatePostgres> StartAsync(PrivatePostgresOptions options, CancellationToken cancel = default)
    {
        var user = UnprivilegedUser.For("postgres", "postgresql");
        var folder = await user.ReachableAsync(options.Folder, cancel);
        PrivateFiles.Way(folder);
        var folderLock = FolderLock.Take(folder);
        try
        {
            return await StartAsync(options, folder, user, folderLock, cancel);
        }
        catch
        {
            folderLock.Dispose();
            throw;
        }
    }

    private static async Task<PrivatePostgres> StartAsync(
        PrivatePostgresOptions options, string folder, UnprivilegedUser user, FolderLock folderLock, CancellationToken cancel)
    {
        var data = Path.Combine(folder, "data");
        var password = Secret.Keep(Path.Combine(folder, "password"));
        var log = LogOf(folder);
        await ServerProcess.StopOrphanAsync(PidFileOf(folder), data, Signal.Interrupt, Patience, cancel);
        await InitializeAsync(data, password, user, cancel);

        // The port may be taken between the look and the use: try another, a few times.
        for (var attempt = 1; ; attempt++)
        {
            var port = FreePort.Next();
            PrivateFiles.Write(log, "");
            var server = Launch(options, user, folder, port);
            if (await AnswersAsync(server, Address("postgres", port, password), options.Deadline, cancel))
                return new PrivatePostgres(options, user, server, folderLock, port, password, folder);
            await server.StopAsync(Signal.Quit, Patience);
            if (attempt == 3 || !(await File.ReadAllTextAsync(log, cancel)).Contains("Address already in use", StringComparison.Ordinal))
                throw new LocalServerException($"PostgreSQL did not come up within {options.Deadline.TotalSeconds:0} s. Its log {log} ends with:\n{Tail(log)}");
        }
    }

    /// <summary>The address of a database of this server, for Npgsql; the database is made when absent.</summary>
    public async Task<string> DatabaseAsync(string name, CancellationToken cancel = default)
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString);
        await using var find = source.CreateCommand("select 1 from pg_database where datname = $1");
        find.Parameters.AddWithValue(name);
        if (await find.ExecuteScalarAsync(cancel) is null)
        {
            await using var create = source.CreateCommand($"create database \"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
            await create.ExecuteNonQueryAsync(cancel);
        }
        return new NpgsqlConnectionStringBuilder(ConnectionString) { Database = name, Pooling = true }.ConnectionString;
    }

    /// <summary>Kills the server as a power cut would: what it had promised is in its log.</summary>
    public Task KillServerAsync() => EndAsync(Signal.Quit);

    /// <summary>Stops the server as an operator would; <see cref="StartServerAsync"/> starts it again.</summary>
    public Task StopServerAsync() => EndAsync(Signal.Interrupt);

    /// <summary>Starts the server again on the same port and data; does nothing when it runs.</summary>
    /// <exception cref="LocalServerException">It did not come up.</exception>
    public async Task StartServerAsync(CancellationToken cancel = default)
    {
        if (_server is not null)
            return;
        _server = Launch(_options, _user, Folder, Port);
        if (!await AnswersAsync(_server, ConnectionString, _options.Deadline, cancel))
            throw new LocalServerException($"PostgreSQL did not come up again. Its log {LogOf(Folder)} ends with:\n{Tail(LogOf(Folder))}");
    }

    /// <summary>Stops the server for good: open sessions are cut, everything committed stays.</summary>
    public async Task StopAsync()
    {
        if (_stopped)
            return;
        _stopped = true;
        await StopServerAsync();
        _lock.Dispose();
    }

    private async Task EndAsync(Signal signal)
    {
        if (_server is null)
            return;
        await _server.StopAsync(signal, Patience);
        _server = null;
    }

    private static ServerProcess Launch(PrivatePostgresOptions options, UnprivilegedUser user, string folder, int port) => ServerProcess.Start(
        [.. user.Prefix, .. ServerWords(Path.Combine(folder, "data"), port, options)], new Dictionary<string, string>(), LogOf(folder), PidFileOf(folder),
        Signal.Interrupt);

    private static string LogOf(string folder) => Path.Combine(folder, "postgres.log");

    private static string PidFileOf(string folder) => Path.Combine(folder, "postgres.pid");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync();

    private static async Task InitializeAsync(string data, string password, UnprivilegedUser user, CancellationToken cancel)
    {
        if (File.Exists(Path.Combine(data, "PG_VERSION")))
            return;
        // A folder without a version file is the rest of an initdb that was cut off.
        if (Directory.Exists(data))
            Directory.Delete(data, recursive: true);
        PrivateFiles.Folder(data);
        await user.OwnAsync(data, cancel);
        var passwordFile = data + ".password";
        PrivateFiles.Write(passwordFile, password);
        await user.OwnAsync(passwordFile, cancel);
        try
        {
            await Command.RunAsync(
                [.. user.Prefix, Path.Combine(PostgresPrograms.Folder(null), "initdb"), "-D", data, "-U", User, $"--pwfile={passwordFile}",
                 "-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"], cancel);
        }
        finally
        {
            File.Delete(passwordFile);
        }
    }

    private static IEnumerable<string> ServerWords(string data, int port, PrivatePostgresOptions options)
    {
        var version = File.ReadAllText(Path.Combine(data, "PG_VERSION")).Trim();
        var settings = new List<string>
        {
            "listen_addresses=127.0.0.1", string.Create(CultureInfo.InvariantCulture, $"port={port}"),
            "unix_socket_directories=",   // a path over 107 characters would stop the server, and nobody needs the socket
            string.Create(CultureInfo.InvariantCulture, $"max_connections={options.MaxConnections}"), "shared_buffers=128MB", "jit=off", "timezone=UTC", "log_timezone=UTC",
        };
        settings.AddRange(QuietLog);
        // A commit is still handed to the operating system before it is answered (synchronous_commit): servers are killed in tests, and none may take
        // back its word.
        if (!options.Fsync)
            settings.AddRange(["fsync=off", "full_page_writes=off"]);
        // The cleaner would visit each of hundreds of databases every minute.
        if (options.ManyDatabases)
            settings.Add("autovacuum_naptime=30min");
        return [Path.Combine(PostgresPrograms.Folder(version), "postgres"), "-D", data, .. settings.SelectMany(setting => new[] { "-c", setting })];
    }

    private static async Task<bool> AnswersAsync(ServerProcess server, string address, TimeSpan deadline, CancellationToken cancel)
    {
        var waited = Stopwatch.StartNew();
        while (waited.Elapsed < deadline && !server.HasExited)
        {
            try
            {
                await using var connection = new NpgsqlConnection(address);
                await connection.OpenAsync(cancel);
                return true;
            }
            catch (NpgsqlException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancel);
            }
        }
        return false;
    }

    private static string Address(string database, int port, string password) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = port,
        Username = User,
        Password = password,
        Database = database,
        Pooling = false,
        Timeout = 15,
        IncludeErrorDetail = false,
    }.ConnectionString;

    private static string Tail(string log) => string.Join('\n', File.ReadLines(log).TakeLast(15));
}
