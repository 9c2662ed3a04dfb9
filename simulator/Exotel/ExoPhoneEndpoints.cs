using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;

namespace Outdial.Simulator;

/// <summary>The account's own numbers: list and single (v2_beta), and the health of one (v2).</summary>
public static class ExoPhoneEndpoints
{
    private const int PageSize = 50;

    public static void MapExoPhones(this IEndpointRouteBuilder app)
    {
        app.MapGet("/v2_beta/Accounts/{account}/IncomingPhoneNumbers", List).RequireBudget(ApiFamily.ExoPhones);
        app.MapGet("/v2_beta/Accounts/{account}/IncomingPhoneNumbers/{sid}", One).RequireBudget(ApiFamily.ExoPhones);
        app.MapGet("/v2/accounts/{account}/incoming-phone-numbers/{sid}", Health).RequireBudget(ApiFamily.ExoPhones);
    }

    private static ExotelResult List(HttpContext http, ExoPhones own)
    {
        var page = int.TryParse(http.Request.Query["page"], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        return new ExotelResult(new JsonObject
        {
            ["page"] = page,
            ["page_size"] = PageSize,
            ["incoming_phone_numbers"] = new JsonArray([.. own.All.Skip(page * PageSize).Take(PageSize).Select(p => (JsonNode)Body(p))]),
        });
    }

    private static IResult One(HttpContext http, string sid, ExoPhones own, IOptions<SimulatorOptions> options)
    {
        if (own.Find(sid) is not { } phone)
            return RestException.Of(http, StatusCodes.Status404NotFound, RestException.NotFound);
        var body = Body(phone);
        body["voice_url"] = $"http://my.exotel.com/{options.Value.AccountSid}/exoml/start_voice/{options.Value.FlowId}";
        body["sms_url"] = null;
        return new ExotelResult(body);
    }

    private static IResult Health(HttpContext http, string sid, ExoPhones own, TimeProvider clock)
    {
        if (own.Find(sid) is not { } phone)
            return RestException.Of(http, StatusCodes.Status404NotFound, RestException.NotFound);
        var checkedAt = IndianTime.Local(clock.GetUtcNow()).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
        JsonObject Line(string status) => new() { ["status"] = status, ["last_check_time"] = checkedAt };
        var body = Body(phone);
        body["connectivity"] = new JsonObject { ["incoming_call"] = Line(ExoPhones.Active), ["outgoing_call"] = Line(own.OutgoingStatus(phone)) };
        body["alternate_exophone"] = null;
        return new ExotelResult(body);
    }

    private static JsonObject Body(ExoPhone phone) => new()
    {
        ["sid"] = phone.Sid,
        ["phone_number"] = phone.Number,
        ["friendly_name"] = PhoneNumbers.Display(phone.Number),
        ["capabilities"] = new JsonObject { ["voice"] = true, ["sms"] = false },
        ["country"] = "IN",
        ["region"] = phone.Region,
    };
}
