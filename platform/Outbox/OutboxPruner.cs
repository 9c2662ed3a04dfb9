using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Outdial.Platform.Outbox;

/// <summary>
/// Forgets handled messages and kept rows when nobody can need them any more. Real time throughout. The first turn comes one retention after the
/// start, not at it: what was kept through a long standstill is redelivered first, and needs its inbox rows then.
/// </summary>
internal sealed class OutboxPruner<TDb>(ServiceDatabase<TDb> database, IOptions<MessagingOptions> options, ILogger<OutboxPruner<TDb>> log)
    : TimedLoop($"pruning of the outbox of {database.Name}", options.Value.MemoryRetention, TimeProvider.System, log)
    where TDb : DbContext
{
    protected override Task TurnAsync(CancellationToken cancel)
    {
        var now = TimeProvider.System.GetUtcNow();
        return OutboxTable.Prune(database.Source, now - options.Value.MemoryRetention, now - options.Value.InboxRetention, cancel);
    }
}
