using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Outdial.Platform.OpenApi;

/// <summary>What the sources say of a type or a field, from the file of comments beside its assembly; null where there is none.</summary>
internal static partial class WrittenSummaries
{
    private static readonly ConcurrentDictionary<Assembly, Dictionary<string, XElement>> Files = [];

    public static string? Of(Type type) => Text(Find(type, $"T:{NameOf(type)}")?.Element("summary"));

    public static string? Of(JsonPropertyInfo field)
    {
        if (field.AttributeProvider is not PropertyInfo { DeclaringType: { } owner } property)
            return null;
        // A record's parameter is described with the record.
        return Text(Find(owner, $"P:{NameOf(owner)}.{property.Name}")?.Element("summary"))
            ?? Text(Find(owner, $"T:{NameOf(owner)}")?.Elements("param").FirstOrDefault(each => (string?)each.Attribute("name") == property.Name));
    }

    private static XElement? Find(Type type, string member) => Files.GetOrAdd(type.Assembly, Read).GetValueOrDefault(member);

    private static Dictionary<string, XElement> Read(Assembly assembly)
    {
        var file = Path.ChangeExtension(assembly.Location, ".xml");
        return assembly.Location.Length == 0 || !File.Exists(file) || assembly.GetName().Name?.StartsWith("Outdial", StringComparison.Ordinal) != true
            ? []
            : XDocument.Load(file).Descendants("member").ToDictionary(member => (string)member.Attribute("name")!);
    }

    private static string NameOf(Type type) =>
        (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName!.Replace('+', '.');

    private static string? Text(XElement? written)
    {
        if (written is null)
            return null;
        var text = string.Concat(written.Nodes().Select(Shown));
        return Blanks().Replace(text, " ").Trim() is { Length: > 0 } said ? said : null;
    }

    // <see cref="P:Outdial.Pacer.X.CampaignId"/> is the field campaignId to whoever reads the description.
    private static string Shown(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" } see => (string?)see.Attribute("langword") ?? LastOf((string?)see.Attribute("cref") ?? ""),
        XElement element => string.Concat(element.Nodes().Select(Shown)),
        _ => "",
    };

    private static string LastOf(string cref)
    {
        var name = cref.Split('(')[0].Split('.')[^1];
        return cref.StartsWith("P:", StringComparison.Ordinal) && name.Length > 0 ? char.ToLowerInvariant(name[0]) + name[1..] : name;
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
