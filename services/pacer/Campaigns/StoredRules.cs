using System.Text.Json;

namespace Outdial.Pacer.Campaigns;

/// <summary>A campaign's rules as its row holds them, which processes of the version before read and write, too.</summary>
internal static class StoredRules
{
    /// <summary>As version 0.1 calls <see cref="CampaignRules.KeepOpen"/>.</summary>
    private const string StaysOpen = "staysOpen";

    public static string Write(CampaignRules rules)
    {
        var json = JsonSerializer.SerializeToNode(rules, JsonSerializerOptions.Web)!;
        json[StaysOpen] = rules.KeepOpen;
        return json.ToJsonString();
    }

    public static CampaignRules Read(string json)
    {
        var rules = JsonSerializer.Deserialize<CampaignRules>(json, JsonSerializerOptions.Web)!.Bounded();
        // What the version before changed says it by its own word alone; the database writes a blank behind each colon.
        return json.Contains($"\"{StaysOpen}\": true", StringComparison.Ordinal) ? rules with { KeepOpen = true }
            : json.Contains($"\"{StaysOpen}\": false", StringComparison.Ordinal) ? rules with { KeepOpen = false }
            : rules;
    }
}
