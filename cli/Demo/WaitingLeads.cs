using Outdial.Cli.Api;
using Outdial.Cli.Views;

namespace Outdial.Cli.Demo;

/// <summary>What a campaign waits for while it dials nobody, in a sentence of one line. Pure.</summary>
public static class WaitingLeads
{
    /// <returns>Null where there is nothing to say.</returns>
    public static string? Sentence(WaitingStatus waiting)
    {
        if (waiting.Groups is not [var most, ..])
            return null;
        var others = waiting.Waiting - most.Count;
        return most.Text + (others > 0 ? $"; {Words.Count(others, "other waits", "others wait")} besides" : "");
    }
}
