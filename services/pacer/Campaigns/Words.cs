namespace Outdial.Pacer.Campaigns;

/// <summary>Counts in sentences.</summary>
internal static class Words
{
    public static string Leads(int count) => count == 1 ? "1 lead" : $"{count} leads";
}
