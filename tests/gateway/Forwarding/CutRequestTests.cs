using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Outdial.Gateway.Tests.Nodes;
using Outdial.Testing;

namespace Outdial.Gateway.Tests.Forwarding;

/// <summary>Clients that go away in the middle, and what an installation's log says of them.</summary>
public sealed class CutRequestTests
{
    [Fact]
    public async Task A_request_that_is_cut_leaves_no_alarm_in_the_log()
    {
        var (log, arrived, ended) = (new WrittenLog(), new TaskCompletionSource(), new TaskCompletionSource());
        await using var fakes = new Fakes();
        await fakes.Add("pacer", async context =>
        {
            arrived.TrySetResult();
            try
            {
                await context.Request.Body.CopyToAsync(Stream.Null);
            }
            finally
            {
                ended.TrySetResult();
            }
        });
        await using (var gateway = await Start(fakes, log))
        {
            using (var socket = await Send(gateway, "/api/v1/campaigns", "{\"name\":", length: 500))
            {
                await arrived.Task.WaitAsync(Eventually.Patience, TimeProvider.System);
                socket.Client.LingerState = new LingerOption(enable: true, seconds: 0);   // a reset, not a farewell
            }
            await ended.Task.WaitAsync(Eventually.Patience, TimeProvider.System);
            await gateway.StopAsync();
        }

        Assert.DoesNotContain(log.AlarmsOfRequests, IsNoAct);
    }

    [Fact]
    public async Task A_body_that_is_not_UTF8_is_refused_by_name_and_leaves_no_alarm_in_the_log()
    {
        var log = new WrittenLog();
        await using var fakes = new Fakes();
        await using var gateway = await Start(fakes, log);
        var content = new ByteArrayContent([.. "{\"name\":\"As"u8, 0xE9, .. "ha\"}"u8]);
        content.Headers.ContentType = new("application/json");

        var (status, detail) = await gateway.Problem(HttpMethod.Post, "/api/v1/api-keys", content: content);

        Assert.Equal((400, "'body' is 'line 1, byte 12: 0xE9': expected text in UTF-8."), ((int)status, detail));
        Assert.DoesNotContain(log.AlarmsOfRequests, IsNoAct);
    }

    [Fact]
    public async Task A_field_and_a_parameter_that_nobody_reads_are_refused_by_the_gateway_as_well()
    {
        await using var fakes = new Fakes();
        await using var gateway = await GatewayNode.Start(fakes.Settings());

        var field = await gateway.Problem(HttpMethod.Post, "/api/v1/api-keys",
            content: new StringContent("""{"name":"a","role":"crm","expires":null}""", Encoding.UTF8, "application/json"));
        var parameter = await gateway.Problem(HttpMethod.Get, "/api/v1/invariants?verbose=true");

        Assert.Equal(
            (400, "'expires' is 'null': expected one of the fields name, role, agentId, expiresAt; nearest: expiresAt."), ((int)field.Status, field.Detail));
        Assert.Equal((400, "'verbose' is 'true': expected nothing: there are no query parameters here."), ((int)parameter.Status, parameter.Detail));
    }

    /// <summary>Who did what cannot be kept here, for want of a database: another matter.</summary>
    private static bool IsNoAct(LogLine alarm) => !alarm.Category.EndsWith("ActRecorder", StringComparison.Ordinal);

    private static async Task<GatewayNode> Start(Fakes fakes, WrittenLog log)
    {
        var gateway = await GatewayNode.Start(fakes.Settings(("Logging:LogLevel:Default", "Information"), ("Logging:LogLevel:Yarp", "Information")));
        gateway.Services.GetRequiredService<ILoggerFactory>().AddProvider(log);
        return gateway;
    }

    private static async Task<TcpClient> Send(GatewayNode gateway, string path, string begin, int length)
    {
        var socket = new TcpClient();
        await socket.ConnectAsync(gateway.Http.BaseAddress!.Host, gateway.Http.BaseAddress.Port);
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: x\r\nX-Api-Key: {GatewayNode.AdminKey}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{begin}"));
        return socket;
    }
}
