namespace Outdial.Platform.Outbox;

/// <summary>The last delivery of a process that stops.</summary>
internal interface IOutboxFlush
{
    /// <summary>Ends the delivery loop and hands over what is committed, as far as the broker takes it.</summary>
    Task FlushAsync(CancellationToken cancel);
}
