using System.Text.Json;
using Outdial.Client;
using Outdial.EndToEnd.Tests.Rigs;
using Outdial.Testing;

namespace Outdial.EndToEnd.Tests.Host.Client;

/// <summary>A campaign from its draft to its end, with its leads and calls.</summary>
internal static class CampaignWalk
{
    private const string Answers = "+919813006601", IsBusy = "+919813006602", NeverAnswers = "+919813006603", Later = "+919813012399";

    public static async Task<Guid> DraftAsync(OutdialClient client)
    {
        var draft = await client.CreateCampaignAsync(new()
        {
            Name = "Walk",
            Purpose = Purposes.Service,
            TimeZone = "Asia/Kolkata",
            Window = new() { From = "00:00", To = "24:00" },
            KeepOpen = true,
            MaxAttempts = 2,
            MinimumGap = TimeSpan.FromMinutes(1),
            Redial = new() { ["Busy"] = new() { After = TimeSpan.FromMinutes(2), Times = 1 } },
        });
        var changed = await client.ChangeCampaignAsync(
            draft.Id, new() { Name = "Walk", Purpose = Purposes.Service, CallsPerMinute = 60 }, ClientTests.Tag(draft.Revision));
        var read = await client.GetCampaignAsync(draft.Id);
        var revision = Assert.Single((await client.ListCampaignChangesAsync(draft.Id)).Result);

        Assert.Equal((CampaignStates.Draft, TimeSpan.FromMinutes(1)), (draft.State, draft.Rules.MinimumGap));
        Assert.Equal((60, changed.Revision), (read.Rules.CallsPerMinute, read.Revision));
        Assert.Equal(("walk", "callsPerMinute", "60"), (revision.By, revision.Changes[0].Field, revision.Changes[0].To));
        Assert.Contains((await client.ListCampaignsAsync(name: "walk", state: CampaignStates.Draft)).Result, campaign => campaign.Id == draft.Id);
        return draft.Id;
    }

    public static async Task LeadsAsync(OutdialClient client, Guid campaign)
    {
        var list = $"phone,name,priority\n{Answers},Asha,5\n{IsBusy},Nirav,1\n{NeverAnswers},Meena,1\n12,Nobody,1\n";
        var imported = await client.AddLeadsAsync(
            campaign, FileParameter.List(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(list)), "walk.csv"), fileName: "walk.csv");
        List<LeadRequest> single =
        [
            new() { Phone = Later, Priority = 3, ExternalId = "W-4", Attributes = Json("""{"name":"Devi"}"""), DueAt = SharedHost.NextYear },
            new() { Phone = "12" },
        ];
        var added = await client.AddLeadsAsJsonAsync(campaign, single, idempotency_Key: "walk-1");
        var again = await client.AddLeadsAsJsonAsync(campaign, single, idempotency_Key: "walk-1");
        var lead = added.Results[0].LeadId!.Value;

        Assert.Equal((3, 1, "walk.csv"), (imported.Accepted, imported.Rejected, imported.FileName));
        Assert.Equal((1, 1), (added.Accepted, added.Refused));
        Assert.Equal(lead, again.Results[0].LeadId);
        Assert.Equal(imported.ImportId, Assert.Single((await client.ListCampaignImportsAsync(campaign)).Result).ImportId);
        Assert.Equal(4, (await client.GetImportAsync(imported.ImportId)).Rows);
        var bad = Assert.Single((await client.GetImportErrorsAsync(imported.ImportId)).Errors);
        Assert.Equal((5, "phone", "12"), (bad.Row, bad.Field, bad.Value));
        var errors = await ReportWalk.TextAsync(client.GetImportErrorsCsvAsync(imported.ImportId));
        Assert.StartsWith("row,field,value,expected\r\n5,phone,12,", errors, StringComparison.Ordinal);

        var changed = await client.ChangeLeadAsync(lead, new() { Priority = 9, Attributes = Json("""{"name":null,"plan":"B"}""") });
        await client.PutLeadTimeZoneAsync(lead, new() { TimeZone = "Asia/Kolkata" });
        var read = await client.GetLeadAsync(lead);
        var why = await client.ExplainLeadAsync(lead);

        Assert.Equal((9, """{"plan":"B"}"""), (changed.Priority, changed.Attributes.GetRawText()));
        Assert.Equal(("Asia/Kolkata", "W-4"), (read.OwnTimeZone, read.ExternalId));
        Assert.Equal((lead, CampaignStates.Draft), (why.LeadId, why.CampaignState));
        var all = OutdialClient.AllAsync((Guid? after) => client.ListCampaignLeadsAsync(campaign, after: after, limit: 3));
        Assert.Equal(4, await all.CountAsync());
        Assert.Equal(lead, Assert.Single((await client.ListLeadsAsync(externalId: "W-4", campaign: campaign)).Result).Id);
        Assert.NotEmpty((await client.ListLeadTrailAsync(lead)).Result);
        Assert.Equal(4, (await client.GetCampaignWaitingAsync(campaign)) is var waiting ? waiting.Groups.Sum(group => group.Count) : 0);
        using (var file = await client.GetCampaignLeadsCsvAsync(campaign, attributes: true))
            Assert.Contains(Later, await new StreamReader(file.Stream).ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal(LeadStates.Canceled, (await client.WithdrawLeadAsync(lead, new() { Reason = "paid by mail" })).State);
    }

    public static async Task RunAsync(OutdialClient client, Guid campaign)
    {
        Assert.Equal(CampaignStates.Scheduled, (await client.StartCampaignAsync(campaign, new() { At = SharedHost.NextYear })).State);
        await client.UnscheduleCampaignAsync(campaign);
        Assert.True((await client.StartCampaignAsync(campaign)).Accepted);
        await Eventually.Async(async () => (await client.GetCampaignAsync(campaign)).State == CampaignStates.Running);

        using var stream = await client.StreamEventsAsync(campaign: campaign);
        await client.PauseCampaignAsync(campaign, new() { Explanation = "the list is looked at again" });
        var told = await OutdialClient.EventsAsync<TrailEntry>(stream).FirstAsync(entry => entry.Data.LeadId is null);
        await Eventually.Async(async () => (await client.GetCampaignAsync(campaign)).State == CampaignStates.Paused);
        await client.ResumeCampaignAsync(campaign);

        Assert.Equal(campaign, told.Data.CampaignId);
        Assert.Equal(told.EventType, told.Data.Kind);
        await Eventually.Async(async () => (await client.ListCampaignDecisionsAsync(campaign)).Result.Exists(decision => decision.Calls > 0));
        Assert.Contains((await client.ListCampaignTrailAsync(campaign)).Result, entry => entry.Text.Contains("walk", StringComparison.Ordinal));
    }

    public static async Task CallsAsync(OutdialClient client, Guid campaign)
    {
        await Eventually.Async(async () => (await client.ListCallsAsync(campaign: campaign, outcome: Outcomes.Completed)).Result.Count == 1);
        var reached = (await client.ListCallsAsync(campaign: campaign, outcome: Outcomes.Completed)).Result[0];
        var single = await client.CreateCallAsync("walk-17", new() { To = "+919813106601", Purpose = Purposes.Transactional });
        var same = await client.CreateCallAsync("walk-17", new() { To = "+919813106601", Purpose = Purposes.Transactional });
        var person = await client.GetPeopleAsync(Answers);

        Assert.Equal((Answers, reached.AttemptId), (reached.Number, (await client.GetCallAsync(reached.AttemptId)).AttemptId));
        Assert.Equal(single.LeadId, same.LeadId);
        Assert.Equal("Walk", Assert.Single(person.Leads).Campaign);
        Assert.Contains(person.Calls, call => call.AttemptId == reached.AttemptId);
        using var table = await client.GetCallsCsvAsync(campaign: campaign, attributes: true);
        using var lines = await client.GetCallsNdjsonAsync(campaign: campaign);
        Assert.Contains(Answers, await new StreamReader(table.Stream).ReadToEndAsync(), StringComparison.Ordinal);
        var line = (await new StreamReader(lines.Stream).ReadToEndAsync()).Split('\n')[0];
        Assert.Equal($"{campaign}", JsonDocument.Parse(line).RootElement.GetProperty("campaignId").GetString());
    }

    public static async Task CopyAsync(OutdialClient client, Guid campaign)
    {
        var copy = await client.CopyCampaignAsync(campaign, new() { Name = "Walk, once more", Leads = "unreached" });
        await client.ArchiveCampaignAsync(copy.Id);
        await client.DeleteCampaignArchiveAsync(copy.Id);
        var back = await client.GetCampaignAsync(copy.Id);
        await client.DeleteCampaignAsync(copy.Id);
        // Who was called in vain for the last time is put back.
        await Eventually.Async(async () => (await client.ListCampaignLeadsAsync(campaign, state: LeadStates.Exhausted)).Result.Count > 0);
        var recycled = await client.RecycleCampaignAsync(campaign, new() { Outcomes = [Outcomes.Busy, Outcomes.NoAnswer] });

        Assert.Equal((CampaignStates.Draft, null), (copy.State, back.ArchivedAt));
        Assert.True(recycled.Leads > 0);
    }

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
