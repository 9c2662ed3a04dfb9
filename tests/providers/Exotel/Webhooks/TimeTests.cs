using Outdial.Contracts;

namespace Outdial.Providers.Tests.Exotel.Webhooks;

/// <summary>The times of webhooks, which carry no zone, in the forms that are met.</summary>
public sealed class TimeTests
{
    private static DateTimeOffset Utc(int hour, int minute, double second) =>
        new DateTimeOffset(2026, 11, 20, hour, minute, 0, TimeSpan.Zero).AddSeconds(second);

    public static TheoryData<string, double> Forms => new()
    {
        { "2026-11-20 12:00:05", 5 },
        { "2026-11-20T12:00:05", 5 },
        { "2026-11-20 12:00:05.250", 5.25 },
        { "2026-11-20 12:00:05 PM", 5 },
        { "Fri, 20 Nov 2026 12:00:05", 5 },
        { "2026-11-20T06:30:05Z", 5 },
        { "2026-11-20 06:30:05 UTC", 5 },
        { "2026-11-20T12:00:05%2B05:30", 5 },
        { "2026-11-20T12:00:05%2B0530", 5 },
        { "2026-11-20 02:30:05-04:00", 5 },
        { "1795156205", 5 },
        { "1795156205250", 5.25 },
    };

    [Theory, MemberData(nameof(Forms))]
    public void Every_form_is_the_same_instant(string text, double second)
    {
        var ended = Webhook.Status($"CallSid=a&Status=busy&DateUpdated={text}");

        Assert.Equal(Utc(6, 30, second), ended.Only<CallTerminated>().OccurredAt);
        Assert.Empty(ended.Notes!);
    }

    [Theory]
    [InlineData("1970-01-01 05:30:00", null)]
    [InlineData("0000-00-00 00:00:00", null)]
    [InlineData("2038-01-19 03:14:07", null)]
    [InlineData("0", null)]
    [InlineData("20/11/2026 12:00", "unreadable-time")]
    [InlineData("2026-11-20 25:00:05", "unreadable-time")]
    [InlineData("2027-11-20 12:00:05", "time-in-future")]
    public void What_is_no_time_gives_way_to_the_receipt(string text, string? note)
    {
        var ended = Webhook.Status($"CallSid=a&Status=busy&DateUpdated={text}");

        Assert.Equal(Webhook.ReceivedAt, ended.Only<CallTerminated>().OccurredAt);
        Assert.Equal(note is null ? [] : [note], ended.Notes!);
    }

    [Fact]
    public void A_time_that_is_ahead_by_whole_half_hours_is_noted_as_of_another_zone()
    {
        var ended = Webhook.Status("CallSid=a&Status=busy&DateUpdated=2026-11-20 17:30:06");

        Assert.Equal(Webhook.ReceivedAt, ended.Only<CallTerminated>().OccurredAt);
        Assert.Equal(["time-in-future", "time-of-another-zone"], ended.Notes!);
    }

    [Fact]
    public void A_time_of_the_past_is_taken_as_it_is_because_the_webhook_may_be_late()
    {
        var ended = Webhook.Status("CallSid=a&Status=busy&DateUpdated=2026-11-20 06:30:06").Only<CallTerminated>();

        Assert.Equal((Utc(1, 0, 6), Webhook.ReceivedAt), (ended.OccurredAt, ended.ReceivedAt));
    }

    [Fact]
    public void What_is_reckoned_back_from_the_webhooks_time_says_how_far()
    {
        var events = Webhook.Get("passthru", $"CallSid=a&CustomField={Webhook.Attempt}&CallType=completed&DialCallDuration=70&Legs[0][OnCallDuration]=60&CurrentTime=2026-11-20 12:00:05").Events;

        Assert.Equal(TimeSpan.FromSeconds(70), events.OfType<CallAnswered>().Single().ReckonedBack);
        Assert.Equal(TimeSpan.FromSeconds(60), events.OfType<CallConnected>().Single().ReckonedBack);
        Assert.Null(Webhook.Status("CallSid=a&EventType=answered&Status=in-progress&DateUpdated=2026-11-20 12:00:05").Only<CallAnswered>().ReckonedBack);
    }
}
