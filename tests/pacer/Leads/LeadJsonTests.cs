using System.Text.Json;
using Outdial.Pacer.CallingHours;
using Outdial.Pacer.Leads;
using Outdial.Pacer.Leads.Import;

namespace Outdial.Pacer.Tests.Leads;

public class LeadJsonTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 6, 0, 0, TimeSpan.Zero);

    private static LeadJson Reader(string? region = "IN") =>
        new(region, CallingWindow.Default, Now.AddDays(30), new() { AttributeBytes = 200 }, "a program", Now);

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    [Fact]
    public void A_lead_is_what_its_fields_say()
    {
        var (lead, wrong) = Reader().Read(Json(
            """
            {"Phone":"098765 43210","priority":7,"timeZone":"asia/kolkata","externalId":17,"attributes":{"name":"Asha","due":12.50,"vip":true,"none":null,
             "big":1e5},"dueAt":"2026-03-02T18:00:00+05:30"}
            """));

        Assert.Empty(wrong);
        Assert.Equal(new NewLead
        {
            Id = lead!.Id,
            Number = "+919876543210",
            Priority = 7,
            TimeZone = "Asia/Kolkata",
            OwnZone = "Asia/Kolkata",
            ExternalId = "17",
            Attributes = """{"name":"Asha","due":12.50,"vip":true,"big":"1e5"}""",
            DueAt = new(2026, 3, 2, 12, 30, 0, TimeSpan.Zero),
            Reason = LeadReasons.NotBefore,
            ReasonText = "Not before 2026-03-02 12:30:00Z, says a program.",
        }, lead);
    }

    [Theory]
    [InlineData("""{"phone":9876543210}""", "IN", "+919876543210")]
    [InlineData("""{"phone":"07700 900123","region":"United Kingdom"}""", "IN", "+447700900123")]
    [InlineData("""{"phone":"+447700900123"}""", null, "+447700900123")]
    [InlineData("""{"phone":"9876543210","dueAt":"2020-01-01T00:00:00Z"}""", "IN", "+919876543210")]
    public void A_number_is_read_in_its_own_country_else_in_the_campaign_s_and_what_is_past_is_due_now(string json, string? region, string number)
    {
        var (lead, _) = Reader(region).Read(Json(json));

        Assert.Equal((number, Now, LeadReasons.InQueue), (lead!.Number, lead.DueAt, lead.Reason));
    }

    [Theory]
    [InlineData("""{}""", "phone", "a telephone number of IN")]
    [InlineData("""{"phone":true}""", "phone", "a text")]
    [InlineData("""{"phone":"1400012345"}""", "phone", "series 140")]
    [InlineData("""{"phone":"07700 900123","region":"Narnia"}""", "region", "a country as ISO 3166 writes it")]
    [InlineData("""{"phone":"9876543210","fone":1}""", "fone", "one of the fields phone, region, priority, timeZone, externalId, attributes, dueAt; nearest: phone")]
    [InlineData("""{"phone":"9876543210","Phone":"9876543211"}""", "phone", "each field once")]
    [InlineData("""{"phone":"9876543210","priority":"high"}""", "priority", "a whole number from -1000 to 1000")]
    [InlineData("""{"phone":"9876543210","priority":1001}""", "priority", "a whole number from -1000 to 1000")]
    [InlineData("""{"phone":"9876543210","timeZone":"IST"}""", "timeZone", "an IANA time zone")]
    [InlineData("""{"phone":"9876543210","dueAt":"2026-03-02"}""", "dueAt", "an instant with its offset")]
    [InlineData("""{"phone":"9876543210","dueAt":"2027-03-02T00:00:00Z"}""", "dueAt", "an instant before the campaign's end, 2026-04-01 06:00:00Z")]
    [InlineData("""{"phone":"9876543210","attributes":[]}""", "attributes", "an object of texts")]
    [InlineData("""{"phone":"9876543210","attributes":{"tags":["a"]}}""", "attributes.tags", "a text without NUL characters, a number, true or false")]
    [InlineData("""{"phone":"9876543210","attributes":{"plan":"gold","plan":"silver"}}""", "attributes.plan", "each name once")]
    [InlineData("""{"phone":"9876543210","attributes":{"n":"a\u0000"}}""", "attributes.n", "a text without NUL characters")]
    [InlineData("[]", "body", "an object with phone")]
    public void A_wrong_value_is_named_with_what_was_expected(string json, string field, string expected)
    {
        var (lead, wrong) = Reader().Read(Json(json));

        Assert.Null(lead);
        Assert.Equal(field, Assert.Single(wrong).Field);
        Assert.Contains(expected, wrong[0].Expected);
    }

    [Fact]
    public void Everything_that_is_wrong_with_a_lead_is_named_at_once_and_nothing_of_the_lead_before_it()
    {
        var reader = Reader();
        reader.Read(Json("""{"phone":"1"}"""));

        Assert.Equal(["extra", "phone", "priority", "attributes"], reader.Read(Json(
            """{"phone":"1","priority":0.5,"extra":1,"attributes":{"a":"LONG"}}""".Replace("LONG", new string('x', 200)))).Wrong.Select(problem => problem.Field));
        Assert.Empty(reader.Read(Json("""{"phone":"9876543210"}""")).Wrong);
    }

    [Fact]
    public void A_change_takes_what_is_null_out_and_leaves_what_is_not_said()
    {
        var (change, wrong) = Reader().ReadChange(Json("""{"attributes":{"plan":"B","old":null},"externalId":null}"""), """{"plan":"A","old":1,"name":"Asha"}""");

        Assert.Empty(wrong);
        Assert.Equal("""{"plan":"B","name":"Asha"}""", change!.Attributes);
        Assert.Equal((true, null), change.ExternalId);
        Assert.Null(change.Priority);
        Assert.Null(change.DueAt);
        Assert.Equal("{}", Reader().ReadChange(Json("""{"attributes":null}"""), """{"plan":"A"}""").Change!.Attributes);
        Assert.Equal("body", Assert.Single(Reader().ReadChange(Json("{}"), "{}").Wrong).Field);
        Assert.Equal("phone", Assert.Single(Reader().ReadChange(Json("""{"phone":"9876543210"}"""), "{}").Wrong).Field);
    }
}
