using System.Globalization;
using System.IO.Compression;
using System.Security;
using System.Text;

namespace Outdial.Pacer.Tests.Leads.Import;

/// <summary>A cell that is shown in a format of its own.</summary>
internal sealed record Shown(double Value, string Format);

/// <summary>A sheet of a workbook.</summary>
/// <param name="Rows">Texts, numbers, true or false, <see cref="Shown"/> numbers, null for an empty cell. A null row is not in the file.</param>
internal sealed record TestSheet(string Name, params object?[]?[] Rows)
{
    public string State { get; init; } = "visible";
}

/// <summary>Workbooks as spreadsheet programs save them.</summary>
internal static class Workbooks
{
    public static byte[] Of(params object?[]?[] rows) => Of(new TestSheet("Leads", rows));

    public static byte[] Of(params TestSheet[] sheets)
    {
        List<string> shared = [], formats = [];
        var parts = sheets.Select((sheet, at) => ($"xl/worksheets/sheet{at + 1}.xml", Sheet(sheet, shared, formats))).ToList();
        return Zip([
            ("[Content_Types].xml", """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"""),
            ("_rels/.rels", Relations([("rId1", "officeDocument", "xl/workbook.xml")])),
            ("xl/workbook.xml", $"""
                <workbook xmlns="{Main}" xmlns:r="{Office}"><sheets>{string.Concat(sheets.Select((sheet, at) =>
                    $"<sheet name=\"{sheet.Name}\" sheetId=\"{at + 1}\" state=\"{sheet.State}\" r:id=\"rId{at + 1}\"/>"))}</sheets></workbook>
                """),
            ("xl/_rels/workbook.xml.rels", Relations([
                .. sheets.Select((_, at) => ($"rId{at + 1}", "worksheet", $"worksheets/sheet{at + 1}.xml")), ("rIdS", "sharedStrings", "sharedStrings.xml"),
                ("rIdF", "styles", "styles.xml")])),
            ("xl/sharedStrings.xml", $"<sst xmlns=\"{Main}\">{string.Concat(shared.Select(text => $"<si><t xml:space=\"preserve\">{SecurityElement.Escape(text)}</t></si>"))}</sst>"),
            ("xl/styles.xml", $"""
                <styleSheet xmlns="{Main}"><numFmts>{string.Concat(formats.Select((format, at) =>
                    $"<numFmt numFmtId=\"{200 + at}\" formatCode=\"{SecurityElement.Escape(format)}\"/>"))}</numFmts>
                <cellXfs><xf numFmtId="0"/>{string.Concat(formats.Select((_, at) => $"<xf numFmtId=\"{200 + at}\" applyNumberFormat=\"1\"/>"))}</cellXfs></styleSheet>
                """),
            .. parts,
        ]);
    }

    public static byte[] Zip(params IEnumerable<(string Name, string Text)> parts)
    {
        var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, text) in parts)
            {
                using var part = new StreamWriter(zip.CreateEntry(name).Open());
                part.Write(text);
            }
        }
        return bytes.ToArray();
    }

    public static byte[] Packed(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
            gzip.Write(bytes);
        return packed.ToArray();
    }

    public static byte[] Packed(string text) => Packed(Encoding.UTF8.GetBytes(text));

    /// <summary>A number, a text, a date and a mistake in a formula, as a spreadsheet of 2003 saves them, with a blank row after the first.</summary>
    public static byte[] Old()
    {
        using var packed = new GZipStream(new MemoryStream(Convert.FromBase64String(OldPacked)), CompressionMode.Decompress);
        var bytes = new MemoryStream();
        packed.CopyTo(bytes);
        return bytes.ToArray();
    }

    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private const string Office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    private static string Relations(IEnumerable<(string Id, string Type, string Target)> relations) =>
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
        + string.Concat(relations.Select(each => $"<Relationship Id=\"{each.Id}\" Type=\"{Office}/{each.Type}\" Target=\"{each.Target}\"/>")) + "</Relationships>";

    private static string Sheet(TestSheet sheet, List<string> shared, List<string> formats) =>
        $"<worksheet xmlns=\"{Main}\"><sheetData>" + string.Concat(sheet.Rows.Select((cells, row) => cells is null ? ""
            : $"<row r=\"{row + 1}\">{string.Concat(cells.Select((value, column) => Cell($"{(char)('A' + column)}{row + 1}", value, shared, formats)))}</row>"))
        + "</sheetData></worksheet>";

    private static string Cell(string at, object? value, List<string> shared, List<string> formats) => value switch
    {
        null => "",
        string text => $"<c r=\"{at}\" t=\"s\"><v>{Index(shared, text)}</v></c>",
        bool truth => $"<c r=\"{at}\" t=\"b\"><v>{(truth ? 1 : 0)}</v></c>",
        Shown shown => string.Create(CultureInfo.InvariantCulture, $"<c r=\"{at}\" s=\"{Index(formats, shown.Format) + 1}\"><v>{shown.Value:R}</v></c>"),
        IFormattable number => $"<c r=\"{at}\"><v>{number.ToString("R", CultureInfo.InvariantCulture)}</v></c>",
        _ => throw new ArgumentException("no cell", nameof(value)),
    };

    private static int Index(List<string> list, string text)
    {
        if (!list.Contains(text))
            list.Add(text);
        return list.IndexOf(text);
    }

    private const string OldPacked =
          "H4sIAAAAAAACA+1XXYxTRRT+ZnpLbxe22+12QRbdvbYQum2t22VXFwluIRhjgrJB/IlCli6tWYLbkmV5IDGx/uCTJhgefCExJPhgCD9qIg8QAm8+YCAaYvRp"
        + "4cEXX9RoIgn2eubcud3b0jVbYkiEnZv5++acM2fOnJk599rVztnjX/TcQEPaAB+qdhBLPJjwEoTBYwqr2ratoABlezH9r9J2lOmbgYVnUKJ6GofQSloOv3Bl"
        + "yQXyKJ/JBZ32KzT7NPZhgvXYh1ZTBFJ417NQvg8CTu3HiziIKfryvPbnyApvsE4KmcFeapf+RU6C5lfr8WnfX8jcfZR3wJ1/C82wh3Uo8g60ps/IXaz/Ucq/"
        + "6nbQVAfZj+/DVwKb4JzpG5A4a1yG2s+blHdiPwxgulyese5V2sw65IXSYSOXxwgJYSVrFeGyi8szPHrBoaSRSRESO5+6GB/RvvaqzDHdR1zGuAxRKXCOeX5i"
        + "JItufKP28O0jwt2ZTdN782/+hwO9Rg81u0mJ1bF4Oh4fGO/fkHDb/b1GH1m/p2709e3Fwi4viUWX7Ko5ksxAnQzqEs0amHScG2jqJTmEaSSxFhhPJC13QtVO"
        + "OJNxO/ZYjNHcONEPox8Dip7EeFm4O8fF3TrGjUiTo9YxOlrV8SqlPOyjo3MChpDC4x5NXe4G1jv4OnACbUChkJmayhyiNIso78iftuU5EJcshQsX/2NhuGwR"
        + "xwOICzSzc8qh/6sR758HT8+DJ+fBg01xkDO4+piGaSj8qDQQrvhsVXdWlnAdqRhcd1UCXKMCrqMVv72br4zDaMcpv3OytxbzhQMf0v0o6DstuDZW0BF0o6Xb"
        + "GIafSTnvnyyXiiS0lJ8q0qNROKjK18q/dACp9Vlr/ciTTwxbQ+sGs1mbXNdEiXiWEWtb7bIO43z7lcBlfVkvldGafQ1dr6PHrZ2vuGVUFtDB7U72zDDJvP35"
        + "b989PzE2Os54kvEUl+8yUiEaN61RFoCNd2jEEGouusDwHlO/z+VxulQFzSL4k0iLtF777KhbC7xEIyRVhjyaqkfTlGHd1m+X6GBMNsEUvfRgf7NVQOtTyekJ"
        + "6olaT/LaSZIMca0ox85VinKzGpdM7auNS14bbfhnP+fUuI85lK5+aVJPUSfFDzTyJT/9SQziaRnB1xwl5zye/oiW64maJ8wo5TmSKJvV2di7j9+qJMJok01j"
        + "rNnDn/5+a9tk+OTHJlJrv/qR7m6s1mMRJ4TnWER55gsYwzaKNtCiNvPNrxB5/dvrxzKrwkc/ofnTt05vUXM1YFuVC2ieEx4XTmg9Z7Sst7S7HHFla8s9y1FT"
        + "keIjFR2pOMmhizQds/Ay9w/U4igl56zR3A59+ogNIoMhytn78P9GaBv4tO39es0BvS9BbeelcK6hdo6enIOk/KdT27pLe3Q3/xMAKyg/RHklZYppVNCCh/lg"
        + "AL36n9HSdYzquPbN6uIv2T1NVf3f5t3/qsYX9+L+T/8AfWiN4QASAAA=";
}
