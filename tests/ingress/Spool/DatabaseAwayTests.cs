using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Outdial.Contracts;
using Outdial.Ingress.Data;
using Outdial.Ingress.Spool;
using Outdial.LocalServers;
using Outdial.Platform;
using Outdial.Testing;

namespace Outdial.Ingress.Tests.Spool;

/// <summary>
/// Law 3 for a process that starts before its database: what it answers 2xx is on the disk, and is handled when the database is there.
/// </summary>
public sealed class DatabaseAwayTests
{
    [Fact]
    public async Task Law_3_webhooks_that_come_before_the_database_is_there_are_on_the_disk_before_the_answer_and_arrive_in_order()
    {
        var folder = TemporaryFolder.Make("spool");
        var database = await NotThereYet();
        var urls = ("urls", $"http://127.0.0.1:{FreePort.Next()}/");
        var (app, heard) = IngressService.Compose(database, null, folder, ("Database:Migrate", "false"), urls);
        var (address, spool) = (IngressService.Address(app.Services, "status", Attempt), app.Services.GetRequiredService<WebhookSpool>());
        using var http = new HttpClient { BaseAddress = new Uri(urls.Item2) };
        using var stop = new CancellationTokenSource();
        var running = app.RunServiceAsync([], stop.Token);
        await Eventually.Async(() => Answers(http, "/health/live", HttpStatusCode.OK));

        foreach (var line in new[] { "EventType=answered&Status=in-progress", "EventType=terminal&Status=completed" })
            Assert.Equal(HttpStatusCode.OK, await Post(http, address, $"CallSid=c&{line}"));

        Assert.Equal(2, spool.Depth);
        Assert.Equal(HttpStatusCode.Unauthorized, await Post(http, "/webhooks/exotel/not-our-token/status", "CallSid=c"));
        Assert.True(await Answers(http, "/health/ready", HttpStatusCode.ServiceUnavailable));
        Assert.True(await Answers(http, "/api/v1/webhooks", HttpStatusCode.ServiceUnavailable));
        Assert.Equal(2, spool.Depth);

        Assert.Equal(0, await IngressService.Compose(database, null, folder + "-of-the-job").App.RunServiceAsync(["migrate"]));
        await Eventually.Async(() => Answers(http, "/health/ready", HttpStatusCode.OK));
        await Eventually.Async(() => heard.Of(Attempt).OfType<CallTerminated>().Any());
        Assert.Equal(0, spool.Depth);
        Assert.Equal(["CallSid=c&EventType=answered&Status=in-progress", "CallSid=c&EventType=terminal&Status=completed"], await Bodies(app.Services));
        Assert.Equal(HttpStatusCode.OK, await Post(http, address, "CallSid=c&Status=completed"));
        Assert.Equal(0, spool.Depth);   // from now on by the bus

        await stop.CancelAsync();
        Assert.Equal(0, await running);
        TemporaryFolder.Remove(folder);
    }

    [Fact]
    public async Task An_account_that_asks_for_more_than_the_token_asks_for_it_also_before_the_database_is_there()
    {
        var folder = TemporaryFolder.Make("spool");
        var urls = ("urls", $"http://127.0.0.1:{FreePort.Next()}/");
        var (app, _) = IngressService.Compose(await NotThereYet(), null, folder, ("Database:Migrate", "false"), urls,
            ("Accounts:default:Webhooks:BasicUser", "exotel"), ("Accounts:default:Webhooks:BasicPassword", "agreed"));
        var address = IngressService.Address(app.Services, "status", Attempt);
        using var http = new HttpClient { BaseAddress = new Uri(urls.Item2) };
        using var stop = new CancellationTokenSource();
        var running = app.RunServiceAsync([], stop.Token);
        await Eventually.Async(() => Answers(http, "/health/live", HttpStatusCode.OK));

        Assert.Equal(HttpStatusCode.Unauthorized, await Post(http, address, "CallSid=c"));
        http.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String("exotel:agreed"u8));
        Assert.Equal(HttpStatusCode.OK, await Post(http, address, "CallSid=c"));

        await stop.CancelAsync();
        Assert.Equal(0, await running);
        TemporaryFolder.Remove(folder);
    }

    private static Guid Attempt { get; } = Guid.CreateVersion7();

    private static async Task<string> NotThereYet() => new NpgsqlConnectionStringBuilder(await PostgresServer.ConnectionStringAsync())
    {
        Database = $"ingress_{Guid.NewGuid():N}",
    }.ConnectionString;

    private static async Task<HttpStatusCode> Post(HttpClient http, string address, string form)
    {
        using var answer = await http.PostAsync(address, new StringContent(form, Encoding.UTF8, "application/x-www-form-urlencoded"));
        return answer.StatusCode;
    }

    private static async Task<bool> Answers(HttpClient http, string path, HttpStatusCode expected)
    {
        try
        {
            using var answer = await http.GetAsync(path);
            return answer.StatusCode == expected;
        }
        catch (HttpRequestException)
        {
            return false;   // the service itself is about to take the port
        }
    }

    private static async Task<List<string>> Bodies(IServiceProvider services)
    {
        await using var scope = services.CreateAsyncScope();
        var rows = await scope.ServiceProvider.GetRequiredService<IngressDbContext>().Webhooks.AsNoTracking().OrderBy(row => row.Id).ToListAsync();
        return [.. rows.Select(row => Encoding.UTF8.GetString(row.Body))];
    }
}
