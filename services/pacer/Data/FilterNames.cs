using Microsoft.EntityFrameworkCore;
using Outdial.Platform;
using Outdial.Providers;

namespace Outdial.Pacer.Data;

/// <summary>
/// What filters of lists name, in all of them alike: a name that is nobody's is refused, because an empty list would say that there is nothing of
/// somebody's. Null: nothing is wrong with it.
/// </summary>
internal static class FilterNames
{
    /// <summary>What is shorter is a part of a number, though somewhere it may be a whole one.</summary>
    private const int FewestDigits = 7;

    private static readonly NumberRegions Anywhere = NumberRegions.Of(PhoneNumber.Regions);

    public static async Task<FieldProblem?> UnknownCampaign(this PacerDbContext db, Guid? campaign, CancellationToken cancel) =>
        campaign is null || await db.Campaigns.AnyAsync(c => c.CorrelationId == campaign, cancel) ? null
            : new("campaign", $"{campaign}", "the id of a campaign");

    public static async Task<FieldProblem?> UnknownAccount(
        this PacerDbContext db, string? account, AccountSettings accounts, CancellationToken cancel) =>
        account is null || accounts.Find(account) is not null || await db.Campaigns.AnyAsync(c => c.Account == account, cancel) ? null
            : new("account", account, $"an account that is configured, or that a campaign had: {string.Join(", ", accounts.All.Select(a => a.Name))}");

    /// <summary>Of other countries than India those circles are known that a number of ours has.</summary>
    public static async Task<FieldProblem?> UnknownCircle(this PacerDbContext db, string? circle, CancellationToken cancel) =>
        circle is null || TelecomCircles.All.Contains(circle) || await db.CallerIds.AnyAsync(c => c.Circle == circle, cancel) ? null
            : new("circle", circle, TelecomCircles.Expected);

    /// <summary>
    /// Whatever was read from what is written so, E.164: an upload, and each of its rows, may name a country of its own. Empty: it is no number.
    /// </summary>
    public static List<string> Readings(string? number) => number is null || number.Count(char.IsAsciiDigit) < FewestDigits ? []
        : [.. Anywhere.Readings(NumberDoors.OfQuery(number)).Select(reading => reading.E164)];
}
