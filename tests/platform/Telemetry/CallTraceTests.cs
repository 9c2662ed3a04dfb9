using System.Diagnostics;

namespace Outdial.Platform.Tests.Telemetry;

public sealed class CallTraceTests
{
    private const string Call = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static readonly ActivityContext s_call = ActivityContext.Parse(Call, null);
    private static readonly DateTimeOffset s_now = new(2026, 11, 30, 10, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(Call, 0, true, false)]
    [InlineData(Call, 60, true, false)]
    [InlineData(Call, 61, false, true)]
    [InlineData(Call, 60 * 24, false, true)]
    [InlineData(null, 0, false, false)]
    [InlineData("not a trace", 0, false, false)]
    public void What_comes_while_a_call_may_last_is_a_part_of_its_trace_and_what_comes_later_is_linked(
        string? trace, int minutes, bool part, bool linked)
    {
        var (parent, link) = CallTrace.Follow(trace, TimeSpan.FromMinutes(minutes));

        Assert.Equal((part, linked), (parent.TraceId == s_call.TraceId, link.TraceId == s_call.TraceId));
    }

    [Fact]
    public void An_id_tells_when_its_call_began_and_one_without_a_time_is_as_old_as_can_be()
    {
        Assert.Equal(TimeSpan.FromMinutes(5), CallTrace.Since(Guid.CreateVersion7(s_now.AddMinutes(-5)), s_now));
        Assert.Equal(TimeSpan.Zero, CallTrace.Since(Guid.CreateVersion7(s_now.AddMinutes(5)), s_now));   // another machine's clock
        Assert.Equal(TimeSpan.MaxValue, CallTrace.Since(Guid.Parse("ffffffff-ffff-4fff-bfff-ffffffffffff"), s_now));
    }

    [Fact]
    public void A_span_of_a_call_is_linked_to_the_request_that_brought_it()
    {
        using var source = new ActivitySource("CallTraceTests");
        using var listener = new ActivityListener
        {
            ShouldListenTo = heard => heard.Name == source.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        Assert.Null(source.StartOf("nobody listens", ActivityKind.Consumer, Call, TimeSpan.Zero));
        ActivitySource.AddActivityListener(listener);
        using var request = source.StartActivity("request")!;

        using (var soon = source.StartOf("receive", ActivityKind.Consumer, Call, TimeSpan.Zero)!)
            Assert.Equal((s_call.TraceId, s_call.SpanId, request.TraceId), (soon.TraceId, soon.ParentSpanId, soon.Links.Single().Context.TraceId));
        using (var late = source.StartOf("receive", ActivityKind.Consumer, Call, TimeSpan.FromDays(1))!)
            Assert.Equal((request.TraceId, request.SpanId, s_call.TraceId), (late.TraceId, late.ParentSpanId, late.Links.Single().Context.TraceId));
        using var other = source.StartOf("receive", ActivityKind.Consumer, null, TimeSpan.Zero)!;
        other.LinkTo(Call);
        Assert.Equal(s_call.TraceId, other.Links.Single().Context.TraceId);
    }
}
