namespace Outdial.AgentRouter.Tests.Calls.Lines;

/// <summary>What becomes of a request on its way from the provider to us.</summary>
public enum Fault
{
    None,
    Dropped,
    Doubled,

    /// <summary>It comes after those that were sent after it.</summary>
    Delayed,
}
