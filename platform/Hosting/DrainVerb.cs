using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Outdial.Platform.Storage;

namespace Outdial.Platform.Hosting;

/// <summary>
/// <c>drain</c>: for the folder of a process that is gone for good, such as the volume of a removed pod. Runs the service on it, without anybody
/// who sends it requests, until nothing is left.
/// </summary>
internal static class DrainVerb
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(200);

    public static async Task<int> RunAsync(IHost host, CancellationToken cancel)
    {
        host.Services.GetService<IStartupValidator>()?.Validate();
        if (!host.Services.GetRequiredService<IServiceProviderIsService>().IsService(typeof(IKeptOnDisk)))
            return await ServiceRun.Say(ExitCodes.Usage, "This program keeps nothing on disk that could be drained; ingress does.");
        var limit = host.Services.GetRequiredService<DatabaseOptions>().StartTimeout;
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        time.CancelAfter(limit);
        try
        {
            if (!await StartWait.DatabasesAsync(host, time.Token))
                return await Left(host, limit);
            await host.StartAsync(time.Token);
            while (Depth(host) > 0)
                await Task.Delay(s_look, TimeProvider.System, time.Token);
            await host.StopAsync(CancellationToken.None);
#pragma warning disable RS0030 // A verb answers whoever typed it
            Console.WriteLine("Nothing is left on disk.");
#pragma warning restore RS0030
            return ExitCodes.Ok;
        }
        catch (OperationCanceledException) when (time.IsCancellationRequested)
        {
            await host.StopAsync(CancellationToken.None);
            return await Left(host, limit);
        }
    }

    private static long Depth(IHost host) => host.Services.GetServices<IKeptOnDisk>().Sum(one => one.Depth);

    private static Task<int> Left(IHost host, TimeSpan limit) => ServiceRun.Say(
        ExitCodes.ServerAway,
        $"{Depth(host)} webhooks are left: broker or database did not answer within {limit} (Database:StartTimeout). Run this again.");
}
