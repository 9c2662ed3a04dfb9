using System.Text.Json;
using System.Text.RegularExpressions;
using Outdial.Client;
using Outdial.EndToEnd.Tests.Rigs;
using Outdial.LocalServers;
using Outdial.Testing;

namespace Outdial.EndToEnd.Tests.Host.Documents;

/// <summary>
/// Somebody who reads the API's documents with a terminal beside it: writes ids of the answers into the commands that follow, and sees to it
/// that there is what an example takes for granted, such as a call to speak of or a campaign that was scheduled.
/// </summary>
internal sealed partial class Reader : IAsyncDisposable
{
    private const string Campaigns = "campaigns";

    private readonly SharedHost _shared;
    private readonly string _folder, _key;
    private readonly OutdialClient _client;

    /// <summary>By what stands before it: <c>campaigns</c> of <c>campaigns/ID</c>; else by the word itself.</summary>
    private readonly Dictionary<string, string> _ids = [];

    private Reader(SharedHost shared, string folder, string key) =>
        (_shared, _folder, _key, _client, Shell) = (shared, folder, key, new(shared.Address, key), new(folder));

    public Shell Shell { get; }

    /// <summary>Requests that were sent.</summary>
    public int Asked { get; private set; }

    public static async Task<Reader> OpenAsync(SharedHost shared, string folder)
    {
        var reader = new Reader(shared, folder, await shared.KeyAsync("documents"));
        await File.WriteAllTextAsync(Path.Combine(folder, "key"), reader._key);
        await File.WriteAllTextAsync(Path.Combine(folder, "list.csv"), "phone,scope\n+919825012348,all\n");
        File.CreateSymbolicLink(Path.Combine(folder, "samples"), Checkout.At("samples"));
        return reader;
    }

    /// <summary>The line that sets what the others use.</summary>
    public void Set(ShownCommand command) => Shell.Before.Append(command.Text
        .Replace("127.0.0.1:PORT", $"{_shared.Address.Host}:{_shared.Address.Port}", StringComparison.Ordinal)
        .Replace("127.0.0.1:SIMULATOR", $"{_shared.Rig.SimulatorAddress.Host}:{_shared.Rig.SimulatorAddress.Port}", StringComparison.Ordinal)
        .Replace("FILE", "key", StringComparison.Ordinal)).Append('\n');

    /// <summary>Fails where it is answered with anything but a yes.</summary>
    public async Task TryAsync(ShownCommand command)
    {
        await PrepareAsync(command.Text);
        var text = Placeholder().Replace(command.Text, each => each.Groups["before"].Value + Meant(command, each));
        if (command.Program != "curl")
        {
            var (code, output, errors) = await Shell.RunAsync(text.Replace("./outdial", Checkout.At("outdial"), StringComparison.Ordinal));
            Assert.True(code == 0, $"{command} ended with {code}: {output}{errors}");
            return;
        }
        var (status, body) = await Shell.AskAsync(text, text.Contains(" -N ", StringComparison.Ordinal));
        Asked++;
        Assert.True(status is >= 200 and < 300, $"{command} was answered with {status}: {body}");
        Take(text, body);
        if (text.Contains("/rotate", StringComparison.Ordinal))
            await _shared.ConnectAsync();   // the provider is told the new address
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var session in (await _client.ListSessionsAsync()).Result)
        {
            await _client.ReleaseAgentAsync(session.AgentId, new() { Reason = "the reader goes home" });
            await Eventually.Async(async () => await SignedOutAsync(session.AgentId));
        }
        foreach (var agent in (await _client.ListAgentsAsync()).Result)
            await Eventually.Async(async () => await GoneAsync(agent.Id));
        foreach (var campaign in (await _client.ListCampaignsAsync(limit: 100)).Result.Where(each => each.CreatedBy == "documents"))
        {
            if (campaign.State is CampaignStates.Running or CampaignStates.Paused or CampaignStates.Scheduled)
                await _client.StopCampaignAsync(campaign.Id);
        }
        foreach (var key in (await _client.ListApiKeysAsync()).Result.Where(each => each.CreatedBy == "documents"))
            await _client.DeleteApiKeyAsync(key.Id);
        foreach (var suppression in (await _client.ListSuppressionsAsync(limit: 1000)).Result.Where(each => each.CreatedBy == "documents"))
            await _client.DeleteSuppressionAsync(suppression.Id);
        _client.Dispose();
    }

    private async Task<bool> SignedOutAsync(Guid agent)
    {
        try
        {
            await _client.SignOutAgentAsync(agent);
            return false;   // during a call, after it
        }
        catch (OutdialException gone) when (gone.Status == 404)
        {
            return true;
        }
    }

    private async Task<bool> GoneAsync(Guid agent)
    {
        try
        {
            await _client.DeleteAgentAsync(agent);
            return true;
        }
        catch (OutdialException busy) when (busy.Status == 409)
        {
            return false;
        }
    }

    private string Meant(ShownCommand command, Match placeholder)
    {
        var (before, word) = (placeholder.Groups["before"].Value, placeholder.Groups["word"].Value);
        if (word == "KEY")
            return _key;
        var owner = word != "ID" ? word : Owner().Match(before) is { Success: true } named ? named.Groups[1].Value : Campaigns;
        return _ids.TryGetValue(owner, out var id)
            ? id
            : throw new InvalidOperationException($"{command}: nothing before it says what {owner} {word} is.");
    }

    /// <summary>Keeps the ids of an answer for what follows.</summary>
    private void Take(string text, string body)
    {
        if (body.Length == 0 || body[0] is not ('{' or '['))
            return;
        using var document = JsonDocument.Parse(body);
        var (answer, path) = (document.RootElement, Address().Match(text).Groups[1].Value);
        var first = answer.ValueKind == JsonValueKind.Array && answer.GetArrayLength() > 0 ? answer[0] : answer;
        var isMade = text.Contains(" -d ", StringComparison.Ordinal);
        var isLeads = path.EndsWith("/leads", StringComparison.Ordinal);
        (string Owner, string Field)? told = (path, isMade) switch
        {
            ("campaigns", true) => (Campaigns, "id"),
            ("api-keys", true) => ("api-keys", "id"),
            ("agents", true) => ("AGENT", "id"),
            _ when isLeads && text.Contains("--data-binary", StringComparison.Ordinal) => ("IMPORT", "importId"),
            _ when isLeads && !isMade => ("LEAD", "id"),
            _ => null,
        };
        if (told is { } id && first.ValueKind == JsonValueKind.Object && first.TryGetProperty(id.Field, out var value))
            _ids[id.Owner] = value.GetString()!;
        if (isLeads && isMade)
            _ids["LEAD"] = answer.GetProperty("results")[0].GetProperty("leadId").GetString()!;
        if (path.EndsWith("-addresses", StringComparison.Ordinal))
            _ids[path.Split('/')[^1]] = answer.GetProperty("addresses")[0].GetProperty("id").GetString()!;
    }

    /// <summary>What the example takes for granted.</summary>
    private async Task PrepareAsync(string text)
    {
        if (text.Contains("\"agentId\":\"AGENT\"", StringComparison.Ordinal))
            _ids["AGENT"] = $"{(await _client.CreateAgentAsync(new() { Name = "Desk", Phone = "+919740005188" })).Id}";
        // Of these the text says of what campaign they are: one that was just made, or is scheduled.
        string[] ofItsOwn = ["PATCH $A/api/v1/campaigns/ID", "DELETE $A/api/v1/campaigns/ID", "/campaigns/ID/archive", "/campaigns/ID/unschedule"];
        if (ofItsOwn.Any(part => text.Contains(part, StringComparison.Ordinal)))
        {
            _ids.TryAdd("running", _ids[Campaigns]);
            _ids[Campaigns] = $"{(await _client.CreateCampaignAsync(new() { Name = "Draft", Purpose = Purposes.Service })).Id}";
            if (text.Contains("/unschedule", StringComparison.Ordinal))
                await _client.StartCampaignAsync(Guid.Parse(_ids[Campaigns]), new() { At = SharedHost.NextYear });
        }
        else if (_ids.Remove("running", out var running))
        {
            _ids[Campaigns] = running;
        }
        if (text.Contains("/time-zone", StringComparison.Ordinal))
        {
            var added = await _client.AddLeadsAsJsonAsync(Guid.Parse(_ids[Campaigns]), [new() { Phone = "+12083345678" }]);
            _ids["LEAD"] = $"{added.Results[0].LeadId}";
        }
        if (text.Contains("DELETE $A/api/v1/accounts/default/dialwhom-addresses/ID", StringComparison.Ordinal))
        {
            var old = Guid.Parse(_ids["dialwhom-addresses"]);
            await _client.RotateAccountDialwhomAddressAsync("default", old, new() { Overlap = TimeSpan.FromDays(1) });
            await _shared.ConnectAsync();
        }
        if (text.Contains("\"ATTEMPT\"", StringComparison.Ordinal))
            _ids["ATTEMPT"] = $"{await SpokenToAsync()}";
        if (text.StartsWith("./outdial explain-inbound", StringComparison.Ordinal))   // ends well where somebody is there
        {
            await _client.SignInAgentAsync(Guid.Parse(_ids["AGENT"]), new() { Reach = AgentReach.Phone });
            await Eventually.Async(async () => (await _client.GetAgentSessionAsync(Guid.Parse(_ids["AGENT"]))).State == AgentStates.Ready);
        }
        if (text.Contains("/webhooks/ID", StringComparison.Ordinal))
            _ids["webhooks"] = $"{(await _client.ListWebhooksAsync(limit: 1)).Result[0].Id}";
    }

    /// <summary>The agent has spoken to somebody.</summary>
    private async Task<Guid> SpokenToAsync()
    {
        var campaign = Guid.Parse(_ids[Campaigns]);
        await _client.AddLeadsAsJsonAsync(campaign, [.. Enumerable.Range(0, 3).Select(i => new LeadRequest { Phone = $"+9198150{i}6601" })]);
        CallView? spoken = null;
        await Eventually.Async(async () => (spoken = (await _client.ListCallsAsync(
            campaign: campaign, agent: Guid.Parse(_ids["AGENT"]), outcome: Outcomes.Completed)).Result.FirstOrDefault()) is not null);
        return spoken!.AttemptId;
    }

    [GeneratedRegex(@"(?<before>[\w-]*[/=:""\[]*)(?<![\w])(?<word>ID|AGENT|LEAD|IMPORT|ATTEMPT|KEY)(?!\w)")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"([\w-]+)/$")]
    private static partial Regex Owner();

    [GeneratedRegex(@"\$A/api/v1/([^\s""?]+)")]
    private static partial Regex Address();
}
