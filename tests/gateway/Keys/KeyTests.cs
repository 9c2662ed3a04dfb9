using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Outdial.Gateway.Tests.Nodes;
using Outdial.Testing;

namespace Outdial.Gateway.Tests.Keys;

public sealed class KeyTests
{
    private const string Keys = "/api/v1/api-keys";

    [Fact]
    public async Task A_new_key_works_at_once_at_every_gateway_and_the_database_has_its_hash_only()
    {
        await using var fakes = new Fakes();
        await fakes.Add("pacer");
        var database = await GatewayNode.CreateDatabase();
        await using var here = await GatewayNode.Start(fakes.Settings(("Gateway:Keys:Refresh", "00:10:00")), database);
        await using var there = await GatewayNode.Start(fakes.Settings(("Gateway:Keys:Refresh", "00:10:00")), database);

        var key = (await Make(here, new { name = "warehouse", role = "crm" })).GetProperty("key").GetString()!;

        Assert.Equal(HttpStatusCode.OK, (await here.Get("/api/v1/campaigns", key)).StatusCode);
        // There it is read when it is first presented, if only not in the same instant as the reading before.
        await Eventually.Async(async () => (await there.Get("/api/v1/campaigns", key)).StatusCode == HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.Forbidden, (await here.Send(HttpMethod.Post, "/api/v1/campaigns", key)).StatusCode);
        Assert.Equal(0L, await Scalar(database, "select count(*) from api_keys k, api_key_secrets s, api_key_audit a where (k::text || s::text || a::text) like '%" + key[10..] + "%'"));
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(key))),
            await Scalar(database, "select encode(hash, 'hex') from api_key_secrets"));
    }

    [Fact]
    public async Task Keys_and_their_audit_come_in_pages()
    {
        await using var fakes = new Fakes();
        await using var gateway = await GatewayNode.Start(fakes.Settings(), await GatewayNode.CreateDatabase());
        gateway.Http.DefaultRequestHeaders.Add("X-Api-Key", GatewayNode.AdminKey);
        foreach (var name in new[] { "warehouse", "accounts", "mirror-2" })
            await Make(gateway, new { name, role = "crm" });

        foreach (var path in new[] { Keys, Keys + "/audit" })
        {
            var (oneByOne, atOnce) = await gateway.Http.Walk(path);
            Assert.Equal(3, atOnce.Count);
            Assert.Equal(atOnce, oneByOne);
        }
    }

    [Fact]
    public async Task A_rotated_key_works_under_both_secrets_for_the_overlap()
    {
        await using var fakes = new Fakes();
        await fakes.Add("pacer");
        var clock = new FakeTimeProvider();
        await using var gateway = await GatewayNode.Start(fakes.Settings(), await GatewayNode.CreateDatabase(), clock);
        var made = await Make(gateway, new { name = "warehouse", role = "crm" });
        var id = made.GetProperty("id").GetString();
        var old = made.GetProperty("key").GetString();

        using var rotation = await gateway.Send(HttpMethod.Post, $"{Keys}/{id}/rotate", content: JsonContent.Create(new { overlap = "00:10:00" }));
        var fresh = (await rotation.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("key").GetString();
        var during = ((await gateway.Get("/api/v1/campaigns", old)).StatusCode, (await gateway.Get("/api/v1/campaigns", fresh)).StatusCode);
        clock.Advance(TimeSpan.FromMinutes(10));
        var after = ((await gateway.Get("/api/v1/campaigns", old)).StatusCode, (await gateway.Get("/api/v1/campaigns", fresh)).StatusCode);

        Assert.NotEqual(old, fresh);
        Assert.Equal("no-store", rotation.Headers.CacheControl?.ToString());
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), during);
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), after);
    }

    [Fact]
    public async Task A_revoked_key_is_refused_here_at_once_and_at_other_gateways_soon()
    {
        await using var fakes = new Fakes();
        await fakes.Add("pacer");
        var database = await GatewayNode.CreateDatabase();
        await using var here = await GatewayNode.Start(fakes.Settings(), database);
        await using var there = await GatewayNode.Start(fakes.Settings(("Gateway:Keys:Refresh", "00:00:00.100")), database);
        var made = await Make(here, new { name = "warehouse", role = "supervisor" });
        var (id, key) = (made.GetProperty("id").GetString(), made.GetProperty("key").GetString());
        await Eventually.Async(async () => (await there.Get("/api/v1/campaigns", key)).StatusCode == HttpStatusCode.OK);

        using var revoked = await here.Send(HttpMethod.Delete, $"{Keys}/{id}");

        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await here.Get("/api/v1/campaigns", key)).StatusCode);
        await Eventually.Async(async () => (await there.Get("/api/v1/campaigns", key)).StatusCode == HttpStatusCode.Unauthorized);
        Assert.Equal(HttpStatusCode.Conflict, (await here.Problem(HttpMethod.Post, $"{Keys}/{id}/rotate")).Status);
        await Make(here, new { name = "warehouse", role = "crm" });   // the name is free again
    }

    [Fact]
    public async Task A_name_that_is_taken_is_refused_and_is_no_error_of_the_platform_s_in_the_log()
    {
        await using var fakes = new Fakes();
        await using var gateway = await GatewayNode.Start(
            fakes.Settings(("Logging:LogLevel:Default", "Information")), await PostgresServer.CreateDatabaseAsync("gateway"));
        using var log = new WrittenLog();
        gateway.Services.GetRequiredService<ILoggerFactory>().AddProvider(log);
        await Make(gateway, new { name = "warehouse", role = "crm" });

        using var second = await gateway.Send(HttpMethod.Post, Keys, content: JsonContent.Create(new { name = "warehouse", role = "crm" }));

        Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
        Assert.Contains("There is a key with this name already", await second.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.NotEmpty(log.Lines);
        Assert.Empty(log.AlarmsOfRequests);
    }

    [Fact]
    public async Task A_key_is_refused_from_its_end_on()
    {
        await using var fakes = new Fakes();
        await fakes.Add("pacer");
        var clock = new FakeTimeProvider();
        await using var gateway = await GatewayNode.Start(fakes.Settings(), await GatewayNode.CreateDatabase(), clock);
        var made = await Make(gateway, new { name = "temp", role = "supervisor", expiresAt = clock.GetUtcNow().AddHours(1) });
        var key = made.GetProperty("key").GetString();

        clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromTicks(10));
        var before = (await gateway.Get("/api/v1/campaigns", key)).StatusCode;
        clock.Advance(TimeSpan.FromTicks(10));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (before, (await gateway.Get("/api/v1/campaigns", key)).StatusCode));
    }

    [Fact]
    public async Task The_audit_says_who_did_what_and_when()
    {
        await using var fakes = new Fakes();
        var clock = new FakeTimeProvider();
        await using var gateway = await GatewayNode.Start(fakes.Settings(), await GatewayNode.CreateDatabase(), clock);
        var boss = (await Make(gateway, new { name = "boss", role = "admin" })).GetProperty("key").GetString();
        clock.Advance(TimeSpan.FromHours(1));
        var made = await Make(gateway, new { name = "asha's desk", role = "agent", agentId = GatewayNode.Agent }, boss);
        var id = made.GetProperty("id").GetString();
        await gateway.Send(HttpMethod.Post, $"{Keys}/{id}/rotate", boss);
        await gateway.Send(HttpMethod.Delete, $"{Keys}/{id}", boss);
        await gateway.Send(HttpMethod.Delete, $"{Keys}/{id}", boss);   // nothing is left to revoke

        var audit = await (await gateway.Get($"{Keys}/audit?key={id}")).Content.ReadFromJsonAsync<List<JsonElement>>();

        Assert.Equal(["revoked", "rotated", "created"], audit!.Select(entry => entry.GetProperty("action").GetString()));
        Assert.All(audit!, entry => Assert.Equal(("boss", "127.0.0.1", clock.GetUtcNow()),
            (entry.GetProperty("who").GetString(), entry.GetProperty("client").GetString(), entry.GetProperty("at").GetDateTimeOffset())));
        Assert.Contains(GatewayNode.Agent.ToString(), audit![2].GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData(200, HttpStatusCode.Created, null)]
    [InlineData(404, HttpStatusCode.BadRequest, "'agentId' is '0198c1a2-7b3c-7d4e-8f5a-6b7c8d9e0f1a': expected the id of an agent.")]
    [InlineData(500, HttpStatusCode.ServiceUnavailable, "Nobody answers who knows the agents, so it is not known whether there is the agent")]
    public async Task A_key_is_made_for_an_agent_that_there_is(int known, HttpStatusCode status, string? detail)
    {
        await using var fakes = new Fakes();
        List<string> asked = [];
        await fakes.Add("agent-router", context =>
        {
            asked.Add($"{context.Request.Method} {context.Request.Path}");
            context.Response.StatusCode = known;
            return Task.CompletedTask;
        });
        await using var gateway = await GatewayNode.Start(fakes.Settings(), await GatewayNode.CreateDatabase());

        using var answer = await gateway.Send(
            HttpMethod.Post, Keys, content: JsonContent.Create(new { name = "asha's desk", role = "agent", agentId = GatewayNode.Agent }));

        Assert.Equal((status, $"GET /api/v1/agents/{GatewayNode.Agent}"), (answer.StatusCode, asked[0]));
        if (detail is not null)
            Assert.StartsWith(detail, (await GatewayNode.ProblemOf(answer)).Detail, StringComparison.Ordinal);
        Assert.Equal(detail is null ? 1 : 0, (await (await gateway.Get(Keys)).Content.ReadFromJsonAsync<List<JsonElement>>())!.Count);
    }

    [Fact]
    public async Task An_agents_key_opens_that_agents_addresses_only()
    {
        await using var fakes = new Fakes();
        await fakes.Add("agent-router");
        await using var gateway = await GatewayNode.Start(fakes.Settings(), await GatewayNode.CreateDatabase());
        var key = (await Make(gateway, new { name = "asha's desk", role = "agent", agentId = GatewayNode.Agent })).GetProperty("key").GetString();

        var own = await gateway.Send(HttpMethod.Post, $"/api/v1/agents/{GatewayNode.Agent}/pause", key);
        var others = await gateway.Problem(HttpMethod.Post, $"/api/v1/agents/{Guid.NewGuid()}/pause", key);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Forbidden), (own.StatusCode, others.Status));
        Assert.Equal($"The API key 'asha's desk' is agent {GatewayNode.Agent}'s and opens only that agent's own addresses.", others.Detail);
    }

    [Fact]
    public async Task Known_keys_and_providers_are_served_while_the_database_is_away()
    {
        await using var fakes = new Fakes();
        await fakes.Add("pacer");
        await fakes.Add("ingress");
        var database = await GatewayNode.CreateDatabase();
        await using var gateway = await GatewayNode.Start(fakes.Settings(("Gateway:Keys:Refresh", "00:00:00.100")), database);
        var key = (await Make(gateway, new { name = "warehouse", role = "crm" })).GetProperty("key").GetString();
        await using var gone = new Gone(database);
        await gone.Begin();
        await Eventually.Async(async () => (await (await gateway.Get("/health/ready", null)).Content.ReadAsStringAsync()).Contains("Degraded"));

        Assert.Equal(HttpStatusCode.OK, (await gateway.Get("/api/v1/campaigns", key)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await gateway.Get("/api/v1/campaigns")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await gateway.Get("/api/v1/campaigns", "unknown-key-0123456789")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await gateway.Send(HttpMethod.Post, gateway.Webhook(), null, new StringContent("a=b"))).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await gateway.Problem(HttpMethod.Get, Keys)).Status);
        Assert.Equal(HttpStatusCode.OK, (await gateway.Get("/health/ready", null)).StatusCode);
    }

    [Fact]
    public async Task A_gateway_that_started_without_its_database_takes_keys_as_soon_as_it_is_there()
    {
        await using var fakes = new Fakes();
        var later = new NpgsqlConnectionStringBuilder(await GatewayNode.CreateDatabase());
        await using var gone = new Gone(later.ConnectionString);
        await gone.Begin();
        await using var gateway = await GatewayNode.Start(fakes.Settings(("Gateway:Keys:Refresh", "00:00:00.100")), later.ConnectionString);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await gateway.Problem(HttpMethod.Get, Keys)).Status);

        await gone.End();

        await Eventually.Async(async () => (await gateway.Get(Keys)).StatusCode == HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_list_says_when_a_key_was_last_used()
    {
        await using var fakes = new Fakes();
        await fakes.Add("pacer");
        var database = await GatewayNode.CreateDatabase();
        var clock = new FakeTimeProvider();
        string? id;
        await using (var gateway = await GatewayNode.Start(fakes.Settings(), database, clock))
        {
            var made = await Make(gateway, new { name = "warehouse", role = "crm" });
            id = made.GetProperty("id").GetString();
            clock.Advance(TimeSpan.FromMinutes(3));
            await gateway.Get("/api/v1/campaigns", made.GetProperty("key").GetString());
        }   // what is not written yet is written when the process ends

        await using var next = await GatewayNode.Start(fakes.Settings(), database, clock);
        var listed = await (await next.Get(Keys)).Content.ReadFromJsonAsync<List<JsonElement>>();

        Assert.Equal((id, clock.GetUtcNow()), (listed!.Single().GetProperty("id").GetString(), listed!.Single().GetProperty("lastUsedAt").GetDateTimeOffset()));
        Assert.DoesNotContain("\"key\"", listed!.Single().GetRawText());
    }

    [Theory]
    [InlineData("""{"role":"crm"}""", 400, "'name' is missing")]
    [InlineData("""{"name":"x","role":"emperor"}""", 400, "'role' is 'emperor'")]
    [InlineData("""{"name":"x","role":"agent"}""", 400, "'agentId' is missing")]
    [InlineData("""{"name":"x","role":"crm","agentId":"0198c1a2-7b3c-7d4e-8f5a-6b7c8d9e0f1a"}""", 400, "'agentId' is")]
    [InlineData("""{"name":"x","role":"crm","expiresAt":"2020-01-01T00:00:00Z"}""", 400, "expected an instant in the future")]
    [InlineData("""{"name":"ada","role":"crm"}""", 409, "configuration")]
    [InlineData("""{"name":"taken","role":"crm"}""", 409, "already")]
    public async Task A_key_that_makes_no_sense_is_refused_with_the_reason(string request, int status, string reason)
    {
        await using var fakes = new Fakes();
        await using var gateway = await GatewayNode.Start(fakes.Settings(), await GatewayNode.CreateDatabase());
        await Make(gateway, new { name = "taken", role = "crm" });

        var (refused, detail) = await gateway.Problem(HttpMethod.Post, Keys, content: new StringContent(request, System.Text.Encoding.UTF8, "application/json"));

        Assert.Equal(status, (int)refused);
        Assert.Contains(reason, detail);
    }

    [Fact]
    public async Task Only_admins_see_or_make_keys()
    {
        await using var fakes = new Fakes();
        await using var gateway = await GatewayNode.Start(fakes.Settings());

        foreach (var key in new[] { GatewayNode.SupervisorKey, GatewayNode.AgentKey, GatewayNode.CrmKey })
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await gateway.Problem(HttpMethod.Get, Keys, key)).Status);
            Assert.Equal(HttpStatusCode.Forbidden, (await gateway.Problem(HttpMethod.Get, Keys + "/audit", key)).Status);
            Assert.Equal(HttpStatusCode.Forbidden,
                (await gateway.Problem(HttpMethod.Post, Keys, key, JsonContent.Create(new { name = "x", role = "admin" }))).Status);
        }
    }

    private static async Task<JsonElement> Make(GatewayNode gateway, object request, string? by = GatewayNode.AdminKey)
    {
        using var answer = await gateway.Send(HttpMethod.Post, Keys, by, JsonContent.Create(request));
        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static async Task<object?> Scalar(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>A database that refuses everybody, as one does that is being restored.</summary>
    private sealed class Gone(string database) : IAsyncDisposable
    {
        private readonly string _name = new NpgsqlConnectionStringBuilder(database).Database!;

        public Task Begin() => Run($"alter database \"{_name}\" with allow_connections false; select pg_terminate_backend(pid) from pg_stat_activity where datname = '{_name}'");

        public Task End() => Run($"alter database \"{_name}\" with allow_connections true");

        private async Task Run(string sql)
        {
            await using var connection = new NpgsqlConnection(
                new NpgsqlConnectionStringBuilder(database) { Database = "postgres", Pooling = false }.ConnectionString);
            await connection.OpenAsync();
            foreach (var statement in sql.Split(';'))
                await new NpgsqlCommand(statement, connection).ExecuteNonQueryAsync();
        }

        public async ValueTask DisposeAsync() => await End();
    }
}
