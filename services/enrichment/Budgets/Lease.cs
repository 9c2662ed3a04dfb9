using Microsoft.Extensions.Options;

namespace Outdial.Enrichment.Budgets;

/// <summary>
/// How long a claim holds, on the platform's clock. A request takes real time, so on an accelerated clock a claim must
/// hold for that many times longer, or it would lapse while the answer is on its way.
/// </summary>
internal sealed class Lease(IOptions<EnrichmentOptions> options, IConfiguration configuration)
{
    // Beside the request: waiting for the batch in front, writing, a pause of the garbage collector.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);

    public TimeSpan Length { get; } = (options.Value.RequestTimeout + Margin) * Math.Max(1, configuration.GetValue("Clock:Speed", 1.0));
}
