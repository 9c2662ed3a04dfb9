using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Outdial.Ingress;
using Outdial.Ingress.Data;
using Outdial.Platform;
using Outdial.Testing;

namespace Outdial.AgentRouter.Tests.Nodes;

/// <summary>
/// A router and the ingress before it, in one process on one bus: what the provider sends comes in as it is on the wire. One for many
/// tests, which differ in agents, campaigns and calls.
/// </summary>
public sealed class RouterWithIngress : IAsyncLifetime
{
    private readonly string _folder = TemporaryFolder.Make("spool");
    private int _agents;

    internal RouterNode Node { get; private set; } = null!;

    /// <summary>A number that no agent of another test has.</summary>
    public int NextAgent() => Interlocked.Increment(ref _agents);

    /// <summary>Waits until the router has handled every end of this line that the provider told.</summary>
    /// <param name="copies">How often it was told.</param>
    internal async Task HandledEnds(AgentLine line, int copies)
    {
        var mark = $"%{line.CallSid}%";
        await using var scope = Node.Services.CreateAsyncScope();
        var ingress = scope.ServiceProvider.GetRequiredService<IngressDbContext>();
        var told = Array.Empty<Guid>();
        await Eventually.Async(async () =>
        {
            told = [.. await ingress.Database.SqlQuery<Guid>(
                $"select message_id as \"Value\" from outbox_messages where publish_type like '%LineEnded%' and body like {mark}").ToListAsync()];
            return told.Length == copies;
        }, what: "the line's end came through the ingress");
        await Node.Soon(async db => await db.Database.SqlQuery<int>(
            $"select count(distinct message_id)::int as \"Value\" from inbox_messages where message_id = any({told})").SingleAsync() == copies, "the router handled the line's end");
    }

    public async Task InitializeAsync()
    {
        var settings = new Dictionary<string, string?>
        {
            ["ConnectionStrings:ingress"] = await MigratedDatabase.CreateAsync("ingress", typeof(IngressDbContext).Assembly),
            ["Ingress:SpoolFolder"] = _folder,
            ["Accounts:default:AccountSid"] = "acme1",
            ["Accounts:default:ApiKey"] = "key",
            ["Accounts:default:ApiToken"] = "token",
            // The clock jumps in these tests: to sweep at every second of it would be most of their work.
            ["Router:SweepInterval"] = "00:00:05",
        };
        Node = await RouterNode.Start(settings: settings, beside: builder => builder.AddIngress(), map: app => app.MapIngress());
    }

    public async Task DisposeAsync()
    {
        await Node.DisposeAsync();
        TemporaryFolder.Remove(_folder);
    }
}

[CollectionDefinition("router with ingress")]
public sealed class RouterWithIngressCollection : ICollectionFixture<RouterWithIngress>;
