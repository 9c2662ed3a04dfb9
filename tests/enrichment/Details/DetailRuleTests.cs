using Outdial.Contracts;
using Outdial.Enrichment.Details;
using Outdial.Providers;

namespace Outdial.Enrichment.Tests.Details;

public class DetailRuleTests
{
    private static readonly EnrichmentOptions Options = new();
    private static readonly DateTimeOffset End = new(2026, 1, 14, 12, 0, 0, TimeSpan.Zero);

    internal const string Recording = "https://recordings.example/call.mp3";

    internal static CallRecord Record(double? seconds, decimal? price, string? outcome = Outcomes.Completed, string? recording = Recording) => new(
        "call", "completed", outcome, null, null, End, End, End, seconds is { } s ? TimeSpan.FromSeconds(s) : null,
        seconds is { } t ? TimeSpan.FromSeconds(t) : null, price, "human", recording);

    [Theory]
    [InlineData(2, 5.0)]
    [InlineData(4.9, 5.0)]
    [InlineData(5, 15.0)]
    [InlineData(14, 15.0)]
    [InlineData(15, 30.0)]
    [InlineData(59, 60.0)]
    [InlineData(60, null)]     // what is there must do
    public void An_incomplete_record_is_read_again_at_the_next_appointment(double minute, double? next)
    {
        var step = DetailRule.Read(Record(30, null), answered: true, End, End.AddMinutes(minute), Options);

        Assert.Equal(next is null ? null : End.AddMinutes(next.Value), step.DueAt);
        Assert.Equal(next is null ? "incomplete" : null, step.Result);
    }

    [Theory]
    [InlineData(2, 5.0), InlineData(5, 15.0), InlineData(15, 30.0), InlineData(30, 60.0), InlineData(60, null)]
    public void The_recording_of_a_conversation_is_looked_for_again_at_growing_delays_and_not_for_ever(double minute, double? next)
    {
        var step = DetailRule.Read(Record(30, 1.5m, recording: null), true, End, End.AddMinutes(minute), Options, expectsRecording: true);

        Assert.Equal(next is null ? new(null, "incomplete") : new DetailStep(End.AddMinutes(next.Value), null), step);
    }

    [Theory]
    [InlineData(30, true, null, null)]              // talked, and waits
    [InlineData(30, true, Recording, "complete")]
    [InlineData(30, false, null, "complete")]       // the account records nothing, or a webhook named it
    [InlineData(0, true, null, "complete")]         // nobody talked
    public void A_recording_is_waited_for_only_where_one_is_to_be_expected(double talk, bool expects, string? recording, string? result) =>
        Assert.Equal(result, DetailRule.Read(Record(talk, 1.5m, recording: recording), true, End, End.AddMinutes(2), Options, expects).Result);

    [Fact]
    public void A_complete_record_is_the_end_of_it() =>
        Assert.Equal(new DetailStep(null, "complete"), DetailRule.Read(Record(30, 1.5m), true, End, End.AddMinutes(2), Options));

    [Fact]
    public void A_call_that_nobody_answered_has_no_price_to_wait_for() =>
        Assert.Equal("complete", DetailRule.Read(Record(0, null, Outcomes.NoAnswer), answered: false, End, End.AddMinutes(2), Options).Result);

    [Fact]
    public void A_call_that_still_runs_by_the_providers_record_is_not_complete() =>
        Assert.Null(DetailRule.Read(Record(30, 1.5m, outcome: null), true, End, End.AddMinutes(2), Options).Result);

    [Fact]
    public void A_record_that_is_never_there_is_missing_in_the_end() =>
        Assert.Equal("missing", DetailRule.Read(null, true, End, End.AddMinutes(60), Options).Result);

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 4)]
    [InlineData(3, 8)]
    [InlineData(30, 300)]
    public void A_provider_that_fails_is_asked_again_after_longer_and_longer(int tries, double seconds) =>
        Assert.Equal(End.AddMinutes(2).AddSeconds(seconds), DetailRule.Failed(tries, null, End, End.AddMinutes(2), Options).DueAt);

    [Fact]
    public void After_an_hour_of_failures_the_record_is_given_up() =>
        Assert.Equal(new DetailStep(null, "missing"), DetailRule.Failed(9, null, End, End.AddHours(1), Options));

    [Fact]
    public void The_first_failure_never_gives_up_however_late_it_is() =>
        Assert.NotNull(DetailRule.Failed(1, null, End, End.AddHours(9), Options).DueAt);
}
