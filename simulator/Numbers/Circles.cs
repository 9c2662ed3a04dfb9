namespace Outdial.Simulator;

/// <summary>The 23 telecom circles of the Number Metadata reference, by code.</summary>
public static class Circles
{
    public static readonly IReadOnlyDictionary<string, string> Names = new Dictionary<string, string>
    {
        ["AP"] = "Andhra Pradesh Telecom Circle",
        ["AS"] = "Assam Telecom Circle",
        ["BR"] = "Bihar & Jharkhand Telecom Circle",
        ["CH"] = "Chennai Metro Telecom Circle (includes MEPZ, Mahabalipuram and Minjur)",
        ["DL"] = "Delhi Metro Telecom Circle (includes NCR, Faridabad, Ghaziabad, Gurgaon & Noida)",
        ["GJ"] = "Gujarat Telecom Circle (includes Daman & Diu, Dadra & Nagar Haveli)",
        ["HP"] = "Himachal Pradesh Telecom Circle",
        ["HR"] = "Haryana Telecom Circle (excludes Faridabad, Gurgaon & Panchkula)",
        ["JK"] = "Jammu & Kashmir Telecom Circle",
        ["KA"] = "Karnataka Telecom Circle",
        ["KL"] = "Kerala Telecom Circle (includes Lakshadweep)",
        ["KO"] = "Kolkata Metro Telecom Circle (includes parts of Haora, Hooghly, North & South 24 Parganas and Nadia Districts)",
        ["MH"] = "Maharashtra Telecom Circle (includes Goa but excludes Mumbai, Navi Mumbai & Kalyan)",
        ["MP"] = "Madhya Pradesh & Chhattisgarh Telecom Circle",
        ["MU"] = "Mumbai Metro Telecom Circle (includes Navi Mumbai & Kalyan)",
        ["NE"] = "North East India Telecom Circle (includes Arunachal Pradesh, Meghalaya, Mizoram, Nagaland, Manipur & Tripura)",
        ["OR"] = "Orissa Telecom Circle",
        ["PB"] = "Punjab Telecom Circle (includes Chandigarh & Panchkula)",
        ["RJ"] = "Rajasthan Telecom Circle",
        ["TN"] = "Tamil Nadu Telecom Circle (excludes Chennai, MEPZ, Mahabalipuram & Minjur)",
        ["UE"] = "Uttar Pradesh (East) Telecom Circle",
        ["UW"] = "Uttar Pradesh (West) & Uttarakhand Telecom Circle",
        ["WB"] = "West Bengal Telecom Circle (includes Andaman & Nicobar, Sikkim, excludes Calcutta)",
    };

    /// <summary>
    /// Mobile numbers: the circle by the third and fourth of the ten digits, in the manner of the old 98xx series
    /// (9820 is Mumbai, 9825 Gujarat). One row per third digit; the fourth picks the column.
    /// </summary>
    private static readonly string[] MobileTable =
    [
        "HR UE UW BR OR WB AS NE JK HP",   // 00-09
        "DL DL HR DL PB PB HP UW DL JK",   // 10-19
        "MU MU MH MH GJ GJ MP MP RJ RJ",   // 20-29
        "KO KO WB MU MH BR KO UW UE UE",   // 30-39
        "CH CH TN TN KA KA KL KL AP AP",   // 40-49
        "MH WB RJ KA AS PB NE HP JK AP",   // 50-59
        "MH OR NE NE AS TN AP MU BR KL",   // 60-69
        "BR DL PB HR RJ TN MP KO GJ JK",   // 70-79
        "KA WB OR KL CH AS MP HP UE AP",   // 80-89
        "MH NE UW PB TN OR KA GJ HR WB",   // 90-99
    ];

    /// <summary>Landlines: the circle by the STD code, the longest match first.</summary>
    private static readonly (string Std, string Circle)[] LandlineTable =
    [
        ("120", "UW"), ("121", "UW"), ("124", "HR"), ("135", "UW"), ("141", "RJ"), ("161", "PB"), ("172", "PB"), ("177", "HP"),
        ("191", "JK"), ("194", "JK"), ("253", "MH"), ("261", "GJ"), ("265", "GJ"), ("353", "WB"), ("361", "AS"), ("364", "NE"),
        ("381", "NE"), ("422", "TN"), ("452", "TN"), ("471", "KL"), ("484", "KL"), ("512", "UE"), ("522", "UE"), ("612", "BR"),
        ("651", "BR"), ("671", "OR"), ("674", "OR"), ("712", "MH"), ("731", "MP"), ("755", "MP"), ("821", "KA"), ("866", "AP"),
        ("891", "AP"), ("11", "DL"), ("20", "MH"), ("22", "MU"), ("33", "KO"), ("40", "AP"), ("44", "CH"), ("79", "GJ"), ("80", "KA"),
    ];

    /// <param name="digits">The ten digits after +91.</param>
    /// <returns>The circle and whether it is a landline; null when no circle has such a number.</returns>
    public static (string Circle, bool Landline)? Of(string digits)
    {
        // 79 and 80 are both STD codes and beginnings of mobile numbers; local landline numbers there start with 2, 3, 4 or 6.
        var landline = digits[0] is >= '1' and <= '5' || ((digits[..2] is "79" or "80") && (digits[2] is '2' or '3' or '4' or '6'));
        if (!landline && digits[0] is >= '6' and <= '9')
        {
            var row = MobileTable[digits[2] - '0'];
            var column = (digits[3] - '0') * 3;
            return (row.Substring(column, 2), false);
        }
        foreach (var (std, circle) in LandlineTable)
            if (digits.StartsWith(std, StringComparison.Ordinal))
                return (circle, true);
        return null;
    }
}
