using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text.RegularExpressions;
using PhoneNumbers;
using Number = PhoneNumbers.PhoneNumber;

namespace Outdial.Providers;

/// <summary>
/// Reads telephone numbers as people and spreadsheets write them and turns them into E.164, for all countries that
/// libphonenumber knows, and tells what is known of a number: its country, its kind, the time zones it may be in.
/// </summary>
/// <remarks>
/// A number is read when it is valid by its country's plan, or possible: as many digits, and the first of them, as a telephone of
/// that country has. Fictional ranges and those that were opened lately are possible and not valid. Thread safe.
/// </remarks>
public static class PhoneNumber
{
    private const int LongestText = 64;

    internal static readonly PhoneNumberUtil Util = PhoneNumberUtil.GetInstance();

    /// <summary>
    /// Regions under +1 that are no call abroad from the United States or Canada. The others look the same and are billed as international.
    /// </summary>
    private static readonly FrozenSet<string> Domestic =
        new[] { "US", "CA", "AS", "GU", "MP", "PR", "VI" }.ToFrozenSet();

    /// <summary>
    /// Beginnings of companies' numbers that reach a telephone at the price of any other, by their country's rules. Of the other numbers of this
    /// kind some cost the caller more, and some are nobody's telephone.
    /// </summary>
    private static readonly FrozenDictionary<string, string[]> OrdinaryCompanies = new Dictionary<string, string[]>
    {
        ["CH"] = ["51", "58"],
        ["FR"] = ["806", "807", "808", "809"],
        ["GB"] = ["3"],
        ["GG"] = ["3"],
        ["IE"] = ["818"],
        ["IM"] = ["3"],
        ["JE"] = ["3"],
        ["NL"] = ["88"],
        ["RO"] = ["37"],
        ["SE"] = ["10"],
    }.ToFrozenDictionary();

    private static readonly ConcurrentDictionary<string, string> Examples = new();
    private static readonly ConcurrentDictionary<string, Regex> Plans = new();

    /// <summary>The regions that are understood, as ISO 3166 codes.</summary>
    public static IReadOnlySet<string> Regions { get; } = Util.GetSupportedRegions();

    /// <summary>What a person should have written where nothing tells in which country a number is.</summary>
    public const string ExpectedAbroad = "a telephone number with + and the code of its country, such as +918123456789";

    /// <summary>What a person should have written for a region.</summary>
    public const string ExpectedRegion = "a country as ISO 3166 writes it, such as IN, US or GB";

    /// <summary>Reads a number, whatever may be done with it.</summary>
    /// <param name="text">As written: <c>098765 43210</c>, <c>+91-98765-43210</c>, <c>0091 (0)98765.43210</c>, <c>tel:+912212345678</c>.</param>
    /// <param name="defaultRegion">The region of a number without country code, one of <see cref="Regions"/>; null: such a number is not
    /// read.</param>
    /// <param name="e164">The number as <c>+</c> and digits; empty when false is returned.</param>
    /// <param name="expected">What a readable number looks like, for the person who has to correct it; empty when true is returned.</param>
    /// <exception cref="ArgumentException"><paramref name="defaultRegion"/> is not one of <see cref="Regions"/>.</exception>
    public static bool TryParse(string? text, string? defaultRegion, out string e164, out string expected)
    {
        var found = Read(text, defaultRegion, out expected);
        e164 = found is null ? "" : Util.Format(found, PhoneNumberFormat.E164);
        return found is not null;
    }

    /// <summary>
    /// As <see cref="TryParse"/>, for a number that is to be called: not one that costs the caller more than it seems, and not one that is
    /// nobody's telephone.
    /// </summary>
    public static bool TryParseCallee(string? text, string? defaultRegion, out string e164, out string expected)
    {
        var found = Read(text, defaultRegion, out expected);
        if (found is not null && WhyNotCalled(found, defaultRegion) is { } why)
            (found, expected) = (null, why);
        e164 = found is null ? "" : Util.Format(found, PhoneNumberFormat.E164);
        return found is not null;
    }

    /// <summary>
    /// Of a number that was taken once, what it would have to be if nobody is to call it: it is nobody's telephone, or costs more than it seems,
    /// also from its own country. Null: it may be called, or is not E.164.
    /// </summary>
    public static string? WhyNotCalled(string? e164) =>
        OfE164(e164) is { } number && Region(number) is { } region ? WhyNotCalled(number, region) : null;

    /// <summary>The country of the number, as an ISO 3166 code; null when it has none or is not E.164.</summary>
    public static string? Region(string? e164) => OfE164(e164) is { } number ? Region(number) : null;

    /// <summary>
    /// What kind of telephone the number's range is for, in words; null where the plan does not tell, as with a number that is possible and
    /// not valid.
    /// </summary>
    /// <remarks>In North America fixed and mobile numbers cannot be told apart.</remarks>
    public static string? Kind(string? e164) => OfE164(e164) is not { } number ? null
        : CallersSeries(number) is { } series ? $"commercial calls ({series})" : Word(Util.GetNumberType(number));

    /// <summary>Whether the number is of a range that its country's plan has given out; false for one that is only possible.</summary>
    public static bool IsValid(string? e164) => OfE164(e164) is { } number && Util.IsValidNumber(number);

    /// <summary>
    /// The IANA zones that the number may be in, all of them: of a number that is tied to an area those of the whole area, of any other those of
    /// its country. Empty when nothing is known. A mobile's holder may have moved: the upload's own column is better.
    /// </summary>
    public static IReadOnlyList<string> TimeZones(string? e164) => OfE164(e164) is { } number ? NumberZones.Of(number) : [];

    /// <summary>Whether the number is one of those under the calling code of a region; false when it is not E.164.</summary>
    internal static bool IsUnder(string? e164, string region) =>
        OfE164(e164) is { } number && number.CountryCode == Util.GetCountryCodeForRegion(region);

    private static Number? Read(string? text, string? defaultRegion, out string expected)
    {
        if (defaultRegion is not null && !Regions.Contains(defaultRegion))
            throw new ArgumentException($"Region '{defaultRegion}' is not {ExpectedRegion}.", nameof(defaultRegion));

        expected = defaultRegion is null ? ExpectedAbroad : Expectation(defaultRegion);
        if (text is { Length: > 4 * LongestText })
            return null;
        var digits = WrittenNumber.Plain(text);
        if (WrittenNumber.HasExtension(digits))
            expected += ", without an extension";
        if (WrittenNumber.IsRounded(digits))
        {
            expected += $"; in scientific notation, {digits}, its last digits are lost: give the column the format text, or 0, and save it again";
            return null;
        }
        // The library reads letters as the keys of a telephone, so that a name behind a short number would become somebody else's number.
        if (digits.Length is 0 or > LongestText || digits.Any(char.IsLetter))
            return null;
        if (WrittenNumber.WithoutDecimals(digits) is { } whole)
            return ReadAmount(digits, whole, defaultRegion, out expected);
        var number = Parse(digits, defaultRegion, ref expected);
        if (number is not null)
            return number;
        // Dialed from one country or another, such a number is the same one; where the region's own plan has it, it was read as that above.
        foreach (var abroad in WrittenNumber.Abroad(digits))
        {
            var ignored = "";
            if (Parse(abroad, null, ref ignored) is { } found)
            {
                expected = "";
                return found;
            }
        }
        return null;
    }

    /// <summary>
    /// A program took the column for amounts: the decimals are none of the number's digits. Where the country has numbers that are so much longer
    /// they may be.
    /// </summary>
    private static Number? ReadAmount(string written, string whole, string? defaultRegion, out string expected)
    {
        var (found, longer, ignored) = (Read(whole, defaultRegion, out expected), (Number?)null, "");
        if (found is not null)
            longer = Parse(written, defaultRegion, ref ignored);
        if (found is null || longer is null || (Util.IsValidNumber(found) && !Util.IsValidNumber(longer)))
            return found;
        expected = $"{Expectation(Region(longer)!)}, without decimals";
        return null;
    }

    private static Number? Parse(string digits, string? defaultRegion, ref string expected)
    {
        Number number;
        try
        {
            number = Util.Parse(digits, defaultRegion);
        }
        catch (NumberParseException e)
        {
            if (e.ErrorType == ErrorType.INVALID_COUNTRY_CODE && defaultRegion is not null)
                expected = $"a country code that exists, or {expected}";
            return null;
        }

        if (Region(number) is not { } region)
        {
            expected = $"the country code of a country, or {expected}";
            return null;
        }
        expected = Expectation(region);
        if (number.HasExtension)
            expected += ", without an extension";
        else if (Util.IsValidNumber(number) || IsPossible(number, region, ref expected))
            expected = "";
        return expected.Length == 0 ? number : null;
    }

    /// <summary>
    /// As long as a telephone's number there, begun as one, and neither a short number nor one that an exchange would connect to an emergency
    /// service.
    /// </summary>
    private static bool IsPossible(Number number, string region, ref string expected)
    {
        var length = Util.IsPossibleNumberForTypeWithReason(number, PhoneNumberType.FIXED_LINE_OR_MOBILE);
        expected += length switch
        {
            PhoneNumberUtil.ValidationResult.TOO_SHORT or PhoneNumberUtil.ValidationResult.IS_POSSIBLE_LOCAL_ONLY => "; this one is too short",
            PhoneNumberUtil.ValidationResult.TOO_LONG => "; this one is too long",
            _ => "",
        };
        var national = Util.GetNationalSignificantNumber(number);
        return length == PhoneNumberUtil.ValidationResult.IS_POSSIBLE
            && Plans.GetOrAdd(region, Plan).IsMatch(national)
            && !ShortNumberInfo.GetInstance().ConnectsToEmergencyNumber(national, region)
            && !ShortNumberInfo.GetInstance().IsValidShortNumberForRegion(number, region);   // help lines, voicemail, the time
    }

    private static Regex Plan(string region) =>
        new($"^(?:{Util.GetMetadataForRegion(region).GeneralDesc.NationalNumberPattern})$", RegexOptions.CultureInvariant);

    private static string? WhyNotCalled(Number number, string? defaultRegion)
    {
        var region = Region(number)!;
        if (number.CountryCode == 1 && !Domestic.Contains(region) && region != defaultRegion)
        {
            return "a number of the United States or Canada; "
                + $"this one is of {region} and billed as international: with {region} as its region it is taken";
        }

        if (CallersSeries(number) is { } series)
            return $"{Expectation(region)}; this one is of the series {series}, from which companies call: nobody is to be called there";
        return Util.GetNumberType(number) switch
        {
            PhoneNumberType.PREMIUM_RATE => $"{Expectation(region)}; this one is a premium-rate number, for which the caller pays more",
            PhoneNumberType.SHARED_COST => $"{Expectation(region)}; this one is a shared-cost number, for which the caller pays more",
            PhoneNumberType.UAN when !IsOrdinary(number, region) =>
                $"{Expectation(region)}; this one is a universal access number of a company, for which the caller may pay more",
            PhoneNumberType.TOLL_FREE => $"{Expectation(region)}; this one is a toll-free number, which is nobody's telephone",
            PhoneNumberType.PERSONAL_NUMBER => $"{Expectation(region)}; this one is a personal number, for which the caller pays more",
            var type and (PhoneNumberType.PAGER or PhoneNumberType.VOICEMAIL) =>
                $"{Expectation(region)}; this one is a {Word(type)} number, which is nobody's telephone",
            _ => null,
        };
    }

    /// <summary>
    /// India's series 140 (promotion) and 160 (service, transactions: 1600, 1601): from these companies call, and nobody has a telephone there. The
    /// library takes the second for mobiles. Null: it is of none.
    /// </summary>
    private static string? CallersSeries(Number number) =>
        number.CountryCode != 91 || Util.GetNationalSignificantNumber(number) is not { Length: 10 } digits ? null
        : digits.StartsWith("140", StringComparison.Ordinal) ? "140"
        : digits.StartsWith("160", StringComparison.Ordinal) ? digits[..4]
        : null;

    private static bool IsOrdinary(Number number, string region) =>
        OrdinaryCompanies.TryGetValue(region, out var beginnings)
        && Array.Exists(beginnings, begin => Util.GetNationalSignificantNumber(number).StartsWith(begin, StringComparison.Ordinal));

    private static string? Region(Number number) =>
        (Util.GetRegionCodeForNumber(number) ?? Util.GetRegionCodeForCountryCode(number.CountryCode)) is { } region && Regions.Contains(region)
            ? region : null;

    private static Number? OfE164(string? e164)
    {
        if (e164 is not ['+', ..] || e164.Length > LongestText || e164.AsSpan(1).ContainsAnyExceptInRange('0', '9'))
            return null;
        try
        {
            return Util.Parse(e164, null);
        }
        catch (NumberParseException)
        {
            return null;
        }
    }

    private static string? Word(PhoneNumberType type) => type switch
    {
        PhoneNumberType.FIXED_LINE => "fixed",
        PhoneNumberType.MOBILE => "mobile",
        PhoneNumberType.FIXED_LINE_OR_MOBILE => "fixed or mobile",
        PhoneNumberType.TOLL_FREE => "toll-free",
        PhoneNumberType.PREMIUM_RATE => "premium-rate",
        PhoneNumberType.SHARED_COST => "shared-cost",
        PhoneNumberType.PERSONAL_NUMBER => "personal",
        PhoneNumberType.VOIP => "VoIP",
        PhoneNumberType.PAGER => "pager",
        PhoneNumberType.UAN => "universal access",
        PhoneNumberType.VOICEMAIL => "voicemail",
        _ => null,
    };

    private static string Expectation(string region) => Examples.GetOrAdd(region, static region =>
    {
        var example = Util.GetExampleNumberForType(region, PhoneNumberType.MOBILE) ?? Util.GetExampleNumber(region);
        var (national, e164) = (Util.Format(example, PhoneNumberFormat.NATIONAL), Util.Format(example, PhoneNumberFormat.E164));
        return $"a telephone number of {region}, such as {national} or {e164}";
    });
}
