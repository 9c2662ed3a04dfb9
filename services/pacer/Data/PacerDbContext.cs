using Microsoft.EntityFrameworkCore;
using Outdial.Pacer.Accounts;
using Outdial.Pacer.Agents;
using Outdial.Pacer.CallBacks;
using Outdial.Pacer.CallerIds;
using Outdial.Pacer.Calls;
using Outdial.Pacer.Campaigns;
using Outdial.Pacer.History;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Numbers;
using Outdial.Pacer.Placing;
using Outdial.Pacer.Pulse;
using Outdial.Pacer.SingleCalls;
using Outdial.Pacer.Suppressions;
using Outdial.Platform;

namespace Outdial.Pacer.Data;

/// <summary>The pacer's database. The schema is in <c>Data/Migrations</c>; a test holds the two together.</summary>
/// <remarks>
/// Statements are LINQ where LINQ says them. Written out in SQL, in lower case and raw strings, are those that lock rows, insert or update on a
/// condition, move many rows at once, or count by what only SQL knows; each once, in the <c>…Statements</c> beside the table that it locks or
/// writes, or in the class that is all about its table (sessions, permits, keys, uploads). Predicates that carry laws are functions of the schema:
/// see <c>0013-laws-said-once.sql</c>. States are parameters, but literals where a partial index is to be used: the planner must see the index's
/// condition.
/// </remarks>
internal sealed class PacerDbContext(DbContextOptions<PacerDbContext> options) : DbContext(options)
{
    public DbSet<Campaign> Campaigns => Set<Campaign>();
    public DbSet<CampaignRevision> Revisions => Set<CampaignRevision>();
    public DbSet<ArchivedCampaign> Archived => Set<ArchivedCampaign>();
    public DbSet<CampaignPulseRow> Pulses => Set<CampaignPulseRow>();
    public DbSet<Lead> Leads => Set<Lead>();
    public DbSet<RecycledLead> Recycled => Set<RecycledLead>();
    public DbSet<Attempt> Attempts => Set<Attempt>();
    public DbSet<CallerId> CallerIds => Set<CallerId>();
    public DbSet<NumberRow> Numbers => Set<NumberRow>();
    public DbSet<Suppression> Suppressions => Set<Suppression>();
    public DbSet<Account> Accounts => Set<Account>();
    public DbSet<DecisionRow> Decisions => Set<DecisionRow>();
    public DbSet<TrailEntry> Trail => Set<TrailEntry>();
    public DbSet<CallKey> CallKeys => Set<CallKey>();
    public DbSet<LeadKey> LeadKeys => Set<LeadKey>();

    public DbSet<AgentSession> AgentSessions => Set<AgentSession>();
    public DbSet<AgentLine> AgentLines => Set<AgentLine>();
    public DbSet<MissedCall> MissedCalls => Set<MissedCall>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(PacerDbContext).Assembly);
        modelBuilder.HasDbFunction(() => AttemptStatements.WasCall(default, default)).HasName("was_call");
        modelBuilder.AddOutboxTables();
    }
}
