using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Outdial.AgentRouter.Data;
using Outdial.Contracts;

namespace Outdial.AgentRouter.Calls.Customers;

/// <summary>The statements about customers' calls for which EF has no words: those that lock, and those that may come twice.</summary>
internal static class CustomerStatements
{
    public static IQueryable<CustomerCall> Locked(this DbSet<CustomerCall> calls, Guid attemptId) =>
        calls.FromSql($"select * from customer_calls where attempt_id = {attemptId} for update");

    public static IQueryable<CustomerCall> Locked(this DbSet<CustomerCall> calls, string account, string callId) =>
        calls.FromSql($"select * from customer_calls where account = {account} and provider_call_id = {callId} limit 1 for update");

    public static Task AddCustomerCall(this RouterDbContext db, CustomerCallPlaced placed, DateTimeOffset now, CancellationToken cancel)
    {
        var lead = JsonSerializer.Serialize(placed.Lead, JsonSerializerOptions.Web);
        return db.Database.ExecuteSqlAsync(
            $"""
            insert into customer_calls (attempt_id, campaign_id, lead_id, account, number, lead, tried, placed_at)
            values ({placed.Lead.AttemptId}, {placed.CampaignId}, {placed.Lead.LeadId}, {placed.Account}, {placed.Lead.Number}, {lead}::jsonb,
              {Array.Empty<Guid>()}, {now})
            on conflict (attempt_id) do nothing
            """, cancel);
    }
}
