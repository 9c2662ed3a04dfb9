using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Outdial.Providers.Tests.Exotel.Webhooks;

public sealed class AnythingTests
{
    private static readonly string?[] ContentTypes =
        [null, "", "application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "multipart/form-data", "text/plain; charset=utf-16", "x; charset=none"];

    private static readonly string[] Kinds = ["status", "passthru", "popup", "dialed", "line", "heartbeat"];

    private static readonly string[] Pieces =
    [
        "CallSid", "Status", "EventType", "Legs[0][Status]", "Legs", "digits", "CustomField", "=", "&", "%", "%00", "+", "\"", "null", "completed", "answered",
        "terminal", "{",
        "}", "[", "]", ":", ",", "--b\r\n", "\r\n\r\n", "Content-Disposition: form-data; name=\"Status\"", "\uFEFF", "\uD800", "9999-99-99 99:99:99", "1e400", "-1", "EndTime",
        "0001-01-01 00:00:00", "9999-12-31 23:59:59", "ConversationDuration", "DialCallDuration=604799", "CurrentTime=1971-01-01 00:00:00", "DialWhomNumber=", "Legs[0][Number]",
        "Legs[1][OnCallDuration]=9",
    ];

    private static void Translates(int kind, int contentType, string? query, byte[] body)
    {
        var request = new WebhookRequest(
            Webhook.Id, "default", Kinds[Math.Abs(kind % Kinds.Length)], null, "POST", query ?? "", ContentTypes[Math.Abs(contentType % ContentTypes.Length)],
            body, Webhook.ReceivedAt);
        var translation = Webhook.Translator.Translate(request);
        Assert.True(translation.Quarantine is null || translation.Events.Count == 0);
        Assert.Equal(translation.Events.Count, translation.Events.Select(happened => happened.EventId).Distinct().Count());
    }

    [Fact]
    public void Random_bytes_and_queries_never_make_the_translator_throw() =>
        Prop.ForAll<(int Kind, int Type, string? Query, byte[] Body)>(x => Translates(x.Kind, x.Type, x.Query, x.Body ?? []))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Shuffled_pieces_of_real_webhooks_never_make_the_translator_throw()
    {
        var pieces = Gen.ListOf(Gen.Elements(Pieces)).Select(string.Concat);
        var cases = from query in pieces
                    from body in pieces
                    from kind in Gen.Choose(0, 100)
                    from type in Gen.Choose(
            0, 100)
                    select (query, body, kind, type);

        Prop.ForAll(cases.ToArbitrary(), x => Translates(x.kind, x.type, x.query, Encoding.UTF8.GetBytes(x.body)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));
    }
}
