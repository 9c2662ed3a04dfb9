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
        + "móvil handy handynummer téléphone");

    private static readonly FrozenSet<string> Mobile = Set(
        "mobile mob cell cellphone cellular mobilenumber mobileno mobilephone handphone gsm celular movil móvil handy handynummer");

    private static readonly FrozenSet<string> First = Set("primary main default preferred");
    private static readonly FrozenSet<string> Home = Set("home homephone personal private residence residential res evening");
    private static readonly FrozenSet<string> Work = Set("business work office direct daytime day");
    private static readonly FrozenSet<string> Other = Set("other alt alternate alternative secondary whatsapp additional");
    private static readonly FrozenSet<string> Firm = Set("company corporate organization organisation");

    private static readonly FrozenSet<string> Around = Set(
        "number numbers no nos num nr value e164 contact person customer client lead user member subscriber");

    private static readonly FrozenSet<string> Code = Set(
        "code código codigo calling dial dialing dialling isd idd cc std prefix prefijo intl international access");

    /// <summary>Of countries, whatever else is in the name: calling codes.</summary>
    private static readonly FrozenSet<string> Dialed = Set(
        "indicatif ländervorwahl laendervorwahl landesvorwahl landesvorwahlnummer länderkennzahl landeskennzahl");

    private static readonly FrozenSet<string> CountryWords = Set("country countries ctry nation land país pais pays paese ländercode länderkürzel");
    private static readonly FrozenSet<string> CountryForms = Set(
        "code código codigo region name iso iso2 iso3 alpha alpha2 alpha3 abbreviation of de del du");

    private static readonly FrozenSet<string> Address = Set(
        "mailing billing shipping home business work office other address postal post street permanent residence residential company person contact "
        + "customer client lead primary location site delivery legal registered current company corporate");

    private static readonly FrozenSet<string> DoNotCall = Set(
        "do not dont call calls calling contact contacts disturb dnc dnd ndnc ncpr opt opted out optout optedout "
        + "unsubscribed unsubscribe from of has is all "
        + "any flag status registry registered list date time at on since allow c");

    /// <summary>
    /// Words of which glued names are made: <c>COUNTRYCODE</c>, <c>workphone</c>. Those that are parts of many others are left out.
    /// </summary>
    private static readonly FrozenSet<string> Glued = new[] { Phone, First, Home, Work, Other, Firm, Around, Code, CountryForms, Address }
        .SelectMany(words => words)
        .Concat(["country", "countries", "ctry", "area", "do", "not", "call", "calls", "disturb", "has", "opt", "opted", "out", "unsubscribed",
            "from"])
        .Except(["de", "del", "du", "e164", "cc", "res", "day", "alt"]).ToFrozenSet();

    private static readonly FrozenSet<string> Known = Glued.Concat(Code).Concat(Dialed).Concat(CountryWords).Concat(CountryForms).Concat(DoNotCall)
        .ToFrozenSet();

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
        if (IsDoNotCall(named))
            return ColumnRole.DoNotCall;
        if (IsAreaCode(named))
            return ColumnRole.AreaCode;
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

    /// <summary>The name alone is a word that most lists use for a state, or for something else than a country.</summary>
    public static bool IsBareRegion(string name) => Key(name) is "region" or "land";

    /// <summary>It has to do with countries or calling codes, whatever it is.</summary>
    public static bool SpeaksOfCountries(string name)
    {
        var key = Key(name);
        return !key.Contains("name", StringComparison.Ordinal) && new[] { "country", "prefix", "isd", "vorwahl", "indicatif", "país", "prefijo" }
            .Any(word => key.Contains(word, StringComparison.Ordinal)
                && (word != "isd" || Words(name).Contains("isd") || key.EndsWith(word, StringComparison.Ordinal)));
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
        named.TrueForAll(word =>
            IsAboutPhones(word) || Code.Contains(word) || CountryWords.Contains(word) || CountryForms.Contains(word) || Dialed.Contains(word))
        && (named is ["isd" or "idd"]
            || named.Exists(Dialed.Contains)
            || (phone && named.Exists(word => word is "prefix" or "prefijo" or "isd" or "idd" or "cc"))
            || (named.Exists(word => word is "calling" or "dial" or "dialing" or "dialling" or "isd" or "idd")
                && (country || named.Contains("code") || named.Contains("prefix")))
            || (phone && (country || named.Contains("region") || (named.Contains("code") && !named.Contains("std"))))
            || (named.Exists(word => word is "prefix" or "prefijo") && (country || named.Exists(word => word is "international" or "intl")))
            || (named.Contains("code") && named.Exists(word => word is "international" or "intl")));

    /// <summary>
    /// That a person is not to be called: <c>DNC</c>, <c>Phone Opt Out</c>, <c>HasOptedOutOfCall</c>. Of letters and mails it is another matter.
    /// </summary>
    private static bool IsDoNotCall(List<string> named) =>
        named.TrueForAll(word => word != "whatsapp" && (DoNotCall.Contains(word) || Phone.Contains(word) || Around.Contains(word)))
        && (named.Exists(word => word is "dnc" or "dnd" or "ndnc" or "ncpr" or "optout" or "optedout" or "unsubscribed" or "unsubscribe")
            || (named.Contains("out") && named.Exists(word => word is "opt" or "opted"))
            || ((named.Contains("dont") || (named.Contains("do") && named.Contains("not")))
                && named.Exists(word => word is "call" or "calls" or "calling" or "contact" or "disturb" || Phone.Contains(word))));

    /// <summary>What is dialed before a telephone's own number within its country.</summary>
    private static bool IsAreaCode(List<string> named) =>
        named.TrueForAll(word => word is "area" or "std" or "code" or "codes" or "vorwahl" or "ortsvorwahl" || IsAboutPhones(word))
        && (named.Exists(word => word is "vorwahl" or "ortsvorwahl")
            || (named.Contains("code") && named.Exists(word => word is "area" or "std")));

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
        var words = parted.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany(Cut).ToList();
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

    /// <summary>The words that a glued one is made of, where it is made of known ones alone; else itself.</summary>
    private static IReadOnlyList<string> Cut(string word)
    {
        const int longest = 40;
        if (word.Length is < 4 or > longest || Known.Contains(word))
            return [word];
        List<string> parts = [];
        return CutFrom(word, 0, parts) ? parts : [word];
    }

    private static bool CutFrom(string word, int at, List<string> parts)
    {
        if (at == word.Length)
            return true;
        for (var length = word.Length - at; length >= 2; length--)   // the longest word first
        {
            if (parts.Count == 5 || !Glued.Contains(word.Substring(at, length)))
                continue;
            parts.Add(word.Substring(at, length));
            if (CutFrom(word, at + length, parts))
                return true;
            parts.RemoveAt(parts.Count - 1);
        }
        return false;
    }

    private static FrozenSet<string> Set(string words) => words.Split(' ').ToFrozenSet();
}
