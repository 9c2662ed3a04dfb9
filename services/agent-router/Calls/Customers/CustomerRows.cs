using Microsoft.EntityFrameworkCore;

namespace Outdial.AgentRouter.Calls.Customers;

/// <summary>The statements about customers' calls for which EF has no words: those that lock.</summary>
internal static class CustomerRows
{
    public static IQueryable<CustomerCall> Locked(this DbSet<CustomerCall> calls, Guid attemptId) =>
        calls.FromSql($"select * from customer_calls where attempt_id = {attemptId} for update");

    public static IQueryable<CustomerCall> Locked(this DbSet<CustomerCall> calls, string account, string callId) =>
        calls.FromSql($"select * from customer_calls where account = {account} and provider_call_id = {callId} limit 1 for update");
}
