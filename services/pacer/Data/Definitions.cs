using MassTransit;
using Microsoft.Extensions.Options;

namespace Outdial.Pacer.Data;

/// <summary>A consumer that asks a provider for a call, and holds no transaction meanwhile.</summary>
internal abstract class IssuerDefinition<TConsumer> : ConsumerDefinition<TConsumer>
    where TConsumer : class, IConsumer
{
    protected IssuerDefinition(IOptions<PacerOptions> options)
    {
        // Hung requests hold a place each; the budget, not this number, sets the pace.
        ConcurrentMessageLimit = options.Value.IssuerConcurrency;
        // Each takes as long as the provider: more in hand than in work would wait here while another replica has a place free.
        Endpoint(endpoint => endpoint.PrefetchCount = options.Value.IssuerConcurrency);
    }
}
