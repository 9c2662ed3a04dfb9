using System.Runtime.InteropServices;
using Outdial.LocalServers;
using Outdial.Testing;

// Starts the servers that several test processes share, says how they find them, and then "ready". Stops with its input, hence with whoever
// started it, however that one ends. Ctrl-C is meant for that one alone.
using var heard = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
using var ended = new CancellationTokenSource();
var input = Task.Run(() =>
{
    while (Console.In.ReadLine() is not null)
    {
    }
    ended.Cancel();
});
Task<StartedServer>[] servers = [PostgresServer.StartAsync(Console.WriteLine, ended.Token), RabbitServer.StartAsync(Console.WriteLine, ended.Token)];
try
{
    foreach (var (name, value) in (await Task.WhenAll(servers)).SelectMany(server => server.Variables))
        Console.WriteLine($"export {name}='{value}'");
    Console.WriteLine("ready");
    await input;
    return 0;
}
catch (LocalServerException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
catch (OperationCanceledException) when (ended.IsCancellationRequested)
{
    return 0;
}
finally
{
    await Task.WhenAll(servers.Where(server => server.IsCompletedSuccessfully).Select(async server => await (await server).StopAsync()));
}
