using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Outdial.Platform.Storage;

internal static class QuietFailures
{
    /// <summary>
    /// A statement that fails is thrown to its caller, who answers it (a name that is taken is a client's fault, and no error of ours), tries again,
    /// or lets it go on to where it is logged: requests by <see cref="ErrorAnswers"/>, messages by their endpoint, loops by themselves. A second and
    /// third telling by Entity Framework, each with its trace, would be an error in the log of a platform that does what it should.
    /// </summary>
    public static DbContextOptionsBuilder LeavesFailuresToCallers(this DbContextOptionsBuilder db) => db.ConfigureWarnings(warnings => warnings.Log(
        (RelationalEventId.CommandError, LogLevel.Debug),
        (RelationalEventId.ConnectionError, LogLevel.Debug),
        (CoreEventId.SaveChangesFailed, LogLevel.Debug),
        (CoreEventId.QueryIterationFailed, LogLevel.Debug)));
}
