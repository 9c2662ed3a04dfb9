using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Outdial.LocalServers;

namespace Outdial.Gateway.Tests.Documents;

/// <summary><c>docs/configuration.md</c>, against the classes that settings are read into.</summary>
public sealed partial class ConfigurationTests
{
    /// <summary>What is read into classes of its own, and not by BindConfiguration.</summary>
    private static readonly (string Section, string[] Types)[] Accounts =
    [
        ("Accounts:{name}", ["ExotelAccount", "PortaSwitchAccount", "AccountBudget"]),
        ("Accounts:{name}:Fields", ["PortaSwitchFields"]),
        ("Accounts:{name}:Webhooks", ["ProviderAccessRule"]),
    ];

    /// <summary>The accounts' defaults that differ from provider to provider; the document has both in words.</summary>
    private static readonly string[] ByProvider = ["Provider", "BaseAddress", "TimeZone"];

    private static readonly Lazy<Dictionary<string, string>> Document = new(() =>
        (from row in Row().Matches(File.ReadAllText(Checkout.At("docs", "configuration.md")))
         from name in Quoted().Matches(row.Groups[1].Value)
         where !name.Value.Contains('…', StringComparison.Ordinal)
         select (Name: name.Groups[1].Value, Default: row.Groups[2].Value.Trim(' ', '`')))
        .GroupBy(row => row.Name).ToDictionary(rows => rows.Key, rows => rows.Last().Default));

    [Fact]
    public void Every_setting_is_in_the_document_with_its_default()
    {
        var wrong = new List<string>();
        foreach (var (setting, standard) in All())
        {
            if (!Document.Value.TryGetValue(setting, out var told))
                wrong.Add($"{setting} is missing");
            else if (standard is not null && told != standard)
                wrong.Add($"{setting} is '{told}' and should be '{standard}'");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void No_setting_is_in_the_document_that_nothing_reads()
    {
        var sections = All().Select(setting => setting.Name[..setting.Name.LastIndexOf(':')]).ToHashSet();
        var known = All().Select(setting => setting.Name).ToHashSet();

        // What has no class is read by its name.
        var code = string.Join('\n', Sources.All());
        var read = Document.Value.Keys.Where(name => name.Contains(':', StringComparison.Ordinal))
            .Select(name => (Name: name, Section: name[..name.LastIndexOf(':')], Key: name[(name.LastIndexOf(':') + 1)..]))
            .Where(setting => sections.Contains(setting.Section) && !known.Contains(setting.Name)).ToList();
        Assert.All(read, setting => Assert.Contains($"\"{setting.Key}\"", code, StringComparison.Ordinal));
    }

    private static IEnumerable<(string Name, string? Default)> All()
    {
        var bound = Sources.All().SelectMany(source => Bound().Matches(source))
            .Select(match => (Type: match.Groups[1].Value, Section: match.Groups[2].Value)).Distinct().ToList();
        Assert.True(bound.Count > 15, $"{bound.Count} sections are found");
        foreach (var (name, section) in bound)
        {
            var type = TypeOf(name);
            var text = section.StartsWith('"') ? section.Trim('"') : (string)type.GetField(section.Split('.')[1])!.GetRawConstantValue()!;
            foreach (var setting in Of(text, type))
                yield return setting;
        }
        foreach (var (section, types) in Accounts)
            foreach (var setting in types.SelectMany(type => Of(section, TypeOf(type))))
                yield return ByProvider.Contains(setting.Name.Split(':')[^1]) ? setting with { Default = null } : setting;
    }

    private static IEnumerable<(string Name, string? Default)> Of(string section, Type type)
    {
        var options = Activator.CreateInstance(type, nonPublic: true)!;
        foreach (var property in type.GetProperties().Where(property => property.CanWrite || typeof(IList).IsAssignableFrom(property.PropertyType)))
        {
            var value = property.GetValue(options);
            var name = $"{section}:{property.Name}";
            if (name is "Identity:Believe" or "Accounts:{name}:Fields")   // not a setting; a section of its own
                continue;
            if (value is not string && property.PropertyType is { IsClass: true, Namespace: "Outdial.Gateway" })
            {
                foreach (var inner in Of(name, property.PropertyType))
                    yield return inner;
            }
            else
            {
                yield return (name, Words(value));
            }
        }
    }

    private static string Words(object? value) => value switch
    {
        null or "" or IEnumerable and not string => "—",
        bool flag => flag ? "true" : "false",
        TimeSpan time => Units(time),
        string path when path.Contains('/', StringComparison.Ordinal) || path.Contains('\\', StringComparison.Ordinal) => path.Replace('\\', '/'),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private static string Units(TimeSpan time) => time switch
    {
        { Ticks: 0 } => "0",
        _ when time.Ticks % TimeSpan.TicksPerDay == 0 => $"{time.TotalDays:0} d",
        _ when time.Ticks % TimeSpan.TicksPerHour == 0 => $"{time.TotalHours:0} h",
        _ when time.Ticks % TimeSpan.TicksPerMinute == 0 => $"{time.TotalMinutes:0} min",
        _ when time < TimeSpan.FromSeconds(1) => $"{time.TotalMilliseconds:0} ms",
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s"),
    };

    private static Type TypeOf(string name) => s_types.Value[name].Single();

    private static readonly Lazy<ILookup<string, Type>> s_types = new(() =>
        Directory.EnumerateFiles(AppContext.BaseDirectory, "Outdial.*.dll").Select(file => Assembly.Load(AssemblyName.GetAssemblyName(file)))
            .SelectMany(assembly => assembly.GetTypes()).Where(type => type is { IsNested: false, IsAbstract: false }).ToLookup(type => type.Name));

    [GeneratedRegex(@"AddOptions<(\w+)>\(\)\s*\.BindConfiguration\(([^)]+)\)")]
    private static partial Regex Bound();

    [GeneratedRegex(@"^\| (`[^|]+) \| ([^|]+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}
