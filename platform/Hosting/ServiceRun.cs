using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Outdial.Platform.Hosting;
using Outdial.Platform.Storage;

namespace Outdial.Platform;

/// <summary>The verbs that every service's program knows.</summary>
public static class ServiceRun
{
    /// <summary>
    /// Does what the first argument says. Nothing: serves until it is told to stop. <c>migrate</c>: prepares database and
    /// broker and ends. <c>healthcheck [live|ready]</c>: asks the process that serves on the configured port.
    /// <c>restored TIME</c>: makes good what a database restored from a dump of that time does not know.
    /// What cannot work ends with sentences on the error output, not with a stack trace.
    /// </summary>
    /// <returns>
    /// The exit code: 0; 1 when a script failed, the schema does not fit, or the health check says no; 64 for an unknown
    /// verb; 75 when <c>migrate</c> waited in vain for a server; 78 when the configuration is wrong.
    /// </returns>
    public static async Task<int> RunServiceAsync(this IHost host, string[] args, CancellationToken cancel = default)
    {
        try
        {
            return ServiceVerb.Of(args) switch
            {
                ServiceVerb.Serve => await ServeVerb.RunAsync(host, cancel),
                ServiceVerb.Migrate => await MigrateVerb.RunAsync(host, cancel),
                ServiceVerb.HealthCheck => await HealthCheckVerb.RunAsync(host.Services.GetRequiredService<IConfiguration>(), args, cancel),
                ServiceVerb.Restored => await RestoredVerb.RunAsync(host, args, cancel),
                var other => await Say(ExitCodes.Usage, $"'{other}' is not a verb of this program. Expected: {ServiceVerb.Usage}."),
            };
        }
        catch (OptionsValidationException wrong)
        {
            return await SayWrong(wrong.Failures);
        }
        catch (AggregateException several) when (several.InnerExceptions.All(e => e is OptionsValidationException))
        {
            return await SayWrong(several.InnerExceptions.Cast<OptionsValidationException>().SelectMany(wrong => wrong.Failures));
        }
        catch (SchemaRefusedException refused)
        {
            return await Say(ExitCodes.Failed, refused.Message);
        }
        finally
        {
            if (host is IAsyncDisposable disposable)
                await disposable.DisposeAsync();
            else
                host.Dispose();
        }
    }

    /// <summary>
    /// Answers the verb <c>healthcheck</c> before a host is built: building takes seconds, and some programs start servers or take locks with it.
    /// </summary>
    /// <returns>The exit code, or null when the arguments say something else.</returns>
    public static async Task<int?> TryHealthCheckAsync(this IConfiguration configuration, string[] args, CancellationToken cancel = default) =>
        ServiceVerb.Of(args) == ServiceVerb.HealthCheck ? await HealthCheckVerb.RunAsync(configuration, args, cancel) : null;

    private static async Task<int> SayWrong(IEnumerable<string> failures)
    {
        foreach (var failure in failures)
            await Say(ExitCodes.BadConfiguration, "Configuration: " + failure);
        return ExitCodes.BadConfiguration;
    }

    internal static async Task<int> Say(int exitCode, string sentence)
    {
#pragma warning disable RS0030 // What stops a start is said to whoever started it, log or no log
        await Console.Error.WriteLineAsync(sentence);
#pragma warning restore RS0030
        return exitCode;
    }
}
