using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Outdial.Contracts;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.Data;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Pacing;
using Outdial.Platform;

namespace Outdial.Pacer.Numbers;

/// <summary>
/// Asks enrichment for the numbers that are due next, not for the whole list: a million look-ups at 200 a minute would take
/// days, and a do-not-disturb flag that old is worth little.
/// </summary>
internal sealed class LookAhead(PacerDbContext db, IOutbox<PacerDbContext> outbox, IOptions<PacerOptions> options)
{
    private const int MostPerMessage = 100;

    /// <param name="forCircle">Leads wait for the circle, for a while, although consent is held.</param>
    public async Task Ask(Campaign campaign, string[] zones, bool forCircle, DateTimeOffset now, CancellationToken cancel)
    {
        var settings = options.Value;
        var horizon = now + TimeSpan.FromMinutes(5);
        var stale = now - settings.EnrichAgainAfter;
        var numbers = await db.ClaimLookUps(campaign.CorrelationId, zones, settings.EnrichAhead, horizon, stale, now, cancel);
        if (numbers.Count == 0)
            return;
        if (campaign.Rules.Dnd != "consented" || forCircle)
            await db.SayNumbersAreAwaited(campaign.CorrelationId, numbers, Awaited(campaign), now, cancel);
        foreach (var some in numbers.Chunk(MostPerMessage))
            await outbox.Publish(new EnrichNumbers { Account = campaign.Account, Numbers = some }, cancel);
    }

    private string Awaited(Campaign campaign) => campaign.Rules.Dnd != "consented"
        ? "Circle and do-not-disturb flag are being looked up."
        : LastLook.CircleAwaited(options.Value.CircleWait);
}
