using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Outdial.Platform.Storage;

namespace Outdial.Platform.Hosting;

/// <summary><c>restored TIME</c>: run once after a database was restored from a dump, after <c>migrate</c> and before the service.</summary>
internal static class RestoredVerb
{
    public static async Task<int> RunAsync(IHost host, IReadOnlyList<string> args, CancellationToken cancel)
    {
        var time = host.Services.GetRequiredService<TimeProvider>();
        if (Time(args, time.GetUtcNow(), out var dumpedAt) is { } wrong)
            return await ServiceRun.Say(ExitCodes.Usage, wrong);
        try
        {
            await using var scope = host.Services.CreateAsyncScope();
            foreach (var step in scope.ServiceProvider.GetServices<IAfterRestore>())
            {
                await foreach (var sentence in step.RunAsync(dumpedAt, cancel))
#pragma warning disable RS0030 // A verb answers whoever typed it
                    Console.WriteLine($"{step.Database}: {sentence}");
#pragma warning restore RS0030
            }
            // Last: a step that failed keeps the service from serving.
            foreach (var database in host.Services.GetServices<IDatabasePreparation>())
            {
                await database.MoveHereAsync(cancel);
#pragma warning disable RS0030 // A verb answers whoever typed it
                Console.WriteLine($"{database.Name}: at home here from now on.");
#pragma warning restore RS0030
            }
            return ExitCodes.Ok;
        }
        catch (NpgsqlException failed)
        {
            return await ServiceRun.Say(ExitCodes.Failed, $"The database could not be prepared: {failed.Message}. Run 'migrate' first; then run this again, which does nothing twice.");
        }
    }

    /// <returns>What is wrong with it; null when nothing is.</returns>
    private static string? Time(IReadOnlyList<string> args, DateTimeOffset now, out DateTimeOffset dumpedAt)
    {
        const string expected = "Expected: restored 2026-05-04T09:30:00Z, the time when the dump was begun; a little earlier is harmless, later is not.";
        dumpedAt = default;
        return args.Count < 2 ? $"The time of the dump is missing. {expected}"
            : !InstantText.TryRead(args[1], out dumpedAt) ? $"'{args[1]}' is no time with an offset. {expected}"
            : dumpedAt > now ? $"{args[1]} is in the future. {expected}"
            : null;
    }
}
