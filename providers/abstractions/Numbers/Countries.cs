using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using NodaTime.TimeZones;

namespace Outdial.Providers;

/// <summary>Countries as people, lists and dialers write them: codes of two and three letters, English names, calling codes.</summary>
public static class Countries
{
    /// <summary>ISO 3166's two letters and its three.</summary>
    private const string Codes =
        """
        ACASC TATAA ADAND AEARE AFAFG AGATG AIAIA ALALB AMARM AOAGO ARARG ASASM ATAUT AUAUS AWABW AXALA AZAZE BABIH BBBRB BDBGD BEBEL BFBFA BGBGR
        BHBHR BIBDI BJBEN BLBLM BMBMU BNBRN BOBOL BQBES BRBRA BSBHS BTBTN BWBWA BYBLR BZBLZ CACAN CCCCK CDCOD CFCAF CGCOG CHCHE CICIV
        CKCOK CLCHL CMCMR CNCHN COCOL CRCRI CUCUB CVCPV CWCUW CXCXR CYCYP CZCZE DEDEU DJDJI DKDNK DMDMA DODOM DZDZA ECECU EEEST EGEGY
        EHESH ERERI ESESP ETETH FIFIN FJFJI FKFLK FMFSM FOFRO FRFRA GAGAB GBGBR GDGRD GEGEO GFGUF GGGGY GHGHA GIGIB GLGRL GMGMB GNGIN
        GPGLP GQGNQ GRGRC GTGTM GUGUM GWGNB GYGUY HKHKG HNHND HRHRV HTHTI HUHUN IDIDN IEIRL ILISR IMIMN ININD IOIOT IQIRQ IRIRN ISISL
        ITITA JEJEY JMJAM JOJOR JPJPN KEKEN KGKGZ KHKHM KIKIR KMCOM KNKNA KPPRK KRKOR KWKWT KYCYM KZKAZ LALAO LBLBN LCLCA LILIE LKLKA
        LRLBR LSLSO LTLTU LULUX LVLVA LYLBY MAMAR MCMCO MDMDA MEMNE MFMAF MGMDG MHMHL MKMKD MLMLI MMMMR MNMNG MOMAC MPMNP MQMTQ MRMRT
        MSMSR MTMLT MUMUS MVMDV MWMWI MXMEX MYMYS MZMOZ NANAM NCNCL NENER NFNFK NGNGA NINIC NLNLD NONOR NPNPL NRNRU NUNIU NZNZL OMOMN
        PAPAN PEPER PFPYF PGPNG PHPHL PKPAK PLPOL PMSPM PRPRI PSPSE PTPRT PWPLW PYPRY QAQAT REREU ROROU RSSRB RURUS RWRWA SASAU SBSLB
        SCSYC SDSDN SESWE SGSGP SHSHN SISVN SJSJM SKSVK SLSLE SMSMR SNSEN SOSOM SRSUR SSSSD STSTP SVSLV SXSXM SYSYR SZSWZ TCTCA TDTCD
        TGTGO THTHA TJTJK TKTKL TLTLS TMTKM TNTUN TOTON TRTUR TTTTO TVTUV TWTWN TZTZA UAUKR UGUGA USUSA UYURY UZUZB VAVAT VCVCT VEVEN
        VGVGB VIVIR VNVNM VUVUT WFWLF WSWSM YEYEM YTMYT ZAZAF ZMZMB ZWZWE XKXKX
        """;

    /// <summary>Names beside those of the time zone database: official ones, short ones, and a few that countries have for themselves.</summary>
    private const string OtherNames =
        """
        AC: Ascension Island; Ascension
        AE: Emirates; UAE
        AS: American Samoa
        AT: Österreich
        AX: Åland
        BA: Bosnia
        BE: Belgique; Belgien; België
        BN: Brunei Darussalam
        BO: Plurinational State of Bolivia
        BQ: Bonaire; Caribbean Netherlands; Bonaire Sint Eustatius and Saba
        BR: Brasil
        CD: Democratic Republic of the Congo; DR Congo; DRC; Congo Kinshasa
        CF: Central African Republic
        CG: Congo; Republic of the Congo; Congo Brazzaville
        CH: Schweiz; Suisse; Svizzera
        CI: Ivory Coast
        CN: People's Republic of China; PRC; Mainland China
        CV: Cabo Verde
        CZ: Czechia; Česko
        DE: Deutschland; Federal Republic of Germany
        DK: Danmark
        DO: República Dominicana
        EG: Arab Republic of Egypt
        ES: España
        FI: Suomi
        FK: Falkland Islands; Falkland Islands Malvinas
        FM: Federated States of Micronesia
        GB: United Kingdom; UK; Great Britain; England; Scotland; Wales; Northern Ireland; United Kingdom of Great Britain and Northern Ireland
        GM: Gambia
        GR: EL; Hellas
        HK: Hong Kong SAR; Hongkong; Hong Kong SAR China
        IE: Republic of Ireland; Eire
        IN: Bharat; Republic of India; Hindustan
        IR: Islamic Republic of Iran
        IT: Italia
        KG: Kyrgyz Republic
        KP: North Korea; Democratic People's Republic of Korea; DPRK
        KR: South Korea; Republic of Korea; Korea
        LA: Lao People's Democratic Republic; Lao PDR
        LY: Libyan Arab Jamahiriya
        MD: Republic of Moldova
        MF: Saint Martin
        MK: Macedonia; FYROM; The former Yugoslav Republic of Macedonia
        MM: Myanmar; Burma
        MO: Macao; Macau SAR; Macao SAR China
        MX: México
        NL: Holland; The Netherlands; Nederland
        NO: Norge
        NZ: Aotearoa
        PA: Panamá
        PE: Perú
        PH: The Philippines; Pilipinas
        PL: Polska
        PS: State of Palestine; Palestinian Territories; Palestinian Territory
        RU: Russian Federation
        SA: Kingdom of Saudi Arabia; KSA
        SE: Sverige
        SG: Republic of Singapore
        SH: Saint Helena Ascension and Tristan da Cunha
        SK: Slovak Republic
        SX: Sint Maarten
        SY: Syrian Arab Republic
        SZ: Eswatini; Swaziland
        TA: Tristan da Cunha
        TC: Turks and Caicos Islands; Turks and Caicos
        TL: Timor-Leste
        TR: Türkiye
        TW: Taiwan Province of China; Taiwan ROC
        TZ: United Republic of Tanzania
        US: United States of America; America; US of A; Estados Unidos; EEUU
        VA: Holy See; Holy See Vatican City State
        VC: Saint Vincent and the Grenadines
        VE: Bolivarian Republic of Venezuela
        VG: British Virgin Islands; Virgin Islands British; BVI
        VI: US Virgin Islands; Virgin Islands US; USVI
        VN: Viet Nam
        WS: Samoa
        XK: Kosovo
        ZA: RSA; Republic of South Africa
        """;

    private static readonly Dictionary<char, char> Accents =
        "ÁA ÀA ÂA ÃA ÄA ÅA ÇC ČC ÉE ÈE ÊE ËE ÍI ÌI ÎI ÏI İI ÑN ÓO ÒO ÔO ÕO ÖO ØO ŠS ÚU ÙU ÛU ÜU ÝY"
        .Split(' ').ToDictionary(pair => pair[0], pair => pair[1]);

    private static readonly Dictionary<string, string> Written = new()
    {
        ["ST"] = "SAINT",
        ["REP"] = "REPUBLIC",
        ["DEM"] = "DEMOCRATIC",
        ["IS"] = "ISLANDS",
        ["TERR"] = "TERRITORIES",
    };

    private static readonly TzdbDateTimeZoneSource Zones = TzdbDateTimeZoneSource.Default;

    private static readonly FrozenDictionary<string, string> OfZones =
        Zones.ZoneLocations!.ToFrozenDictionary(zone => zone.ZoneId, zone => zone.CountryCode);

    private static readonly FrozenDictionary<string, string> Words = Codes.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        .SelectMany(code => new (string Word, string Region)[] { (code[..2], code[..2]), (code[2..], code[..2]) })
        .Concat(OtherNames.Split('\n').Select(line => line.Trim()).SelectMany(line => line[4..].Split(';').Select(name => (Key(name), line[..2]))))
        .Concat(Zones.ZoneLocations!.Select(zone => (Key(zone.CountryName), zone.CountryCode)))
        .Select(word => (Word: word.Item1, Region: word.Item2))
        .Where(word => PhoneNumber.Regions.Contains(word.Region))
        .DistinctBy(word => word.Word)
        .ToFrozenDictionary(word => word.Word, word => word.Region);

    /// <summary>What a person should have written in a column.</summary>
    public const string Expected = "a country as ISO 3166 writes it, such as IN or IND, by its English name, or by its calling code, such as 91";

    /// <summary>The country in which a zone lies, as an ISO 3166 code; null for one that lies in none, such as UTC, and for no zone.</summary>
    public static string? OfZone(string? zone) =>
        zone is null ? null
        : OfZones.GetValueOrDefault(zone)
            ?? (Zones.CanonicalIdMap.TryGetValue(zone, out var canonical) ? OfZones.GetValueOrDefault(canonical) : null);

    /// <summary>The zone of a country in which most of its people live; null for no country, and for one that has none.</summary>
    /// <remarks>The time zone database names those of a country in that order.</remarks>
    public static string? FirstZone(string? region) => Zones.ZoneLocations!.FirstOrDefault(zone => zone.CountryCode == region)?.ZoneId;

    /// <summary>The country of a name or code: <c>GB</c>, <c>GBR</c>, <c>U.K.</c>, <c>United Kingdom (UK)</c>; null when it is none.</summary>
    public static string? Find(string? text)
    {
        if (text is null || text.Length > 100 || text.Any(char.IsDigit))
            return null;
        if (Words.TryGetValue(Key(text), out var region))
            return region;
        if (text.Split(',') is [var name, var form] && Words.TryGetValue(Key($"{form} {name}"), out region))   // Korea, Republic of
            return region;
        var parts = text.Split(['(', ')', '-', '–', '/', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var found = parts.Select(part => Words.GetValueOrDefault(Key(part))).Distinct().ToList();
        return parts.Length > 1 && found.Count == 1 ? found[0] : null;
    }

    /// <summary>The country, or one of those, of a calling code: <c>91</c>, <c>+44</c>, <c>0044</c>, <c>1-868</c>; null when it is none.</summary>
    public static string? OfCallingCode(string? text)
    {
        var plain = WrittenNumber.Plain(text);
        if (plain.EndsWith(".0", StringComparison.Ordinal))
            plain = plain[..^2];
        if (plain.Any(letter => !char.IsDigit(letter) && letter is not ('+' or '＋' or '-' or ' ' or '(' or ')')))
            return null;
        var digits = string.Concat(plain.Where(char.IsDigit).Select(digit => (char)('0' + (int)char.GetNumericValue(digit))));
        digits = (digits.StartsWith("011", StringComparison.Ordinal) ? digits[3..] : digits).TrimStart('0');
        if (digits.Length is 0 or > 4)
            return null;
        if (digits is ['1', _, _, _])
            return NorthAmerican(digits[1..]);
        var code = int.Parse(digits, CultureInfo.InvariantCulture);
        return PhoneNumber.Util.GetRegionCodeForCountryCode(code) is { } region && PhoneNumber.Regions.Contains(region) ? region : null;
    }

    /// <summary>A country as one column of a list has it, in words, as a code, or both: <c>India (+91)</c>; null when it is none, or two.</summary>
    public static string? Read(string? text)
    {
        if (text is null || text.Length > 100)
            return null;
        if (Find(text) is { } named)
            return named;
        if (OfCallingCode(text) is { } called)
            return called;
        var words = string.Concat(text.Where(letter => !char.IsDigit(letter) && letter is not '+'));
        var code = string.Concat(text.Where(letter => char.IsDigit(letter) || letter is '+' or '-'));
        return Find(words) is { } country && OfCallingCode(code.Trim('-')) is { } other
            && PhoneNumber.Util.GetCountryCodeForRegion(country) == PhoneNumber.Util.GetCountryCodeForRegion(other) ? country : null;
    }

    /// <summary>Whether a number (E.164), or a country's numbers, have the calling code of a region: the United States and Canada have one.</summary>
    public static bool Share(string numberOrRegion, string region) => numberOrRegion.StartsWith('+')
        ? PhoneNumber.IsUnder(numberOrRegion, region)
        : PhoneNumber.Util.GetCountryCodeForRegion(numberOrRegion) == PhoneNumber.Util.GetCountryCodeForRegion(region);

    /// <summary>The country of an area code under +1; null where nobody has it.</summary>
    private static string? NorthAmerican(string area)
    {
        var number = new PhoneNumbers.PhoneNumber.Builder().SetCountryCode(1)
            .SetNationalNumber(ulong.Parse(area + "2345678", CultureInfo.InvariantCulture)).Build();
        return PhoneNumber.Util.GetRegionCodeForNumber(number) is { } region && PhoneNumber.Regions.Contains(region) ? region : null;
    }

    /// <summary>Letters alone, in capitals and without their accents; small words left out and abbreviated ones written out.</summary>
    private static string Key(string text)
    {
        var letters = new StringBuilder();
        foreach (var letter in text.ToUpperInvariant())
        {
            if (letter is '\'' or '’' or '.')
                continue;   // U.S., People's
            letters.Append(Accents.GetValueOrDefault(letter, char.IsLetter(letter) ? letter : ' '));
        }
        var words = letters.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 1   // which may be a code
            ? words[0]
            : string.Concat(words.Where(word => word is not ("THE" or "AND" or "OF")).Select(word => Written.GetValueOrDefault(word, word)));
    }
}
