using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Outdial.Providers.Tests.Exotel.Client;

namespace Outdial.Providers.Tests.Exotel.Webhooks;

/// <summary>Webhooks as they come, and their translation.</summary>
internal static class Webhook
{
    public static readonly Guid Id = Guid.Parse("0199bbbb-0000-7000-8000-000000000001");
    public static readonly Guid Attempt = Guid.Parse("0199aaaa-0000-7000-8000-000000000001");

    /// <summary>Long after any sample was printed.</summary>
    public static readonly DateTimeOffset ReceivedAt = new(2026, 11, 20, 6, 30, 10, TimeSpan.Zero);

    public static readonly IWebhookTranslator Translator =
        FakeExotel.Client("http://127.0.0.1:1/", services => services.AddSingleton<IEchoReader, Ids>()).Services.GetRequiredService<IWebhookTranslator>();

    /// <summary>Takes the bare id for an echo of ours, as ingress takes a signed one.</summary>
    private sealed class Ids : IEchoReader
    {
        public Guid? Read(string account, string? echo) => Guid.TryParse(echo, out var id) ? id : null;
    }

    public static Translation Status(string body, string? contentType = "application/x-www-form-urlencoded") =>
        Status(Encoding.UTF8.GetBytes(body), contentType);

    public static Translation Status(byte[] body, string? contentType) =>
        Translator.Translate(new WebhookRequest(Id, "default", "status", Attempt, "POST", "", contentType, body, ReceivedAt));

    public static Translation Get(string kind, string query) =>
        Translator.Translate(new WebhookRequest(Id, "default", kind, null, "GET", query, null, [], ReceivedAt));

    public static Translation Heartbeat(string body) => Translator.Translate(
        new WebhookRequest(Id, "default", "heartbeat", null, "POST", "", "application/json", Encoding.UTF8.GetBytes(body), ReceivedAt));

    public static T Only<T>(this Translation translation)
    {
        Assert.Null(translation.Quarantine);
        return Assert.IsType<T>(Assert.Single(translation.Events));
    }
}
