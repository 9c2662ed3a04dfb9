using Microsoft.Extensions.Logging;

namespace Outdial.Platform.Storage;

internal static partial class Log
{
    [LoggerMessage(EventId = 1101, Level = LogLevel.Warning, Message = "Waiting for the {Database} database, try {Attempt}: {Reason}")]
    public static partial void WaitingForDatabase(this ILogger log, string database, int attempt, string reason);

    [LoggerMessage(EventId = 1102, Level = LogLevel.Information, Message = "Created the database {Database}")]
    public static partial void DatabaseCreated(this ILogger log, string database);

    [LoggerMessage(EventId = 1103, Level = LogLevel.Information, Message = "The database {Database} was created by another process")]
    public static partial void DatabaseExists(this ILogger log, string database);

    [LoggerMessage(EventId = 1104, Level = LogLevel.Information, Message = "Applied the migration {Migration}")]
    public static partial void MigrationApplied(this ILogger log, string migration);

    [LoggerMessage(EventId = 1105, Level = LogLevel.Information, Message = "The migration {Migration} waits for a lock, try {Attempt}: {Reason}")]
    public static partial void MigrationWaits(this ILogger log, string migration, int attempt, string reason);

    [LoggerMessage(EventId = 1106, Level = LogLevel.Information, Message = "The role {Role} may read and change rows of the database {Database}")]
    public static partial void RightsGranted(this ILogger log, string role, string database);

    [LoggerMessage(EventId = 1107, Level = LogLevel.Information, Message = "The database {Database} knows {Count} scripts of a newer version; they only add, so this version works on it")]
    public static partial void DatabaseIsNewer(this ILogger log, string database, int count);

    [LoggerMessage(EventId = 1108, Level = LogLevel.Warning, Message = "Which addresses are revoked could not be read from the database {Database}; what was read before holds: {Reason}")]
    public static partial void AddressesNotRead(this ILogger log, string database, string reason);
}
