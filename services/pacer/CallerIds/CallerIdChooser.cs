namespace Outdial.Pacer.CallerIds;

/// <summary>How much a caller ID has been used.</summary>
/// <param name="Today">Attempts since midnight of the account's day.</param>
/// <param name="Open">Attempts that are not over.</param>
public sealed record CallerIdUse(int Today, int Open);

/// <summary>
/// Picks our number of the lead's circle, else a default one, within the number's own limits and the purposes it may serve.
/// The least used today goes first, ties by number: the same inputs give the same choice.
/// </summary>
public sealed class CallerIdChooser
{
    private readonly List<CallerId> _numbers;
    private readonly Dictionary<string, CallerIdUse> _use;

    /// <param name="numbers">The numbers of the account.</param>
    /// <param name="only">The campaign's own selection; null: all.</param>
    public CallerIdChooser(IEnumerable<CallerId> numbers, IReadOnlyDictionary<string, CallerIdUse> use, string purpose, IReadOnlyList<string>? only)
    {
        _numbers = [.. numbers.Where(n => n.Enabled && n.Purposes.Contains(purpose) && (only is null || only.Contains(n.Number)))];
        _use = new(use);
    }

    /// <summary>Takes a number for a lead of this circle, counting the use; null when limits or purpose forbid every number.</summary>
    public CallerId? Take(string? circle)
    {
        var chosen = Pick(n => circle is not null && n.Circle == circle) ?? Pick(n => n.IsDefault) ?? Pick(n => n.Circle is null);
        if (chosen is not null)
            _use[chosen.Number] = new(Of(chosen).Today + 1, Of(chosen).Open + 1);
        return chosen;
    }

    private CallerId? Pick(Func<CallerId, bool> fits) => _numbers
        .Where(n => fits(n) && HasRoom(n)).OrderBy(n => Of(n).Today).ThenBy(n => n.Number, StringComparer.Ordinal).FirstOrDefault();

    private bool HasRoom(CallerId number) =>
        (number.MaxPerDay is not { } day || Of(number).Today < day) && (number.MaxConcurrent is not { } open || Of(number).Open < open);

    private CallerIdUse Of(CallerId number) => _use.GetValueOrDefault(number.Number) ?? new(0, 0);
}
