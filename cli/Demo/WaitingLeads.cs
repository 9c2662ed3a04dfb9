using System.Globalization;
using Outdial.Cli.Api;
using Outdial.Cli.Views;

namespace Outdial.Cli.Demo;

/// <summary>What a campaign waits for while it dials nobody, in a sentence. Pure.</summary>
public static class WaitingLeads
{
    /// <param name="leads">Waiting leads, as many as were looked at.</param>
    /// <param name="all">How many wait.</param>
    /// <returns>Null where there is nothing to say.</returns>
    public static string? Sentence(IReadOnlyCollection<WaitingLead> leads, long all, DateTimeOffset now)
    {
        if (leads.Count == 0 || all == 0)
            return null;
        var most = leads.GroupBy(lead => lead.Reason).OrderByDescending(reason => reason.Count()).First();
        var count = most.Count() == leads.Count ? all : most.Count();
        var next = most.Where(lead => lead.DueAt > now).Select(lead => (DateTimeOffset?)lead.DueAt).Min();
        var others = all - count;
        return $"waiting for {What(most.Key, count)}{(next is { } at ? $", next at {Clock(at, now)}" : "")}"
            + (others > 0 ? $"; {Words.Count(others, "other waits", "others wait")} besides" : "");
    }

    private static string What(string reason, long count) => reason switch
    {
        "RedialDelay" => $"the redial of {Words.Count(count, "lead")}",
        "CallBack" => $"the call-back of {Words.Count(count, "lead")}",
        "OutsideWindow" => $"the calling hours of {Words.Count(count, "lead")}",
        "AwaitingMetadata" => $"the look-up of {Words.Count(count, "number")}",
        "MinimumGap" or "DailyCap" or "CoolDown" => $"{Words.Count(count, "person", "people")} who may not be called again yet",
        "PersonBusy" => $"{Words.Count(count, "person", "people")} to whom another call goes on",
        "InQueue" => $"room for {Words.Count(count, "lead")}",
        _ => $"{Words.Count(count, "lead")} ({Words.Of(reason)})",
    };

    private static string Clock(DateTimeOffset at, DateTimeOffset now)
    {
        var (there, here) = (at.ToOffset(ProgressView.India), now.ToOffset(ProgressView.India));
        return there.ToString(there.Date == here.Date ? "HH:mm" : "ddd HH:mm", CultureInfo.InvariantCulture) + " IST";
    }
}

/// <summary>A lead that waits, and for what.</summary>
public sealed record WaitingLead(string Reason, DateTimeOffset DueAt);
