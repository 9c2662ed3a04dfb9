using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Outdial.Contracts;
using Outdial.Platform;

namespace Outdial.AgentRouter.Tests.Nodes;

/// <summary>One request of the provider, as it is on the wire. Its content is of the time when it was made, whenever it is sent.</summary>
/// <param name="Path">With the query.</param>
/// <param name="Form">Null: a GET.</param>
internal sealed record RawCallback(AgentLine Line, string Path, Dictionary<string, string>? Form)
{
    public async Task Send()
    {
        using var request = new HttpRequestMessage(Form is null ? HttpMethod.Get : HttpMethod.Post, new Uri(Path, UriKind.Relative));
        if (Form is not null)
            request.Content = new FormUrlEncodedContent(Form);
        using var answer = await Line.Provider.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}

/// <summary>What the provider sends about an agent's line, with the fields and the oddities of the published samples.</summary>
internal static class RawCallbacks
{
    private const string ExoPhone = "07314853246";
    private static readonly CultureInfo Plain = CultureInfo.InvariantCulture;

    /// <param name="stage">One of <see cref="PopupStages"/>: dial, answered or terminal.</param>
    /// <param name="number">Whose phone it is about, E.164.</param>
    public static RawCallback RawPopup(this AgentLine line, string stage, string number) => line.Get("popup", new()
    {
        ["CallSid"] = line.CallSid,
        ["CallFrom"] = Display(line.Phone),
        ["CallTo"] = ExoPhone,
        ["Direction"] = "outbound-dial",
        ["Created"] = Long(line),
        ["From"] = Display(line.Phone),
        ["To"] = ExoPhone,
        ["CurrentTime"] = Short(line),
        ["DialWhomNumber"] = Display(number),
        ["Status"] = stage == PopupStages.Terminal ? "free" : "busy",
        ["Event Type"] = stage switch { PopupStages.Dial => " Dial", PopupStages.Answered => "Answered", _ => "Terminal" },
    });

    /// <summary>The Passthru behind Connect.</summary>
    /// <param name="outcome">Completed, NoAnswer or Busy.</param>
    public static RawCallback RawDialed(this AgentLine line, string number, string outcome)
    {
        var (type, status, talk, cause, name) = outcome switch
        {
            Outcomes.Completed => ("completed", "completed", "2", "16", "NORMAL_CLEARING"),
            Outcomes.Busy => ("incomplete", "busy", "0", "17", "USER_BUSY"),
            _ => ("incomplete", "no-answer", "0", "1003", "RING_TIMEOUT"),
        };
        return line.Get("dialed", new()
        {
            ["CallFrom"] = Display(line.Phone),
            ["CallSid"] = line.CallSid,
            ["CallTo"] = ExoPhone,
            ["CallType"] = type,
            ["Created"] = Long(line),
            ["CurrentTime"] = Short(line),
            ["DialCallDuration"] = "4",
            ["DialCallStatus"] = status,
            ["DialWhomNumber"] = Display(number),
            ["Direction"] = "incoming",
            ["EndTime"] = "1970-01-01 05:30:00",
            ["ForwardedFrom"] = "null",
            ["From"] = Display(line.Phone),
            ["Legs[0][Number]"] = Display(number),
            ["Legs[0][Type]"] = "single",
            ["Legs[0][OnCallDuration]"] = talk,
            ["Legs[0][CauseCode]"] = name,
            ["Legs[0][Cause]"] = cause,
            ["OutgoingPhoneNumber"] = ExoPhone,
            ["ProcessStatus"] = "null",
            ["StartTime"] = Short(line),
            ["To"] = ExoPhone,
            ["flow_id"] = "383431",
            ["tenant_id"] = "53926",
        });
    }

    /// <summary>The status callback of the line itself: the agent had picked up, and the line is over.</summary>
    public static RawCallback RawEnd(this AgentLine line) => new(line, line.Webhook("line", line.LineId), new()
    {
        ["CallSid"] = line.CallSid,
        ["Status"] = "completed",
        ["RecordingUrl"] = "null",
        ["DateUpdated"] = Short(line),
    });

    private static RawCallback Get(this AgentLine line, string kind, Dictionary<string, string> fields) => new(
        line, line.Webhook(kind, null) + "?" + string.Join('&', fields.Select(f => $"{Uri.EscapeDataString(f.Key)}={Uri.EscapeDataString(f.Value)}")), null);

    private static string Webhook(this AgentLine line, string kind, Guid? about)
    {
        var claims = new CallbackClaims(
            CallbackPurposes.OfWebhook(kind).First(), about ?? Guid.CreateVersion7(), "default", line.Node.Time.GetUtcNow() + TimeSpan.FromDays(1));
        return $"/webhooks/exotel/{line.Node.Services.GetRequiredService<CallbackTokens>().Issue(claims)}/{kind}";
    }

    private static string Display(string number) => "0" + number[3..];
    private static string Short(AgentLine line) => Now(line).ToString("yyyy-MM-dd HH:mm:ss", Plain);
    private static string Long(AgentLine line) => Now(line).ToString("ddd, dd MMM yyyy HH:mm:ss", Plain);
    private static DateTimeOffset Now(AgentLine line) => line.Node.Time.GetUtcNow().ToOffset(AgentLine.India);
}
