namespace Outdial.Platform.Messaging.Topology;

/// <summary>With what arguments queues are declared; whoever declares one a second time must say the same.</summary>
internal static class QueueArguments
{
    public const string Limit = "x-delivery-limit", DeadLetterExchange = "x-dead-letter-exchange", DeadLetterKey = "x-dead-letter-routing-key";
    private const string Type = "x-queue-type", Quorum = "quorum";

    // A message that was handed out this often and never answered ends those who take it: it goes to the error queue instead of
    // round and round. RabbitMQ 4 would throw it away after 20 times unless told otherwise.
    private const int Deliveries = 100;

    // Looking into an error queue hands its messages out and takes them back. No number of looks may lose one.
    private const int Looks = 1_000_000_000;

    public static Dictionary<string, object?> Of(string queue, bool quorum) => quorum
        ? new()
        {
            [Type] = Quorum,
            [Limit] = Deliveries,
            [DeadLetterExchange] = "",
            [DeadLetterKey] = BusTopology.ErrorQueue(queue),
        }
        : [];

    public static Dictionary<string, object?> OfErrors(bool quorum) => quorum ? new() { [Type] = Quorum, [Limit] = Looks } : [];
}
