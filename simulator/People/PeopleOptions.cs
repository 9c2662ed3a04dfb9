using System.ComponentModel.DataAnnotations;

namespace Outdial.Simulator;

/// <summary>How the simulated people behave on average. Shares are in [0, 1].</summary>
public sealed class PeopleOptions
{
    /// <summary>Chance that a first call at a good hour is answered, before circle, person and caller ID move it.</summary>
    [Range(0.0, 1.0)] public double AnswerRate { get; set; } = 0.5;

    /// <summary>Added to the chance when the caller ID is of the person's own circle.</summary>
    [Range(0.0, 1.0)] public double LocalCallerBonus { get; set; } = 0.15;

    /// <summary>Multiplies the chance with every further call to the same person.</summary>
    [Range(0.0, 1.0)] public double AttemptFatigue { get; set; } = 0.9;

    /// <summary>Of all numbers: those that do not exist.</summary>
    [Range(0.0, 1.0)] public double NonExistentShare { get; set; } = 0.02;

    /// <summary>Of unanswered calls: busy.</summary>
    [Range(0.0, 1.0)] public double BusyShare { get; set; } = 0.25;

    /// <summary>Of unanswered calls: switched off or out of coverage. What is neither this nor busy rings out.</summary>
    [Range(0.0, 1.0)] public double SwitchedOffShare { get; set; } = 0.15;

    /// <summary>Of answered calls: an answering machine picks up.</summary>
    [Range(0.0, 1.0)] public double MachineShare { get; set; } = 0.02;

    /// <summary>Of answered calls: hung up while the flow dials the agent.</summary>
    [Range(0.0, 1.0)] public double ClientHangupShare { get; set; }

    /// <summary>Of answered calls: no agent picks up.</summary>
    [Range(0.0, 1.0)] public double IncompleteShare { get; set; }

    /// <summary>Of answered calls: the person presses 9 to be left in peace, a third of them twice, a sixth with a # behind it.</summary>
    [Range(0.0, 1.0)] public double OptOutShare { get; set; } = 0.01;

    /// <summary>Of all numbers: on the do-not-disturb registry.</summary>
    [Range(0.0, 1.0)] public double DndShare { get; set; } = 0.05;

    /// <summary>Of all numbers: the registry does not say.</summary>
    [Range(0.0, 1.0)] public double DndUnavailableShare { get; set; } = 0.03;

    /// <summary>Mean seconds of a conversation.</summary>
    [Range(1, 3600)] public int TalkSeconds { get; set; } = 45;
}
