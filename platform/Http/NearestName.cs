namespace Outdial.Platform;

/// <summary>What somebody may have meant who wrote a name that there is not.</summary>
public static class NearestName
{
    private const int MostNamed = 60;

    /// <summary>In words that finish "expected …".</summary>
    /// <param name="kind">What the names are of, in the plural.</param>
    public static string Expected(string written, string kind, IReadOnlyCollection<string> known)
    {
        if (known.Count == 0)
            return $"nothing: there are no {kind} here";
        var names = string.Join(", ", known.Take(MostNamed)) + (known.Count > MostNamed ? ", …" : "");
        return $"one of the {kind} {names}{(Of(written, known) is { } nearest ? $"; nearest: {nearest}" : "")}";
    }

    /// <summary>The known name that takes the fewest changed letters, whatever their case; null: none is near.</summary>
    public static string? Of(string written, IEnumerable<string> known)
    {
        var text = written.ToUpperInvariant();
        return text.Length > 100 ? null : known.Select(name => (Name: name, Letters: Distance(text, name.ToUpperInvariant())))
            .Where(each => each.Letters <= Math.Max(1, Math.Max(text.Length, each.Name.Length) / 2)).OrderBy(each => each.Letters)
            .Select(each => each.Name).FirstOrDefault();
    }

    /// <summary>How many letters are to be put in, taken out, changed, or changed with their neighbour.</summary>
    private static int Distance(string left, string right)
    {
        var rows = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
            rows[i, 0] = i;
        for (var j = 0; j <= right.Length; j++)
            rows[0, j] = j;
        for (var i = 1; i <= left.Length; i++)
        {
            for (var j = 1; j <= right.Length; j++)
            {
                var changed = rows[i - 1, j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                rows[i, j] = Math.Min(changed, Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }
        return rows[left.Length, right.Length];
    }
}
