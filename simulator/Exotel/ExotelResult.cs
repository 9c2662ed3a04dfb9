using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;

namespace Outdial.Simulator;

/// <summary>
/// A reply in the form the path asks for: JSON where it ends in <c>.json</c> (and under v2), else XML with the root
/// <c>TwilioResponse</c>, where an unknown value is an empty element.
/// </summary>
public sealed class ExotelResult(JsonObject body, int status = StatusCodes.Status200OK) : IResult
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var json = WantsJson(httpContext.Request.Path);
        var bytes = json ? Encoding.UTF8.GetBytes(body.ToJsonString(Relaxed)) : Xml(body);
        httpContext.Response.StatusCode = status;
        httpContext.Response.ContentType = json ? "application/json" : "application/xml";
        httpContext.Response.ContentLength = bytes.Length;
        await httpContext.Response.Body.WriteAsync(bytes, httpContext.RequestAborted);
    }

    public static bool WantsJson(PathString path) =>
        path.Value!.EndsWith(".json", StringComparison.Ordinal) || path.StartsWithSegments("/v2", StringComparison.OrdinalIgnoreCase)
            || path.StartsWithSegments("/v2_beta", StringComparison.OrdinalIgnoreCase);

    private static byte[] Xml(JsonObject body)
    {
        using var stream = new MemoryStream();
        using (var xml = XmlWriter.Create(stream, new XmlWriterSettings { Encoding = new UTF8Encoding(false) }))
        {
            xml.WriteStartElement("TwilioResponse");
            WriteMembers(xml, body);
            xml.WriteEndElement();
        }
        return stream.ToArray();
    }

    private static void WriteMembers(XmlWriter xml, JsonObject members)
    {
        foreach (var (name, value) in members)
        {
            xml.WriteStartElement(name);
            Write(xml, value);
            if (name == "Call" && value is JsonObject call && call["Uri"]?.ToString() is { } uri)
            {
                xml.WriteStartElement("SubResourceUris");
                xml.WriteElementString("Legs", uri.Replace(".json", "", StringComparison.Ordinal) + "/Legs");
                xml.WriteEndElement();
            }
            xml.WriteEndElement();
        }
    }

    private static void Write(XmlWriter xml, JsonNode? value)
    {
        switch (value)
        {
            case null:
                break;
            case JsonObject members:
                WriteMembers(xml, members);
                break;
            case JsonArray items:
                foreach (var item in items)
                    Write(xml, item);
                break;
            default:
                xml.WriteString(value.ToString());
                break;
        }
    }
}
