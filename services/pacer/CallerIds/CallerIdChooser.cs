namespace Outdial.Pacer.CallerIds;

/// <summary>How much a caller ID has been used.</summary>
/// <param name="Today">Attempts since midnight of the account's day.</param>
/// <param name="Open">Attempts that are not over.</param>
internal sealed record CallerIdUse(int Today, int Open);

/// <summary>
/// Picks our number of the lead's circle, else a default one, else one of no circle, else any, within the number's own limits and the purposes it may
/// serve: a number of another circle is better than no call. The least used today goes first, ties by number: the same inputs give the same choice.
/// </summary>
internal sealed class CallerIdChooser
{
    private readonly string _purpose;
    private readonly List<CallerId> _all, _numbers;
    private readonly Dictionary<string, CallerIdUse> _use;

    /// <param name="numbers">The numbers of the account.</param>
    /// <param name="only">The campaign's own selection; null: all.</param>
    public CallerIdChooser(IEnumerable<CallerId> numbers, IReadOnlyDictionary<string, CallerIdUse> use, string purpose, IReadOnlyList<string>? only)
    {
        _purpose = purpose;
        _all = [.. numbers];
        _numbers = [.. _all.Where(n => IsAllowed(n, purpose, only))];
        _use = new(use);
    }

    /// <summary>The number for a lead of this circle; null when limits or purpose forbid every number.</summary>
    public CallerId? Choose(string? circle) =>
        Pick(n => circle is not null && n.Circle == circle) ?? Pick(n => n.IsDefault) ?? Pick(n => n.Circle is null) ?? Pick(_ => true);

    /// <summary>Counts one use more.</summary>
    public void Take(CallerId chosen) => _use[chosen.Number] = new(Of(chosen).Today + 1, Of(chosen).Open + 1);

    /// <summary>Chooses a number and counts the use.</summary>
    public CallerId? Take(string? circle)
    {
        var chosen = Choose(circle);
        if (chosen is not null)
            Take(chosen);
        return chosen;
    }

    /// <summary>Whether the number may be shown at all.</summary>
    /// <param name="only">As above.</param>
    public static bool IsAllowed(CallerId number, string purpose, IReadOnlyList<string>? only) =>
        number.Enabled && number.Purposes.Contains(purpose) && (only is null || only.Contains(number.Number));

    /// <summary>Why <see cref="Choose"/> found none, and whether that passes by itself.</summary>
    public (string Text, bool Passes) WhyNone()
    {
        if (_all.Count == 0)
        {
            return ("The account has no caller IDs: add them with PUT /api/v1/caller-ids, or take the provider's with POST /api/v1/caller-ids/sync.",
                false);
        }
        if (_numbers.Count > 0)
        {
            var usedUp = _numbers.Count(IsUsedUp);
            return (_numbers.Count == 1
                ? $"The one number of ours that may be shown had all its calls {(usedUp == 1 ? "of today" : "at once")}."
                : $"Of the {_numbers.Count} numbers of ours that may be shown each is at a limit: {usedUp} had all their calls of today, "
                    + $"{_numbers.Count - usedUp} all their calls at once.", true);
        }
        var enabled = _all.Where(n => n.Enabled).ToList();
        return (enabled switch
        {
            [] => "All caller IDs of the account are switched off.",
            _ when !enabled.Exists(n => n.Purposes.Contains(_purpose)) => $"No caller ID of the account may be shown for the purpose {_purpose}.",
            _ => "None of the campaign's own selection of caller IDs is one of the account that is switched on and may be shown for the purpose "
                + $"{_purpose}.",
        }, false);
    }

    private CallerId? Pick(Func<CallerId, bool> fits) => _numbers
        .Where(n => fits(n) && HasRoom(n)).OrderBy(n => Of(n).Today).ThenBy(n => n.Number, StringComparer.Ordinal).FirstOrDefault();

    private bool HasRoom(CallerId number) =>
        !IsUsedUp(number) && (number.MaxConcurrent is not { } open || Of(number).Open < open);

    private bool IsUsedUp(CallerId number) => Of(number).Today >= number.MaxPerDay;

    private CallerIdUse Of(CallerId number) => _use.GetValueOrDefault(number.Number) ?? new(0, 0);
}
