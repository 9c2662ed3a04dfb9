using Microsoft.Extensions.Options;
using Outdial.Contracts;

namespace Outdial.Providers.PortaSwitch.Webhooks;

/// <summary>
/// PortaSwitch's call events in neutral ones. Several legs report under one call: the customer's, and those to agents inside the
/// switch. A state that is not known is kept and counted.
/// </summary>
internal sealed class PortaSwitchTranslator(IOptions<PortaSwitchAccounts> accounts) : IWebhookTranslator
{
    private static readonly PortaSwitchAccount Unconfigured = new();

    public string Provider => PortaSwitchAccount.ProviderName;

    /// <summary><c>status</c> is the address that the platform gives out for any provider's call; the events come there, too.</summary>
    public IReadOnlySet<string> Kinds { get; } = new HashSet<string>(["events", "status"], StringComparer.Ordinal);

    public bool HasOneIdPerCall => false;

    public Translation Translate(WebhookRequest request)
    {
        if (!Kinds.Contains(request.Kind))
            return new Translation([], Quarantine: "There is no webhook of this kind.");
        var account = accounts.Value.ByName.GetValueOrDefault(request.Account, Unconfigured);
        if (EventBody.Read(request.Body, account.Fields.Wrapper) is not { } bodies)
            return new Translation([], Quarantine: "The body is no event: it is no JSON object, or none can be read in it.");

        var notes = new SortedSet<string>(StringComparer.Ordinal);
        var read = bodies.Select((body, ordinal) => new PortaEvent(request, body, account.Fields, account.Zone, notes, ordinal)).ToList();
        if (read.TrueForAll(each => each.State is null))
            return new Translation([], Quarantine: "The event names no state.", Notes: [.. notes]);

        var events = read.Select(each => each.Translate()).OfType<IProviderEvent>().ToList();
        if (request.AttemptId is not null || events.Count == 0)
            return new Translation(events, Notes: [.. notes]);
        return read.Select(each => each.CallId).FirstOrDefault(id => id is not null) is { } call
            ? new Translation(events, UnmatchedCallId: call, Notes: [.. notes])
            : new Translation([], Quarantine: "The event names neither an attempt nor a call.", Notes: [.. notes]);
    }
}
