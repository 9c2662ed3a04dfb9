using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Outdial.Platform;

/// <summary>Runs a service to its end.</summary>
public static class ServiceRun
{
    private const int BadConfiguration = 78;   // EX_CONFIG of sysexits.h

    /// <summary>Runs until it is told to stop. A wrong configuration ends it with sentences on the error output, not with a stack trace.</summary>
    /// <returns>The exit code: 0, or 78 when the configuration is wrong.</returns>
    public static async Task<int> RunServiceAsync(this IHost host, CancellationToken cancel = default)
    {
        try
        {
            await host.RunAsync(cancel);
            return 0;
        }
        catch (OptionsValidationException wrong)
        {
            foreach (var failure in wrong.Failures)
                await Console.Error.WriteLineAsync("Configuration: " + failure);
            return BadConfiguration;
        }
    }
}
