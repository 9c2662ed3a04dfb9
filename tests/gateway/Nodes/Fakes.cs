using Microsoft.AspNetCore.Http;
using Outdial.LocalServers;

namespace Outdial.Gateway.Tests.Nodes;

/// <summary>Fakes for services, and the gateway's settings that lead to them.</summary>
public sealed class Fakes : IAsyncDisposable
{
    private readonly List<(string Service, string Address)> _addresses = [];
    private readonly List<FakeService> _all = [];

    public async Task<FakeService> Add(string service, RequestDelegate? answer = null)
    {
        var fake = await FakeService.Start(service, answer);
        _all.Add(fake);
        _addresses.Add((service, fake.Address));
        return fake;
    }

    /// <summary>A replica that is not there: its port is free.</summary>
    /// <returns>The port.</returns>
    public int AddDead(string service)
    {
        var port = FreePort.Next();
        _addresses.Add((service, $"http://127.0.0.1:{port}"));
        return port;
    }

    public IEnumerable<(string, string)> Settings(params (string Key, string Value)[] more) =>
    [
        .. _addresses.GroupBy(address => address.Service).Select(service =>
            ($"Gateway:Services:{service.Key}", string.Join(';', service.Select(address => address.Address)))),
        .. more,
    ];

    public async ValueTask DisposeAsync()
    {
        foreach (var fake in _all)
            await fake.DisposeAsync();
    }
}

/// <summary>A request handler that waits until the test lets it go on; a client that goes away ends the wait.</summary>
public sealed class Gate
{
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _waiting;

    public int Waiting => Volatile.Read(ref _waiting);

    public void Open() => _open.TrySetResult();

    public async Task Hang(HttpContext context)
    {
        Interlocked.Increment(ref _waiting);
        await _open.Task.WaitAsync(context.RequestAborted);
    }
}
