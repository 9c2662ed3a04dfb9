using Outdial.Client;
using Outdial.Testing;

namespace Outdial.EndToEnd.Tests.Host.Client;

/// <summary>What is read in the evening.</summary>
internal static class ReportWalk
{
    public static async Task WalkAsync(OutdialClient client, Guid campaign)
    {
        await Eventually.Async(async () => (await client.GetCampaignReportAsync(campaign)).Totals.Completed > 0);
        var agents = await client.GetAgentsReportAsync();
        var inbound = await client.GetInboundReportAsync();

        Assert.True(agents.Totals.Sessions > 0);
        Assert.True(inbound.Totals.Calls > 0);
        Assert.StartsWith(
            "outcome", await TextAsync(client.GetCampaignReportCsvAsync(campaign, by: ReportCsvSections.Outcome)), StringComparison.Ordinal);
        Assert.NotEmpty(await TextAsync(client.GetAgentsReportCsvAsync()));
        Assert.NotEmpty(await TextAsync(client.GetInboundReportCsvAsync()));
        await AdminWalk.SentByTheProviderAsync(client);
    }

    public static async Task<string> TextAsync(Task<FileResponse> asked)
    {
        using var file = await asked;
        return await new StreamReader(file.Stream).ReadToEndAsync();
    }
}
