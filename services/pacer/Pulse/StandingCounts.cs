using System.Runtime.ExceptionServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Outdial.Pacer.Data;
using Outdial.Pacer.Telemetry;
using Outdial.Pacer.Waiting;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.Pacer.Pulse;

/// <summary>
/// Counts what stands, for the metrics: campaigns, their calls and leads, the accounts. Each statement is bounded, and what could not be counted is
/// not told: what was a while ago is not what is.
/// </summary>
internal sealed class StandingCounts(
    PacerDbContext db, StandingLeads leads, PacerMetrics metrics, CampaignFigures campaigns, AccountFigures accounts, AccountSettings settings,
    IOptions<PacerOptions> options, TimeProvider clock)
{
    /// <summary>The reconciler looks every few seconds: what is overdue for so long was forgotten.</summary>
    private static readonly TimeSpan StuckAfter = TimeSpan.FromMinutes(10);

    /// <exception cref="Exception">Something could not be counted; that is not told, and all else is.</exception>
    public async Task Count(CancellationToken cancel)
    {
        await campaigns.Turn.WaitAsync(cancel);
        try
        {
            await CountAlone(cancel);
        }
        finally
        {
            campaigns.Turn.Release();
        }
    }

    private async Task CountAlone(CancellationToken cancel)
    {
        ExceptionDispatchInfo? wrong = null;
        try
        {
            var now = clock.GetUtcNow();
            var paused = await db.PausedCampaigns(cancel);
            var open = await db.OpenAttempts(cancel);
            var stuck = await db.StuckAttempts(now - StuckAfter, now - options.Value.LongestCall - StuckAfter, cancel);
            var known = settings.All.ToDictionary(account => account.Name);
            var spent = await db.StandingAccounts([.. known.Keys], now, cancel);
            List<WaitingOfCampaign> waiting = [];
            try
            {
                waiting = await leads.Count(now, cancel);
            }
            catch (Exception e)
            {
                wrong = ExceptionDispatchInfo.Capture(e);   // one campaign with rules that nobody understands: the others are told all the same
            }
            var figures = await Figures(waiting, cancel);

            // Told when all of it is known: what fails in the midst leaves nothing that looks as if it were of now.
            metrics.Stand(paused, open, stuck);
            accounts.Keep([.. spent.Select(of => (known[of.Account], of))]);
            metrics.Wait([.. waiting.GroupBy(of => of.Reason).Select(same => new Standing(same.Key, same.Sum(of => of.Count)))], wrong is null);
            campaigns.Keep(figures, now);
        }
        catch
        {
            metrics.Forget();
            campaigns.Forget();
            accounts.Forget();
            throw;
        }
        wrong?.Throw();
    }

    private async Task<List<CampaignFigure>> Figures(IReadOnlyCollection<WaitingOfCampaign> waiting, CancellationToken cancel)
    {
        var standing = await db.StandingCampaigns(SeriesNames.Most, cancel);
        var ids = standing.Select(c => c.CorrelationId).ToArray();
        var pulses = await db.Pulses.AsNoTracking().Where(p => ids.Contains(p.CampaignId)).ToDictionaryAsync(p => p.CampaignId, cancel);
        var decisions = (await db.LastDecisions(ids, cancel)).ToDictionary(d => d.CampaignId);
        var calls = (await db.CallsOfCampaigns(ids, cancel)).ToDictionary(c => c.Campaign);
        var reasons = waiting.ToLookup(of => of.Campaign);
        return standing.ConvertAll(c => new CampaignFigure(
            c, pulses.GetValueOrDefault(c.CorrelationId), decisions.GetValueOrDefault(c.CorrelationId), calls[c.CorrelationId],
            [.. reasons[c.CorrelationId]]));
    }
}
