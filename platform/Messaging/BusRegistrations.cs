using MassTransit;

namespace Outdial.Platform.Messaging;

/// <summary>What the services of this process want on the bus, collected until it is built.</summary>
internal sealed class BusRegistrations
{
    public List<Action<IBusRegistrationConfigurator>> Configure { get; } = [];
    public bool IsBusAdded { get; set; }
}
