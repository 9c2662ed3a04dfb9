using Outdial.Cli.Api;
using Outdial.Cli.Demo;

namespace Outdial.Cli.Tests.Demo;

public class StaffingDipTests
{
    private static readonly DateTimeOffset Ten = new(2026, 1, 5, 4, 30, 0, TimeSpan.Zero);

    [Fact]
    public void Agents_leave_after_a_quarter_of_the_leads_and_are_back_half_a_minute_after_the_pause()
    {
        var dip = new StaffingDip(20);

        Assert.Null(dip.Next(At(open: 76), Ten));
        Assert.Equal(1, dip.Next(At(open: 75), Ten.AddSeconds(10)));
        Assert.Null(dip.Next(At(open: 70), Ten.AddSeconds(40)));
        Assert.Null(dip.Next(At(open: 65, "Paused", "QueueExcess"), Ten.AddSeconds(60)));
        Assert.Null(dip.Next(At(open: 65, "Paused", "QueueExcess"), Ten.AddSeconds(80)));
        Assert.Equal(20, dip.Next(At(open: 65, "Paused", "QueueExcess"), Ten.AddSeconds(91)));
        Assert.Null(dip.Next(At(open: 60), Ten.AddSeconds(120)));
        Assert.Equal(4, dip.Remarks.Count);
    }

    [Fact]
    public void Agents_come_back_although_nothing_paused_and_that_is_found()
    {
        var dip = new StaffingDip(20);
        dip.Next(At(open: 50), Ten);

        Assert.Equal(20, dip.Next(At(open: 40), Ten.AddMinutes(16)));
        Assert.Equal("no-pause", StaffingDip.Missing(new CampaignReport())!.Id);
    }

    [Fact]
    public void A_pause_of_another_kind_or_without_an_end_does_not_count()
    {
        static CampaignReport Report(string reason, DateTimeOffset? to) => new() { Pauses = [new ReportPause(reason, null, true, Ten, to)] };

        Assert.Equal("no-pause", StaffingDip.Missing(Report("OutsideWindow", Ten))!.Id);
        Assert.Equal("no-resume", StaffingDip.Missing(Report("QueueExcess", null))!.Id);
        Assert.Null(StaffingDip.Missing(Report("QueueExcess", Ten.AddMinutes(1))));
    }

    private static CampaignStatus At(long open, string state = "Running", string? reason = null) =>
        new(Guid.Empty, "demo", state, reason, null, null, new CampaignProgress(100, open, new Dictionary<string, long>(), 0, 0, 0));
}
