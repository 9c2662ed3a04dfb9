using Outdial.Providers;

namespace Outdial.Ingress.Webhooks;

/// <summary>The addresses that we give out: which providers there are, and which kinds of webhook each has.</summary>
internal sealed class WebhookKinds(IEnumerable<IWebhookTranslator> translators)
{
    private const string Other = "other";
    private readonly Dictionary<string, IWebhookTranslator> _translators = translators.ToDictionary(translator =>
        translator.Provider, StringComparer.Ordinal);

    public IWebhookTranslator? Translator(string provider) => _translators.GetValueOrDefault(provider);

    /// <summary>
    /// Both words in lower case. One that we never gave out becomes <c>other</c>: it is kept, and quarantined by the translation,
    /// and no word of a stranger becomes a label of a metric.
    /// </summary>
    public (string Provider, string Kind) Known(string provider, string kind)
    {
        var translator = Translator(provider.ToLowerInvariant());
        return (translator?.Provider ?? Other, translator?.Kinds.Contains(kind.ToLowerInvariant()) == true ? kind.ToLowerInvariant() : Other);
    }
}
