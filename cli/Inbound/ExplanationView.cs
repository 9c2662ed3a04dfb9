using Outdial.Cli.Api;
using Spectre.Console;

namespace Outdial.Cli.Inbound;

/// <summary>An explanation as lines of text, the problems last, where they are seen.</summary>
public static class ExplanationView
{
    public static void Write(IAnsiConsole console, Explanation told)
    {
        foreach (var line in Lines(told))
            console.Profile.Out.Writer.WriteLine(line);   // not through the console, which would break sentences to its width
    }

    public static IEnumerable<string> Lines(Explanation told)
    {
        yield return $"A call from {told.From} to {told.To}";
        yield return $"  trunk      {told.Trunk?.Name ?? "none"}";
        yield return $"  direction  {told.Direction ?? "unknown"}";
        yield return $"  mode       {told.Mode ?? "unknown"}";
        yield return $"  flow       {told.Flow ?? "none"}";
        foreach (var step in told.Steps)
            yield return "  " + step;
        if (told.Candidates.Count > 0)
            yield return "Agents:";
        foreach (var candidate in told.Candidates)
            yield return $"  {candidate.Place?.ToString() ?? "-",2}  {candidate.Name}: {candidate.Reason}";
        yield return told.Problems.Count == 0 ? "No problem was found." : "Problems:";
        foreach (var problem in told.Problems)
            yield return "  ! " + problem;
    }
}
