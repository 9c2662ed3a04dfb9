using Microsoft.EntityFrameworkCore;
using Outdial.Contracts;
using Outdial.Pacer.Data;

namespace Outdial.Pacer.Placing;

/// <summary>Takes back an attempt that nobody has placed.</summary>
internal static class Withdrawal
{
    /// <summary>
    /// Takes the attempt's time away, so that no issuer, whatever its clock says, can flip it afterwards. False when an issuer
    /// flipped it first and may be asking the provider right now: then there is nothing to take back.
    /// </summary>
    public static async Task<bool> TryWithdraw(this PacerDbContext db, Guid attemptId, CancellationToken cancel) =>
        await db.Database.ExecuteSqlAsync(
            $"update attempts set expires_at = requested_at, version = version + 1 where id = {attemptId} and state = {CallStates.Requested}", cancel) == 1;
}
