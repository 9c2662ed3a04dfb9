using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Outdial.Analytics.Facts;

namespace Outdial.Analytics.Tests.Facts;

public class LocalHourTests
{
    [Theory]
    [InlineData("2026-03-08T06:59:59Z", "America/New_York", 1)]    // the last second before the clocks go forward
    [InlineData("2026-03-08T07:00:00Z", "America/New_York", 3)]    // two o'clock does not exist
    [InlineData("2026-11-01T05:30:00Z", "America/New_York", 1)]    // half past one, the first time
    [InlineData("2026-11-01T06:30:00Z", "America/New_York", 1)]    // and again
    [InlineData("2026-11-01T07:30:00Z", "America/New_York", 2)]
    [InlineData("2026-03-29T01:00:00Z", "Europe/London", 2)]
    [InlineData("2026-01-14T18:29:59Z", "Asia/Kolkata", 23)]       // half-hour zone, last second of the day
    [InlineData("2026-01-14T18:30:00Z", "Asia/Kolkata", 0)]
    public void The_hour_is_the_one_on_the_leads_own_clock(string instant, string zone, int expected)
    {
        var hour = LocalHours.Of(DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture), zone);

        Assert.Equal((short)expected, hour);
    }

    [Theory, InlineData("Mars/Olympus"), InlineData("America/Boise, America/Los_Angeles")]
    public void A_zone_that_nobody_knows_and_several_give_no_hour_instead_of_a_wrong_one(string zone) => Assert.Null(LocalHours.Of(Told.Noon, zone));

    [Fact]
    public async Task The_stored_hour_agrees_with_PostgreSQL_through_a_whole_year()
    {
        await using var app = await AnalyticsApp.StartAsync();
        string[] zones = ["Asia/Kolkata", "America/New_York", "Europe/London", "America/Phoenix"];
        await app.InScope(async services =>
        {
            var facts = services.GetRequiredService<CallFacts>();
            for (var n = 0; n < 400; n++)
            {
                var at = Told.Noon.AddHours(22.13 * n);
                await facts.RecordAsync(Told.Ended(Guid.Empty, Guid.NewGuid(), at: at) with { TimeZone = zones[n % zones.Length] }, default);
            }
            return true;
        });

        var different = await app.Rows(db => db.Database.SqlQuery<int>($"""
            select count(*)::int as "Value" from call_facts where local_hour is distinct from extract(hour from started_at at time zone time_zone)
            """).SingleAsync());

        Assert.Equal(0, different);
    }
}
