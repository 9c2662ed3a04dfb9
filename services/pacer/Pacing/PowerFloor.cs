namespace Outdial.Pacer.Pacing;

/// <summary>The agents and the calls of a power campaign at one instant, all counted from rows.</summary>
internal sealed record PowerFloor
{
    /// <summary>Calls placed for each free agent.</summary>
    public required double Ratio { get; init; }

    /// <summary>Agents of the campaign who are reached by phone, whose session is open and of whom something was heard lately.</summary>
    public required int SignedIn { get; init; }

    /// <summary>Of those: ready for a call, as far as the router knows.</summary>
    public required int Ready { get; init; }

    /// <summary>Of those: their phone rings for a lead who has answered.</summary>
    public int Ringing { get; init; }

    /// <summary>
    /// The provider keeps the queue and rings the agents itself (PortaSwitch): the router learns of a conversation only when the
    /// provider names the agent, so an agent who talks may still stand as ready.
    /// </summary>
    public bool ProviderQueue { get; init; }

    /// <summary>Leads who talk with an agent.</summary>
    public int Connected { get; init; }

    /// <summary>Of those, and of the ones whose wrap-up time runs: the provider did not say which agent.</summary>
    public int Unnamed { get; init; }

    /// <summary>Ready agents who serve other power campaigns too.</summary>
    public int SharedReady { get; init; }

    /// <summary>Calls of those campaigns that are under way or wait: each may take one of the shared agents.</summary>
    public int OthersCalls { get; init; }

    /// <summary>Answered by a person and not connected.</summary>
    public required int Answered { get; init; }

    /// <summary>Placed, and neither answered nor over.</summary>
    public required int Underway { get; init; }

    /// <summary>Mean time that an agent is taken by one conversation, wrap-up included, in seconds.</summary>
    public double HandleSeconds { get; init; }

    public required QueueMarks Marks { get; init; }
    public required DropCount Drops { get; init; }

    /// <summary>F: agents whom a lead who answers now would reach at once.</summary>
    public int Free => Math.Max(0, Ready - (ProviderQueue ? Unnamed : 0) - Math.Min(SharedReady, OthersCalls));

    /// <summary>Q: leads who wait for an agent. One for whom an agent's phone rings is that agent's already.</summary>
    public int Waiting => ProviderQueue ? Answered : Math.Max(0, Answered - Ringing);

    /// <summary>So many more wait than agents are free that the campaign pauses.</summary>
    public bool IsExcess => QueueBrake.IsExcess(Waiting, Free, Marks);
}
