using System.Collections.Frozen;
using System.Text;

namespace Outdial.Pacer.Leads.Import;

/// <summary>Tells by a column's name what is in it, as spreadsheets, dialers, customer databases and address books write it.</summary>
internal static class ColumnNames
{
    /// <summary>Where a list has none but these the number is a telephone's; beside others it may be a house's.</summary>
    private static readonly FrozenSet<string> Weak = Set("number numbers");

    /// <summary>Before all others, in this order.</summary>
    private static readonly string[] Plain = ["phone", "phonenumber", "mobile", "mobilenumber", "msisdn", "telephone"];

    private static readonly FrozenSet<string> Phone = Set(
        "phone phones telephone tel mobile mob cell cellphone cellular msisdn phonenumber mobilenumber phoneno mobileno "
        + "mobilephone homephone handphone landline whatsapp gsm ph telno telephonenumber telefon telefono teléfono telefonnummer celular movil "
        + "móvil handy handynummer");

    private static readonly FrozenSet<string> Mobile = Set(
        "mobile mob cell cellphone cellular mobilenumber mobileno mobilephone handphone gsm celular movil móvil handy handynummer");

    private static readonly FrozenSet<string> First = Set("primary main default preferred");
    private static readonly FrozenSet<string> Home = Set("home homephone personal private residence residential res evening");
    private static readonly FrozenSet<string> Work = Set("business work office direct daytime day");
    private static readonly FrozenSet<string> Other = Set("other alt alternate alternative secondary whatsapp additional");
    private static readonly FrozenSet<string> Firm = Set("company corporate organization organisation");

    private static readonly FrozenSet<string> Around = Set(
        "number numbers no nos num nr value e164 contact person customer client lead user member subscriber");

    private static readonly FrozenSet<string> Code = Set("code calling dial dialing dialling isd idd std prefix intl international access");
    private static readonly FrozenSet<string> CountryWords = Set("country countries ctry nation");
    private static readonly FrozenSet<string> CountryForms = Set("code region name iso iso2 iso3 alpha alpha2 alpha3 abbreviation of");

    private static readonly FrozenSet<string> Address = Set(
        "mailing billing shipping home business work office other address postal post street permanent residence residential company person contact "
        + "customer client lead primary location site delivery legal registered current company corporate");

    /// <summary>What a column with this name holds.</summary>
    public static ColumnRole RoleOf(string name)
    {
        switch (Key(name))
        {
            case "priority":
                return ColumnRole.Priority;
            case "timezone":
                return ColumnRole.TimeZone;
            case "externalid" or "id":
                return ColumnRole.ExternalId;
            case "region":
                return ColumnRole.Region;
        }
        var words = Words(name);
        var named = words.Where(word => !char.IsAsciiDigit(word[0])).ToList();
        if (named.Count == 0)
            return ColumnRole.Attribute;
        var phone = named.Exists(Phone.Contains);
        var country = named.Exists(CountryWords.Contains);
        if (IsCallingCode(named, phone, country))
            return ColumnRole.Region;
        if (country && named.TrueForAll(word => CountryWords.Contains(word) || CountryForms.Contains(word)))
            return ColumnRole.Country;
        if (country && named.TrueForAll(word => CountryWords.Contains(word) || CountryForms.Contains(word) || Address.Contains(word)))
            return ColumnRole.AddressCountry;
        return named.TrueForAll(IsAboutPhones) && (phone || named.TrueForAll(Weak.Contains)
            || named is ["contact", "number" or "no" or "num" or "nr"])
            ? ColumnRole.Number : ColumnRole.Attribute;
    }

    /// <summary>Which of several telephones is tried first: the lowest. Those with the same are tried in the order of their columns.</summary>
    public static int RankOf(string name)
    {
        if (Array.IndexOf(Plain, Key(name)) is >= 0 and var at)
            return at;
        var words = Words(name);
        return words.Exists(Firm.Contains) ? 18
            : words.Exists(Other.Contains) ? 16
            : words.Exists(Work.Contains) ? 14
            : words.Exists(Home.Contains) ? 12
            : words.Exists(First.Contains) ? 8
            : words.Exists(Mobile.Contains) ? 10
            : 9;
    }

    /// <summary>A number that is a telephone's only where nothing else is.</summary>
    public static bool IsWeak(string name) => Words(name).TrueForAll(word => char.IsAsciiDigit(word[0]) || Weak.Contains(word));

    private static bool IsAboutPhones(string word) => Phone.Contains(word) || Around.Contains(word) || First.Contains(word) || Home.Contains(word)
        || Work.Contains(word) || Other.Contains(word) || Firm.Contains(word);

    /// <summary>
    /// The code, or the country, of the telephone itself: <c>phone_code</c>, <c>ISD code</c>, <c>Country calling code</c>, <c>Phone
    /// country</c>.
    /// </summary>
    private static bool IsCallingCode(List<string> named, bool phone, bool country) =>
        named.TrueForAll(word => IsAboutPhones(word) || Code.Contains(word) || CountryWords.Contains(word) || CountryForms.Contains(word))
        && (named is ["isd" or "idd"]
            || (named.Exists(word => word is "calling" or "dial" or "dialing" or "dialling" or "isd" or "idd")
                && (country || named.Contains("code") || named.Contains("prefix")))
            || (phone && (country || named.Contains("region") || (named.Contains("code") && !named.Contains("std"))))
            || (named.Contains("prefix") && (country || named.Exists(word => word is "international" or "intl")))
            || (named.Contains("code") && named.Exists(word => word is "international" or "intl")));

    /// <summary>Letters and digits in small letters: what does not depend on how words are parted.</summary>
    private static string Key(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    /// <summary>The words of a name: parted by anything that is no letter, by digits, and where <c>camelCase</c> goes on.</summary>
    private static List<string> Words(string name)
    {
        var parted = new StringBuilder();
        name = name.Replace("WhatsApp", "whatsapp", StringComparison.Ordinal);   // one word, whatever its capitals
        for (var at = 0; at < name.Length; at++)
        {
            var letter = name[at];
            var before = at == 0 ? ' ' : name[at - 1];
            if (letter is '\'' or '’')
                continue;
            if ((char.IsUpper(letter) && (char.IsLower(before) || (char.IsUpper(before) && at + 1 < name.Length && char.IsLower(name[at + 1]))))
                || (char.IsDigit(letter) != char.IsDigit(before) && char.IsLetterOrDigit(letter) && char.IsLetterOrDigit(before)))
                parted.Append(' ');
            parted.Append(char.IsLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : ' ');
        }
        var words = parted.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries).ToList();
        // Glued again where the digits belong to the word: E.164, ISO 3166-1 alpha-2.
        for (var at = 0; at + 1 < words.Count; at++)
        {
            if ((words[at] is "e" && words[at + 1] is "164") || (words[at] is "iso" or "alpha" && words[at + 1] is "2" or "3" or "3166"))
            {
                words[at] = words[at + 1] is "3166" ? "iso" : words[at] + words[at + 1];
                words.RemoveAt(at + 1);
            }
        }
        return words;
    }

    private static FrozenSet<string> Set(string words) => words.Split(' ').ToFrozenSet();
}
