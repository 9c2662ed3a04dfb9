using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Outdial.Platform.Hosting;

/// <summary>No verb: serves until it is told to stop.</summary>
internal static class ServeVerb
{
    public static async Task<int> RunAsync(IHost host, CancellationToken cancel)
    {
        // Before the wait: a wrong setting is said at once, not when the database is there at last.
        host.Services.GetService<IStartupValidator>()?.Validate();
        if (!await StartWait.DatabasesAsync(host, cancel))
            return ExitCodes.Ok;   // told to stop while it waited
        await host.RunAsync(cancel);
        return ExitCodes.Ok;
    }
}
