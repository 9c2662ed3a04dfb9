using Outdial.Platform;

namespace Outdial.Pacer.Pulse;

/// <summary>
/// Has this process's pulse look for due campaigns at once instead of at its next tick. Whoever makes a campaign due does so by its row, and
/// calls <see cref="LoopSignal.Set"/> after the commit: no other replica has to hear of it, because this one looks.
/// </summary>
internal sealed class PulseSignal : LoopSignal;
