using System.Collections.Concurrent;
using System.Reflection;
using Outdial.Client;
using Outdial.EndToEnd.Tests.Rigs;
using Outdial.LocalServers;
using Outdial.Testing;

namespace Outdial.EndToEnd.Tests.Host.Client;

/// <summary>
/// The generated client against what it is made for: each of its methods is called, and each answer is one that the description knows.
/// </summary>
[Collection(SharedHost.Name)]
public sealed class ClientTests(SharedHost shared)
{
    [Fact]
    public async Task The_generated_client_walks_every_operation_and_each_answer_is_as_described()
    {
        using var handler = new Held(shared.Described);
        using var http = new HttpClient(handler) { BaseAddress = shared.Address };
        http.DefaultRequestHeaders.Add("X-Api-Key", await shared.KeyAsync("walk"));
        using var client = new OutdialClient(http);

        await AdminWalk.KeysAsync(client);
        await AdminWalk.AddressesAsync(client, shared);
        await AdminWalk.NumbersAsync(client);
        await SuppressionWalk.WalkAsync(client);
        var campaign = await CampaignWalk.DraftAsync(client);
        await CampaignWalk.LeadsAsync(client, campaign);
        await CampaignWalk.RunAsync(client, campaign);
        await CampaignWalk.CallsAsync(client, campaign);
        await CampaignWalk.CopyAsync(client, campaign);
        await AgentWalk.WalkAsync(client, shared);
        await AgentWalk.CallersAsync(client, shared);
        await ReportWalk.WalkAsync(client, campaign);
        await client.StopCampaignAsync(campaign);

        Assert.Empty(shared.Described.Operations.Except(handler.Asked).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_client_has_a_method_for_every_operation_of_the_running_api_and_no_other()
    {
        var methods = typeof(OutdialClient).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(method => method.ReturnType.IsAssignableTo(typeof(Task))).Select(method => method.Name).ToHashSet();

        var described = shared.Described.Operations.Select(operation => $"{operation}Async");
        Assert.Equal(described.Order(StringComparer.Ordinal), methods.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_example_of_the_clients_README_is_code_that_works()
    {
        var (address, apiKey) = (shared.Address, await shared.KeyAsync("example"));
        var list = Path.Combine(shared.Rig.Folder, "leads.csv");
        await File.WriteAllTextAsync(list, "phone,name\n+919816006603,Meena\n");
        List<string> told = [];

        using var outdial = new OutdialClient(address, apiKey);   // new Uri("https://outdial.example.org/")
        var campaign = await outdial.CreateCampaignAsync(new() { Name = "Reminders", Purpose = Purposes.Service, CallsPerMinute = 10 });
        await using (var leads = File.OpenRead(list))             // leads.csv, leads.xlsx, leads.ndjson, leads.csv.gz
            await outdial.AddLeadsAsync(campaign.Id, FileParameter.List(leads, list), fileName: Path.GetFileName(list));
        await outdial.AddLeadsAsJsonAsync(campaign.Id, [new() { Phone = "+919825012345", ExternalId = "C-7" }], idempotency_Key: "crm-7");
        await outdial.StartCampaignAsync(campaign.Id);
        await Eventually.Async(async () => (await outdial.ListCallsAsync(campaign: campaign.Id, outcome: Outcomes.NoAnswer)).Result.Count > 0);
        await foreach (var call in OutdialClient.AllAsync(after => outdial.ListCallsAsync(campaign.Id, outcome: Outcomes.NoAnswer, after: after)))
            told.Add($"{call.Number} {call.EndedAt}");
        await outdial.StopCampaignAsync(campaign.Id);

        Assert.Contains(told, line => line.StartsWith("+919816006603 ", StringComparison.Ordinal));
        var here = Lines(await File.ReadAllTextAsync(Checkout.At("tests", "end-to-end", "Host", "Client", "ClientTests.cs"))).ToHashSet();
        var example = (await File.ReadAllTextAsync(Checkout.At("clients", "csharp", "README.md"))).Split("```")[1];
        Assert.Equal(
            ["csharp", "Console.WriteLine($\"{call.Number} {call.EndedAt}\");"], Lines(example).Where(line => !here.Contains(line)));

        static IEnumerable<string> Lines(string text) => text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0);
    }

    [Fact]
    public async Task What_is_refused_is_an_exception_that_says_what_the_api_says()
    {
        using var handler = new Held(shared.Described);
        using var http = new HttpClient(handler) { BaseAddress = shared.Address };
        http.DefaultRequestHeaders.Add("X-Api-Key", await shared.KeyAsync("refused"));
        using var client = new OutdialClient(http);
        using var nobody = new OutdialClient(shared.Address, "no-key-at-all-0123456789");
        var campaign = await client.CreateCampaignAsync(new() { Name = "Refused", Purpose = Purposes.Service });
        var changed = await client.ChangeCampaignAsync(
            campaign.Id, new() { Name = "Refused", Purpose = Purposes.Service, Priority = 1 }, Tag(campaign.Revision));
        var reader = await client.CreateApiKeyAsync(new() { Name = "reader", Role = ApiRoles.Crm });
        using var reads = new OutdialClient(shared.Address, reader.Key);

        var invalid = await Refused(client.CreateCampaignAsync(new() { Name = "", Purpose = "spam", MaxAttempts = 0 }), 400);
        var unknown = await Refused(client.GetLeadAsync(campaign.Id), 404);
        var forbidden = await Refused(client.UnscheduleCampaignAsync(campaign.Id), 409);
        var stale = await Refused(
            client.ChangeCampaignAsync(campaign.Id, new() { Name = "Lost", Purpose = Purposes.Service }, Tag(campaign.Revision)), 412);
        await Refused(nobody.ListCampaignsAsync(), 401);
        await Refused(reads.DeleteCampaignAsync(campaign.Id), 403);
        await client.DeleteCampaignAsync(campaign.Id);

        Assert.Equal(["maxAttempts", "name", "purpose"], invalid.Errors.Select(error => error.Field).Order(StringComparer.Ordinal));
        var purpose = invalid.Errors.Single(error => error.Field == "purpose");
        Assert.Equal(("spam", true), (purpose.Value, purpose.Expected.Contains("promotional", StringComparison.Ordinal)));
        Assert.Contains($"{campaign.Id}", unknown.Message, StringComparison.Ordinal);
        Assert.Empty(unknown.Errors);
        Assert.All([invalid, unknown, forbidden, stale], refusal =>
        {
            Assert.Equal((refusal.Status, refusal.Message), (refusal.Problem!.Status, refusal.Problem.Detail));
            Assert.NotEmpty(refusal.Problem.CorrelationId!);
        });
        Assert.Equal(campaign.Revision + 1, changed.Revision);
    }

    /// <summary>What a campaign of this revision is tagged with.</summary>
    public static string Tag(int revision) => $"\"{revision}\"";

    private static async Task<OutdialException> Refused(Task asked, int status)
    {
        var refusal = await Assert.ThrowsAnyAsync<OutdialException>(() => asked);
        Assert.Equal(status, refusal.Status);
        Assert.IsType<Problem>(refusal.Problem);
        return refusal;
    }

    /// <summary>Remembers which operations were asked for, and holds each answer against the description.</summary>
    private sealed class Held(DescribedApi described) : DelegatingHandler(new SocketsHttpHandler())
    {
        private readonly ConcurrentDictionary<string, bool> _asked = [];

        public IEnumerable<string> Asked => _asked.Keys;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var answer = await base.SendAsync(request, cancellationToken);
            var type = request.Content?.Headers.ContentType?.MediaType;
            if (described.Hold(request.Method.Method, request.RequestUri!.AbsolutePath, type, (int)answer.StatusCode) is { } operation)
                _asked[operation] = true;
            return answer;
        }
    }
}
