using Outdial.Cli.Views;
using Spectre.Console;

namespace Outdial.Cli.Redrive;

/// <summary>Failed messages of one queue, those of one kind and reason on one line.</summary>
public static class RedriveView
{
    public static void Write(IAnsiConsole console, string queue, long count, IReadOnlyList<FailedMessage> messages, DateTimeOffset now)
    {
        foreach (var line in Lines(queue, count, messages, now))
            console.Profile.Out.Writer.WriteLine(line);   // not through the console, which would break sentences to its width
    }

    public static void WriteSent(IAnsiConsole console, string queue, int sent, string? failure) =>
        console.Profile.Out.Writer.WriteLine(failure is null ? $"  {sent} sent back to {queue}" : $"  {sent} sent back to {queue}, then it ended: {failure}");

    public static IEnumerable<string> Lines(string queue, long count, IReadOnlyList<FailedMessage> messages, DateTimeOffset now)
    {
        yield return $"{queue}: {count} failed" + (messages.Count < count ? $", the oldest {messages.Count} of them:" : "");
        foreach (var kind in messages.GroupBy(message => (message.Type, message.Exception, message.Reason)).OrderByDescending(kind => kind.Count()))
            yield return $"  {kind.Count(),5}  {kind.Key.Type}  {kind.Key.Exception}: {kind.Key.Reason}{Age(kind.Min(message => message.FailedAt), now)}";
    }

    private static string Age(DateTimeOffset? since, DateTimeOffset now) => (now - since) switch
    {
        null => "",
        { TotalMinutes: < 1 } => "  (just now)",
        { TotalHours: < 1 } age => $"  (oldest {age.TotalMinutes:0} min ago)",
        { TotalDays: < 2 } age => $"  (oldest {age.TotalHours:0} h ago)",
        { } age => $"  (oldest {Words.Count((long)Math.Round(age.TotalDays), "day")} ago)",
    };
}
