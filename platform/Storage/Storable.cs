namespace Outdial.Platform;

/// <summary>Texts that came from outside, as a column of the database can hold them.</summary>
public static class Storable
{
    private const char Replacement = '\uFFFD';

    /// <summary>
    /// The text with U+FFFD in place of what PostgreSQL's <c>text</c> refuses: the character U+0000, and halves of surrogate pairs, which no UTF-8
    /// has.
    /// </summary>
    public static string Text(string text)
    {
        var at = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF');
        if (at < 0 && !text.Contains('\0'))
            return text;
        return string.Create(text.Length, text, static (clean, text) =>
        {
            for (var i = 0; i < text.Length; i++)
            {
                if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                    (clean[i], clean[i + 1]) = (text[i], text[++i]);
                else
                    clean[i] = text[i] == '\0' || char.IsSurrogate(text[i]) ? Replacement : text[i];
            }
        });
    }
}
