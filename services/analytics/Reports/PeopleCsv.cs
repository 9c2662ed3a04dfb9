using Outdial.Analytics.Agents;
using Outdial.Analytics.Inbound;
using Outdial.Analytics.Waiting;
using Outdial.Platform;

namespace Outdial.Analytics.Reports;

/// <summary>Agents, queue times and inbound calls as CSV. Durations are in seconds, rates in [0, 1].</summary>
internal static class PeopleCsv
{
    /// <summary>
    /// One line for each agent, one for all of them together, and one for conversations of which nobody told with whom, if there are any.
    /// </summary>
    public static IEnumerable<CsvLine> Agents(AgentReport report) =>
    [
        CsvLine.Of("agentId", "name", "state", "sessions", "signedInSeconds", "talkSeconds", "wrapUpSeconds", "idleSeconds", "dialingSeconds",
            "previewingSeconds", "pausedSeconds", "callingSeconds", "calls", "averageHandleSeconds", "occupancy"),
        .. report.Agents.Select(agent => CsvLine.Of([agent.AgentId, agent.Name, agent.State, .. Times(agent)])),
        CsvLine.Of([null, "all", null, .. Times(report.Totals)]),
        .. report.CallsWithoutAgent == 0 ? Array.Empty<CsvLine>()
            : [CsvLine.Of(null, "unknown", null, null, null, null, null, null, null, null, null, null, report.CallsWithoutAgent, null, null)],
    ];

    /// <summary>One line of figures; the header alone when the campaign had no agents.</summary>
    public static IEnumerable<CsvLine> Queue(AnsweredCalls? queue)
    {
        yield return CsvLine.Of(
            ["answered", "machines", "connected", "notConnected", "notConnectedShare", "dropped", "dropRate", .. WaitNames("connected"), .. WaitNames("abandoned")]);
        if (queue is not null)
        {
            yield return CsvLine.Of([queue.Answered, queue.Machines, queue.Connected, queue.NotConnected, queue.NotConnectedShare, queue.Dropped,
                queue.DropRate, .. Waits(queue.WaitOfConnected), .. Waits(queue.WaitOfAbandoned)]);
        }
    }

    /// <summary>One line for each of our numbers, and one for all of them together.</summary>
    public static IEnumerable<CsvLine> Inbound(InboundReport report) =>
    [
        CsvLine.Of("did", "calls", "answered", "answeredInTime", "missed", "voicemail", "serviceLevel", "averageWaitSeconds", "talkSeconds",
            "unidentified", "fallback"),
        .. report.Numbers.Select(number => CsvLine.Of([number.Did, .. Sums(number)])),
        CsvLine.Of(["all", .. Sums(report.Totals)]),
    ];

    private static object?[] Times(AgentTimes t) =>
    [
        t.Sessions, t.SignedIn, t.Talk, t.WrapUp, t.Idle, t.Dialing, t.Previewing, t.Paused, t.Calling, t.Calls, t.AverageHandleTime, t.Occupancy,
    ];

    private static object?[] WaitNames(string whose) =>
        [$"{whose}Waited", $"{whose}WaitAverage", $"{whose}WaitP50", $"{whose}WaitP95", $"{whose}WaitLongest"];

    private static object?[] Waits(QueueTimes times) => [times.Calls, times.Average, times.P50, times.P95, times.Longest];

    private static object?[] Sums(InboundSums s) =>
        [s.Calls, s.Answered, s.AnsweredInTime, s.Missed, s.Voicemail, s.ServiceLevel, s.AverageWait, s.TalkTime, s.Unidentified, s.Fallback];
}
