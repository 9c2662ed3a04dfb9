using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Outdial.Platform.Hosting;
using Outdial.Platform.Storage;

namespace Outdial.Platform;

/// <summary>The verbs that every service's program knows.</summary>
public static class ServiceRun
{
    /// <summary>
    /// Does what the first argument says. Nothing: serves until it is told to stop. <c>migrate</c>: prepares database and
    /// broker and ends. <c>healthcheck [live|ready]</c>: asks the process that serves on the configured port.
    /// <c>drain</c>: hands over what another process left in its folder.
    /// <c>restored TIME</c>: makes good what a database restored from a dump of that time does not know.
    /// What cannot work ends with sentences on the error output, not with a stack trace.
    /// </summary>
    /// <returns>
    /// The exit code: 0; 1 when a script failed, the schema does not fit, a loop ended, or the health check says no; 64 for an unknown
    /// verb; 75 when <c>migrate</c> or <c>drain</c> waited in vain for a server; 78 when the configuration is wrong.
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
                ServiceVerb.Drain => await DrainVerb.RunAsync(host, cancel),
                ServiceVerb.Restored => await RestoredVerb.RunAsync(host, args, cancel),
                var other => await Say(ExitCodes.Usage, $"'{other}' is not a verb of this program. Expected: {ServiceVerb.Usage}."),
            };
        }
        catch (Exception e) when (WrongSettings.Of(e) is { } sentences)
        {
            return await SayWrong(sentences);
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
    /// A whole program: puts it together and does what its first argument says (<see cref="RunServiceAsync"/>). A setting that is wrong already
    /// while the parts are put together ends it in the same way, with sentences and 78.
    /// </summary>
    /// <param name="add">Its services.</param>
    /// <param name="map">Its addresses.</param>
    public static async Task<int> RunProgramAsync(string[] args, Action<WebApplicationBuilder> add, Action<WebApplication> map)
    {
        if (await TryTellVersionAsync(args) is { } told)
            return told;
        try
        {
            var builder = WebApplication.CreateBuilder(args);
            if (await builder.Configuration.TryHealthCheckAsync(args) is { } health)
                return health;
            Placeholders.Refuse(builder.Configuration);
            add(builder);
            var app = builder.Build();
            app.MapServiceDefaults();
            map(app);
            return await app.RunServiceAsync(args, CancellationToken.None);
        }
        catch (Exception e) when (WrongSettings.Of(e) is { } sentences)
        {
            return await SayWrong(sentences);
        }
    }

    /// <summary>Whether it is a setting that is wrong; then it has been said in sentences, and the exit code is 78.</summary>
    public static async Task<int?> TrySayWrongAsync(Exception error) => WrongSettings.Of(error) is { } sentences ? await SayWrong(sentences) : null;

    /// <summary>
    /// Answers the verb <c>healthcheck</c> before a host is built: building takes seconds, and some programs start servers or take locks with it.
    /// </summary>
    /// <returns>The exit code, or null when the arguments say something else.</returns>
    public static async Task<int?> TryHealthCheckAsync(this IConfiguration configuration, string[] args, CancellationToken cancel = default) =>
        ServiceVerb.Of(args) == ServiceVerb.HealthCheck ? await HealthCheckVerb.RunAsync(configuration, args, cancel) : null;

    /// <summary>Answers <c>--version</c>, before anything is read or built.</summary>
    /// <returns>The exit code, or null when the arguments say something else.</returns>
    public static async Task<int?> TryTellVersionAsync(string[] args)
    {
        if (args is not ["--version"])
            return null;
#pragma warning disable RS0030 // What was asked for on the command line
        await Console.Out.WriteLineAsync(ProductVersion.Text);
#pragma warning restore RS0030
        return ExitCodes.Ok;
    }

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
