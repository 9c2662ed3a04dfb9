using Npgsql;

namespace Outdial.Platform.Storage;

/// <summary>Tells an error that passes when the server is back from one that is in the statement.</summary>
public static class DatabaseAway
{
    /// <summary>The server is away, starting, stopping or full, or the connection broke or took too long; also where that is wrapped.</summary>
    public static bool Is(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
        {
            if (error is PostgresException refused)
                return refused.SqlState.StartsWith("08", StringComparison.Ordinal) || refused.SqlState
                    is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
                    or PostgresErrorCodes.TooManyConnections;
            if (error is NpgsqlException broken)
                return broken.IsTransient || broken.InnerException is System.Net.Sockets.SocketException or IOException or TimeoutException;
        }
        return false;
    }

    /// <summary>Class 28: no such user, a wrong password, no entry in pg_hba.conf.</summary>
    public static bool IsLoginRefused(Exception error) =>
        error is PostgresException refused && refused.SqlState.StartsWith("28", StringComparison.Ordinal);
}
