using Outdial.Cli.Views;
using Spectre.Console;

namespace Outdial.Cli.Demo;

/// <summary>Shows snapshots as they come: a picture that is redrawn in a terminal, a line now and then elsewhere.</summary>
/// <param name="betweenLines">Real time.</param>
public sealed class LiveProgress(IAnsiConsole console, TimeSpan betweenLines, TimeProvider time)
{
    /// <summary>Ends with the last snapshot.</summary>
    public Task ShowAsync(IAsyncEnumerable<ProgressSnapshot> snapshots) =>
        console.Profile.Capabilities.Interactive && console.Profile.Capabilities.Ansi ? RedrawAsync(snapshots) : PrintAsync(snapshots);

    private Task RedrawAsync(IAsyncEnumerable<ProgressSnapshot> snapshots) => console
        .Live(new Text("Starting …"))
        .Overflow(VerticalOverflow.Ellipsis)
        .StartAsync(async live =>
        {
            await foreach (var snapshot in snapshots)
                live.UpdateTarget(ProgressView.Render(snapshot, console.Profile.Width));
        });

    private async Task PrintAsync(IAsyncEnumerable<ProgressSnapshot> snapshots)
    {
        long? printed = null;
        var isAdvised = false;
        ProgressSnapshot? last = null, before = null;
        await foreach (var snapshot in snapshots)
        {
            last = snapshot;
            if (printed is { } at && time.GetElapsedTime(at) < betweenLines)
                continue;
            printed = time.GetTimestamp();
            await PrintAsync(snapshot);
            // Once for each wait: a line repeats when it ends.
            if (!isAdvised && snapshot.Advice is { } advice)
                await console.Profile.Out.Writer.WriteLineAsync(advice);
            isAdvised = snapshot.OpensAt is not null;
            last = null;
        }
        if (last is not null)
            await PrintAsync(last);

        async Task PrintAsync(ProgressSnapshot snapshot)
        {
            await console.Profile.Out.Writer.WriteLineAsync(ProgressView.Line(snapshot, before));
            before = snapshot;
        }
    }
}
